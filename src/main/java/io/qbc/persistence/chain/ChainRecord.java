package io.qbc.persistence.chain;

import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.ChainSpec.ForkPoint;
import io.qbc.model.ChainSpec.LeapHints;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.persistence.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** How the registry has a chain: its id and its whole spec, so that a store can be checked without a configuration. */
public final class ChainRecord {
    private static final int DOCUMENT_BYTES_MAX = 1 << 24;
    private static final int NAME_BYTES_MAX = 255;

    private ChainRecord() {}

    public static byte[] encode(ChainSpec spec) {
        Encoder out = new Encoder(512 + spec.document().size());
        out.hash(spec.id())
                .bytes(Bytes.utf8(spec.name()))
                .bytes(Bytes.utf8(spec.description()))
                .u64(spec.genesisTime())
                .bytes(Bytes.utf8(spec.consensus().engine()))
                .u32(spec.consensus().numbers().size());
        spec.consensus()
                .numbers()
                .forEach((name, value) -> out.bytes(Bytes.utf8(name)).u64(value));
        out.u32(spec.consensus().participants().size());
        spec.consensus().participants().forEach(out::bytes);
        out.u32(spec.limits().transactionBytesMax())
                .u32(spec.limits().quantBytesMax())
                .u32(spec.limits().quantTransactionsMax())
                .bytes(spec.document());
        if (!plain(spec)) {
            writeMore(out, spec);
        }
        return out.toArray();
    }

    /** A chain of its own without hints, stakes and data rules has nothing more to say. */
    private static boolean plain(ChainSpec spec) {
        return spec.leap().equals(LeapHints.NONE)
                && spec.consensus().stakes().isEmpty()
                && spec.fork().isEmpty()
                && spec.rules().isEmpty()
                && spec.rulesVersion() == 0;
    }

    private static void writeMore(Encoder out, ChainSpec spec) {
        LeapHints leap = spec.leap();
        out.u64(leap.transactions()).u64(leap.bytes()).u64(leap.ageMs());
        out.u32(spec.consensus().stakes().size());
        spec.consensus().stakes().forEach(out::u64);
        out.bytes(spec.rules()).u32(spec.rulesVersion());
        spec.fork()
                .ifPresent(point -> out.hash(point.chain())
                        .u64(point.height())
                        .hash(point.quant())
                        .u64(point.treeSize())
                        .hash(point.root()));
    }

    /** Reads what {@link #encode} wrote; the spec's id must be the stored one. */
    public static ChainSpec decode(byte[] value) {
        Decoder in = new Decoder(Bytes.wrap(value));
        Hash id = in.hash();
        String name = in.bytes(NAME_BYTES_MAX).text();
        String description = in.bytes(DOCUMENT_BYTES_MAX).text();
        long genesisTime = in.u64();
        ChainSpec.Consensus consensus = consensus(in);
        ChainSpec.Limits limits = new ChainSpec.Limits(in.u32(), in.u32(), in.u32());
        Bytes document = in.bytes(DOCUMENT_BYTES_MAX);
        ChainSpec basic = new ChainSpec(name, description, genesisTime, consensus, limits, document);
        ChainSpec spec = in.remaining() == 0 ? basic : readMore(in, basic);
        if (!in.complete() || !spec.id().equals(id)) {
            throw StoreException.corrupt("the registry's record of the chain " + id + " is damaged");
        }
        return spec;
    }

    private static ChainSpec readMore(Decoder in, ChainSpec basic) {
        LeapHints leap = new LeapHints(in.u64(), in.u64(), in.u64());
        List<Long> stakes = new ArrayList<>();
        for (int i = in.u32(); i > 0 && !in.failed(); i--) {
            stakes.add(in.u64());
        }
        Bytes rules = in.bytes(DOCUMENT_BYTES_MAX);
        int rulesVersion = in.u32();
        Optional<ForkPoint> fork = in.remaining() == 0
                ? Optional.empty()
                : Optional.of(new ForkPoint(in.hash(), in.u64(), in.hash(), in.u64(), in.hash()));
        ChainSpec.Consensus plain = basic.consensus();
        return new ChainSpec(
                basic.name(),
                basic.description(),
                basic.genesisTime(),
                new ChainSpec.Consensus(plain.engine(), plain.numbers(), plain.participants(), stakes),
                basic.limits(),
                leap,
                fork,
                rules,
                rulesVersion,
                basic.document());
    }

    private static ChainSpec.Consensus consensus(Decoder in) {
        String engine = in.bytes(NAME_BYTES_MAX).text();
        SortedMap<String, Long> numbers = new TreeMap<>();
        for (int i = in.u32(); i > 0 && !in.failed(); i--) {
            numbers.put(in.bytes(NAME_BYTES_MAX).text(), in.u64());
        }
        List<Bytes> participants = new ArrayList<>();
        for (int i = in.u32(); i > 0 && !in.failed(); i--) {
            participants.add(in.bytes(NAME_BYTES_MAX));
        }
        return new ChainSpec.Consensus(engine, numbers, participants);
    }
}
