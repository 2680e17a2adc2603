package io.qbc.ledger;

import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Quants whose parent is unknown, kept within a count and a size. When there is no more room, the oldest of whoever
 * brought most goes, so that one source cannot push out what others brought. Confined to one caller.
 */
public final class Orphans {
    // About what the objects of a 64-bit JVM take beside the bytes that they hold.
    private static final int QUANT_BYTES = 1024;
    private static final int ID_BYTES = 56;
    private static final int SEAL_BYTES = 112;
    private static final int TRANSACTION_BYTES = 136;

    private final int countMax;
    private final long bytesMax;
    private final LinkedHashMap<String, Source> sources = new LinkedHashMap<>();
    private long number;
    private int count;
    private long bytes;

    /**
     * One instance.
     *
     * @param bytesMax the bytes of all of them together
     */
    public Orphans(int countMax, long bytesMax) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    /**
     * A quant as it came.
     *
     * @param source who brought it
     */
    public record Orphan(String source, Hash chain, CompactQuant compactQuant, List<Transaction> supplied) {
        public Orphan {
            supplied = List.copyOf(supplied);
        }

        /** The same without a hold on the message in which it came, which may be much larger. */
        Orphan detached() {
            CompactQuant quant = new CompactQuant(
                    compactQuant.header().detached(),
                    compactQuant.seals().stream().map(Seal::detached).toList(),
                    compactQuant.ids());
            return new Orphan(
                    source,
                    chain,
                    quant,
                    supplied.stream().map(Transaction::detached).toList());
        }
    }

    /** The memory, about, that a quant takes with the transactions that came with it. */
    public static long bytes(CompactQuant quant, List<Transaction> supplied) {
        Header header = quant.header();
        long sum = QUANT_BYTES
                + (long) ID_BYTES * quant.ids().size()
                + header.producer().size()
                + header.consensus().size()
                + header.proof().size();
        for (Seal seal : quant.seals()) {
            sum += SEAL_BYTES + seal.key().size() + seal.signature().size();
        }
        for (Transaction transaction : supplied) {
            sum += TRANSACTION_BYTES + transaction.encoded().size();
        }
        return sum;
    }

    private record Kept(long number, Orphan orphan, long bytes) {}

    /** What one source brought, oldest first. */
    private static final class Source {
        final LinkedHashMap<Hash, Kept> byHash = new LinkedHashMap<>();
        long bytes;
    }

    /** Keeps a quant, dropping older ones for it; one that is too large for the whole place is not kept. */
    public void keep(Orphan orphan) {
        long size = bytes(orphan.compactQuant(), orphan.supplied());
        if (size > bytesMax || countMax == 0) {
            return;
        }
        Hash hash = orphan.compactQuant().hash();
        remove(orphan.source(), hash);
        while (count >= countMax) {
            dropOldest(largest(Comparator.comparingInt(source -> source.byHash.size())));
        }
        while (bytes + size > bytesMax) {
            dropOldest(largest(Comparator.comparingLong(source -> source.bytes)));
        }
        Source source = sources.computeIfAbsent(orphan.source(), name -> new Source());
        source.byHash.put(hash, new Kept(number++, orphan.detached(), size));
        source.bytes += size;
        bytes += size;
        count++;
    }

    /** Takes out those that waited for this quant, in the order in which they came. */
    public List<Orphan> take(Hash parent) {
        List<Kept> taken = new ArrayList<>();
        for (Source source : sources.values()) {
            for (Kept kept : source.byHash.values()) {
                if (kept.orphan().compactQuant().header().previous().equals(parent)) {
                    taken.add(kept);
                }
            }
        }
        taken.sort(Comparator.comparingLong(Kept::number));
        List<Orphan> orphans = taken.stream().map(Kept::orphan).toList();
        orphans.forEach(orphan -> remove(orphan.source(), orphan.compactQuant().hash()));
        return orphans;
    }

    /** How many are kept. */
    public int size() {
        return count;
    }

    /** Their bytes together, about. */
    public long bytes() {
        return bytes;
    }

    private String largest(Comparator<Source> order) {
        return sources.entrySet().stream()
                .max((one, other) -> order.compare(one.getValue(), other.getValue()))
                .orElseThrow()
                .getKey();
    }

    private void dropOldest(String source) {
        remove(source, sources.get(source).byHash.keySet().iterator().next());
    }

    private void remove(String name, Hash hash) {
        Source source = sources.get(name);
        Kept gone = source == null ? null : source.byHash.remove(hash);
        if (gone == null) {
            return;
        }
        source.bytes -= gone.bytes();
        bytes -= gone.bytes();
        count--;
        if (source.byHash.isEmpty()) {
            sources.remove(name);
        }
    }
}
