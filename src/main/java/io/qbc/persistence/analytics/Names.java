package io.qbc.persistence.analytics;

import io.qbc.ledger.analytics.Breakdown;
import io.qbc.model.Bytes;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The types and authors of a chain that are told apart, each with a number from 1: the first that came. All others have
 * the number 0 together, so that no caller can make the roll-up grow by names.
 */
final class Names {
    static final int NAMES_MAX = 250;
    private static final int KEY_BYTES_MAX = 1024;

    private final int chain;
    private final Map<Breakdown, Map<Bytes, Integer>> known = new EnumMap<>(Breakdown.class);
    private final Map<Breakdown, Map<Bytes, Integer>> fresh = new EnumMap<>(Breakdown.class);

    private Names(int chain) {
        this.chain = chain;
    }

    static Names read(Store store, int chain) {
        Names names = new Names(chain);
        for (Breakdown by : new Breakdown[] {Breakdown.TYPE, Breakdown.AUTHOR}) {
            names.known.put(by, read(store, chain, by));
            names.fresh.put(by, new LinkedHashMap<>());
        }
        return names;
    }

    /** The numbers of a breakdown's names. */
    static Map<Bytes, Integer> read(Store store, int chain, Breakdown by) {
        Map<Bytes, Integer> numbers = new HashMap<>();
        byte[] begin = RollupKeys.names(chain, by);
        byte[] key = new byte[KEY_BYTES_MAX];
        try (Store.Scan scan = store.scan(ColumnFamily.ROLLUP)) {
            for (scan.seek(begin); scan.here(); scan.next()) {
                int size = scan.key(key);
                if (size < begin.length || !Arrays.equals(key, 0, begin.length, begin, 0, begin.length)) {
                    break;
                }
                byte[] number = scan.value();
                if (size > key.length || number.length != 1) {
                    throw StoreException.corrupt("a name of the roll-up is damaged");
                }
                numbers.put(RollupKeys.name(key, size), Byte.toUnsignedInt(number[0]));
            }
        }
        return numbers;
    }

    /** The number of a name, which may be a new one. */
    int number(Breakdown by, Bytes name) {
        Map<Bytes, Integer> numbers = known.get(by);
        Integer number = numbers.get(name);
        if (number != null) {
            return number;
        }
        if (numbers.size() >= NAMES_MAX) {
            return 0;
        }
        int next = numbers.size() + 1;
        Bytes kept = name.detached();
        numbers.put(kept, next);
        fresh.get(by).put(kept, next);
        return next;
    }

    /** Gives the rows of the names that are new since they were read. */
    void rows(BiConsumer<byte[], byte[]> row) {
        fresh.forEach((by, numbers) -> numbers.forEach(
                (name, number) -> row.accept(RollupKeys.name(chain, by, name), new byte[] {number.byteValue()})));
    }
}
