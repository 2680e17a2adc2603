package io.qbc.persistence.chain;

import io.qbc.merkle.Frontier;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Header;
import io.qbc.model.LogRange;
import io.qbc.model.Seal;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.StoreException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * A quant as it is stored.
 *
 * @param head its hash, header, and the weight of its branch up to it
 * @param bytes the encoded sizes of its transactions, added up
 * @param keyed how many of them have a scope, which is one of an author and key
 * @param frontier the chain's tree with it
 * @param logRanges where its transactions are in the log, in the quant's order
 * @param stated whether {@link ColumnFamily#STATES} has the engine's state after it; otherwise that state is empty
 * @param finality the height that its engine calls final once it is in the chain; 0 for none behind the genesis quant
 */
public record QuantRecord(
        Head head,
        List<Seal> seals,
        long bytes,
        int keyed,
        Frontier frontier,
        List<LogRange> logRanges,
        boolean stated,
        long finality) {
    private static final int KEY_BYTES_MAX = 255;
    private static final int WEIGHT_BYTES_MAX = 64;
    private static final int STATED = 1;
    private static final int STATED_AND_FINAL = 2;

    public QuantRecord {
        seals = List.copyOf(seals);
        logRanges = List.copyOf(logRanges);
    }

    public Hash hash() {
        return head.hash();
    }

    public Header header() {
        return head.header();
    }

    public long height() {
        return head.height();
    }

    /** The leaf index of its first transaction. */
    public long firstIndex() {
        return header().treeSize() - header().count();
    }

    public byte[] encode() {
        Encoder out = new Encoder(512 + 12 * logRanges.size());
        Canonical.write(out, header());
        out.u32(seals.size());
        seals.forEach(seal -> out.bytes(seal.key()).bytes(seal.signature()));
        out.bytes(Bytes.wrap(head.weight().toByteArray())).u64(bytes).u32(keyed);
        frontier.write(out);
        out.u32(logRanges.size());
        logRanges.forEach(logRange -> out.u64(logRange.from()).u32(logRange.count()));
        if (stated) {
            out.u8(finality > 0 ? STATED_AND_FINAL : STATED);
        }
        if (stated && finality > 0) {
            out.u64(finality);
        }
        return out.toArray();
    }

    /** Reads what {@link #encode} wrote; the header's hash must be the one under which it stands. */
    public static QuantRecord decode(Hash hash, byte[] value) {
        Decoder in = new Decoder(Bytes.wrap(value));
        Header header = Canonical.header(in);
        List<Seal> seals = new ArrayList<>();
        for (int i = in.u32(); i > 0 && !in.failed(); i--) {
            seals.add(new Seal(in.bytes(KEY_BYTES_MAX), in.bytes(KEY_BYTES_MAX)));
        }
        Bytes weight = in.bytes(WEIGHT_BYTES_MAX);
        long bytes = in.u64();
        int keyed = in.u32();
        Frontier frontier = Frontier.read(in);
        List<LogRange> logRanges = new ArrayList<>();
        for (int i = in.u32(); i > 0 && !in.failed(); i--) {
            logRanges.add(new LogRange(in.u64(), in.u32()));
        }
        int state = in.remaining() > 0 ? in.u8() : 0;
        long finality = state == STATED_AND_FINAL ? in.u64() : 0;
        if (!in.complete()
                || weight.isEmpty()
                || state > STATED_AND_FINAL
                || !header.hash().equals(hash)) {
            throw StoreException.corrupt("quant " + hash + " is damaged");
        }
        Head head = new Head(hash, header, new BigInteger(weight.toArray()));
        return new QuantRecord(head, seals, bytes, keyed, frontier, logRanges, state != 0, finality);
    }
}
