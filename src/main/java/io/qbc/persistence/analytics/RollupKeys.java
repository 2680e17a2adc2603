package io.qbc.persistence.analytics;

import io.qbc.ledger.analytics.Breakdown;
import io.qbc.ledger.analytics.Grain;
import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.persistence.store.StoreKeys;
import java.nio.ByteBuffer;

/**
 * Makes the keys of the roll-up and reads the numbers in them: chain ‖ 0 is how far it is; chain ‖ 1 ‖ breakdown ‖ name
 * -> the name's number; chain ‖ 2, 3 or 4 by grain ‖ breakdown ‖ span ‖ name's number -> the tally.
 */
final class RollupKeys {
    static final int TALLY_BYTES = StoreKeys.CHAIN_BYTES + 2 + Long.BYTES + Short.BYTES;
    private static final int NAMES_KIND = 1;
    private static final int MINUTES_KIND = 2;
    private static final int HOURS_KIND = 3;
    private static final int DAYS_KIND = 4;
    private static final int SPAN_AT = StoreKeys.CHAIN_BYTES + 2;
    private static final int NAME_AT = SPAN_AT + Long.BYTES;

    private RollupKeys() {}

    private static int code(Grain grain) {
        return switch (grain) {
            case MINUTE -> MINUTES_KIND;
            case HOUR -> HOURS_KIND;
            case DAY -> DAYS_KIND;
        };
    }

    private static int code(Breakdown by) {
        return switch (by) {
            case NONE -> 0;
            case TYPE -> 1;
            case AUTHOR -> 2;
        };
    }

    static byte[] progress(int chain) {
        return new Encoder(StoreKeys.CHAIN_BYTES + 1).u32(chain).u8(0).toArray();
    }

    /** Before all names of a breakdown. */
    static byte[] names(int chain, Breakdown by) {
        return name(chain, by, Bytes.EMPTY);
    }

    static byte[] name(int chain, Breakdown by, Bytes name) {
        return new Encoder(SPAN_AT + name.size())
                .u32(chain)
                .u8(NAMES_KIND)
                .u8(code(by))
                .raw(name)
                .toArray();
    }

    /** The name in a key that begins as those of {@link #names} do. */
    static Bytes name(byte[] key, int size) {
        return Bytes.wrap(key, SPAN_AT, size - SPAN_AT).detached();
    }

    /** Before all tallies of a span, and of those behind it. */
    static byte[] tallies(int chain, Grain grain, Breakdown by, long span) {
        return tally(chain, new Row(grain, by, span, 0));
    }

    static byte[] tally(int chain, Row row) {
        return new Encoder(TALLY_BYTES)
                .u32(chain)
                .u8(code(row.grain()))
                .u8(code(row.by()))
                .u64(row.span())
                .u8(row.name() >>> Byte.SIZE)
                .u8(row.name() & 0xff)
                .toArray();
    }

    static long span(byte[] key) {
        return StoreKeys.number(key, SPAN_AT);
    }

    static int name(byte[] key) {
        return Short.toUnsignedInt(ByteBuffer.wrap(key).getShort(NAME_AT));
    }

    /**
     * Where a tally stands.
     *
     * @param span the number of the span of time
     * @param name the number of the type or author; 0 for all others, and where nothing is told apart
     */
    record Row(Grain grain, Breakdown by, long span, int name) {}
}
