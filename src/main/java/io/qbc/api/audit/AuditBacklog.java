package io.qbc.api.audit;

import io.qbc.bus.Catalogue.AuditEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Entries that could not be written when they came, and are tried again in their order; for any number of threads. */
final class AuditBacklog {
    private final int entriesMax;
    private final Deque<AuditEntry> entries = new ArrayDeque<>();
    private long lost;

    AuditBacklog(int entriesMax) {
        this.entriesMax = entriesMax;
    }

    /** Keeps entries; the oldest are lost where they become too many. */
    synchronized void add(List<AuditEntry> more) {
        entries.addAll(more);
        while (entries.size() > entriesMax) {
            entries.removeFirst();
            lost++;
        }
    }

    /** The oldest, which stay until they are {@link #written}. */
    synchronized List<AuditEntry> first(int countMax) {
        return new ArrayList<>(entries.stream().limit(countMax).toList());
    }

    synchronized void written(List<AuditEntry> those) {
        entries.removeAll(those);
    }

    synchronized int size() {
        return entries.size();
    }

    /** How many were lost so far. */
    synchronized long lost() {
        return lost;
    }
}
