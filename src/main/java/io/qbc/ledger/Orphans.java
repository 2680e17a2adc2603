package io.qbc.ledger;

import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;

/** Quants whose parent is unknown, kept within a count and a size; the oldest goes first. Confined to one caller. */
public final class Orphans {
    private static final int OVERHEAD = 512;

    private final int countMax;
    private final long bytesMax;
    private final LinkedHashMap<Hash, Orphan> byHash = new LinkedHashMap<>();
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

    /** A quant as it came: for which chain, and with which transactions. */
    public record Orphan(Hash chain, CompactQuant compactQuant, List<Transaction> supplied) {
        public Orphan {
            supplied = List.copyOf(supplied);
        }

        private long bytes() {
            long sum = OVERHEAD + (long) Hash.BYTES * compactQuant.ids().size();
            for (Transaction transaction : supplied) {
                sum += transaction.encoded().size();
            }
            return sum;
        }
    }

    /** Keeps a quant, dropping older ones for it; one that is too large for the whole place is not kept. */
    public void keep(Orphan orphan) {
        long size = orphan.bytes();
        Hash hash = orphan.compactQuant().hash();
        if (size > bytesMax || countMax == 0) {
            return;
        }
        remove(hash);
        Iterator<Orphan> oldest = byHash.values().iterator();
        while (byHash.size() >= countMax || bytes + size > bytesMax) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
        byHash.put(hash, orphan);
        bytes += size;
    }

    /** Takes out those that waited for this quant, in the order in which they came. */
    public List<Orphan> take(Hash parent) {
        List<Orphan> taken = new ArrayList<>();
        for (Orphan orphan : byHash.values()) {
            if (orphan.compactQuant().header().previous().equals(parent)) {
                taken.add(orphan);
            }
        }
        taken.forEach(orphan -> remove(orphan.compactQuant().hash()));
        return taken;
    }

    /** How many are kept. */
    public int size() {
        return byHash.size();
    }

    /** Their bytes together, about. */
    public long bytes() {
        return bytes;
    }

    private void remove(Hash hash) {
        Orphan gone = byHash.remove(hash);
        if (gone != null) {
            bytes -= gone.bytes();
        }
    }
}
