package io.qbc.persistence.commit;

import io.qbc.model.Hash;
import java.util.List;

/** A set of ids by 64 of their bits: it never misses one that it holds, and seldom takes another for one of them. */
final class IdFilter {
    private final long[] table;
    private final int mask;

    private IdFilter(int count) {
        int size = Integer.highestOneBit(Math.max(8, 2 * count)) << 1;
        table = new long[size];
        mask = size - 1;
    }

    static IdFilter of(List<Hash> ids) {
        IdFilter idFilter = new IdFilter(ids.size());
        ids.forEach(idFilter::add);
        return idFilter;
    }

    /** Whether one of these ids may be in it. */
    boolean mayHold(List<Hash> ids) {
        for (Hash id : ids) {
            if (table[place(fingerprint(id))] != 0) {
                return true;
            }
        }
        return false;
    }

    private void add(Hash id) {
        long fingerprint = fingerprint(id);
        table[place(fingerprint)] = fingerprint;
    }

    /** Where the fingerprint is, or the free place where it belongs; there is always one. */
    private int place(long fingerprint) {
        int at = ((int) fingerprint) & mask;
        while (table[at] != 0 && table[at] != fingerprint) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** 0 stands for a free place. */
    private static long fingerprint(Hash id) {
        long fingerprint = id.a() ^ id.d();
        return fingerprint == 0 ? 1 : fingerprint;
    }
}
