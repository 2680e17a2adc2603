package io.qbc.persistence.chain;

import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;

/**
 * The heads of the newest log entries of all chains, so that a leap need not read again what was written a moment ago.
 * It is bounded over all chains together, the oldest part goes first, and what is not here is read from the log. Filled
 * by the writer after the sync, read by the commit thread; what speaks to the engine is left out.
 */
public final class LogTailCache {
    static final int PART_ENTRIES = 256;
    /** Together 256 Ki entries, which are 11 MiB; where all have keys of clients 8 MiB more, where types 4 MiB more. */
    private static final int PARTS_MAX = 1024;

    private static final int PART_BITS = Integer.numberOfTrailingZeros(PART_ENTRIES);
    /** Fewer than this between entries that are not here are read from the log with those, which saves a search. */
    private static final int GAP_ENTRIES_MAX = 32;

    private static final Part NOTHING = new Part();

    private final int partsMax;
    private final Map<Name, Part> parts = new ConcurrentHashMap<>();
    private final ArrayDeque<Name> oldestFirst = new ArrayDeque<>();
    private boolean reading;

    public LogTailCache() {
        this(PARTS_MAX);
    }

    /** @param partsMax how many times {@link #PART_ENTRIES} neighbours are remembered */
    LogTailCache(int partsMax) {
        this.partsMax = partsMax;
    }

    private record Name(int chain, long number) {}

    /** Remembers an entry that is safe on the disk; by whoever settles a group, which is one at a time. */
    void add(int chain, LogEntry entry) {
        if (entry.order()) {
            return;
        }
        Name name = new Name(chain, entry.sequence() >>> PART_BITS);
        Optional.ofNullable(parts.get(name)).orElseGet(() -> begin(name)).put(entry);
    }

    private synchronized Part begin(Name name) {
        Part part = oldestFirst.size() < partsMax ? new Part() : again(parts.remove(oldestFirst.remove()));
        oldestFirst.add(name);
        parts.put(name, part);
        return part;
    }

    /** A part for other entries: the dropped one, so that what lives long is not new every second. */
    private synchronized Part again(Part dropped) {
        if (reading) {
            return new Part();
        }
        dropped.clear();
        return dropped;
    }

    /** Lets go of a chain of which no entries come any more. */
    synchronized void forget(int chain) {
        for (Iterator<Name> names = oldestFirst.iterator(); names.hasNext(); ) {
            Name name = names.next();
            if (name.chain() == chain) {
                names.remove();
                parts.remove(name);
            }
        }
    }

    /** How many parts are held, of all chains. */
    synchronized int size() {
        return oldestFirst.size();
    }

    /** Gives the heads of these runs, one after the other, from here or else the log; by the commit thread alone. */
    void heads(int chain, Log log, List<LogRange> logRanges, Consumer<LogEntry> each) {
        reading(true);
        try (Log.Heads stored = log.heads()) {
            for (LogRange logRange : logRanges) {
                new CachedRange(chain, logRange).heads(stored, each);
            }
        } finally {
            reading(false);
        }
    }

    /** Under the lock, so that a part is either seen to be in use or not found any more. */
    private synchronized void reading(boolean begun) {
        reading = begun;
    }

    /** A run and what is here of it now; a part that is dropped meanwhile is still as it was. */
    private final class CachedRange {
        private final LogRange logRange;
        private final long first;
        private final Part[] here;

        CachedRange(int chain, LogRange logRange) {
            this.logRange = logRange;
            this.first = logRange.from() >>> PART_BITS;
            this.here = new Part[Math.toIntExact(((logRange.end() - 1) >>> PART_BITS) - first + 1)];
            for (int i = 0; i < here.length; i++) {
                here[i] = parts.getOrDefault(new Name(chain, first + i), NOTHING);
            }
        }

        void heads(Log.Heads stored, Consumer<LogEntry> each) {
            long given = logRange.from();
            for (long at = logRange.from(); at < logRange.end(); ) {
                boolean known = has(at);
                long end = at + 1;
                while (end < logRange.end() && has(end) == known) {
                    end++;
                }
                if (known && (end - at >= GAP_ENTRIES_MAX || end - at == logRange.count())) {
                    stored.read(given, at, each);
                    for (long sequence = at; sequence < end; sequence++) {
                        each.accept(part(sequence).entry(sequence));
                    }
                    given = end;
                }
                at = end;
            }
            stored.read(given, logRange.end(), each);
        }

        private boolean has(long sequence) {
            return part(sequence).has(sequence);
        }

        private Part part(long sequence) {
            return here[(int) ((sequence >>> PART_BITS) - first)];
        }
    }

    /** Places of neighbours; each is filled once, and its size is written last and read first. */
    private static final class Part {
        private static final int WORDS = Hash.BYTES / Long.BYTES;

        private final long[] ids = new long[WORDS * PART_ENTRIES];
        private final long[] timestamps = new long[PART_ENTRIES];
        private final AtomicIntegerArray sizes = new AtomicIntegerArray(PART_ENTRIES);
        /** Made with the first entry that has a scope; zeros for those without. */
        private Optional<long[]> scopes = Optional.empty();
        /** Made with the first entry that has a type or an author. */
        private Optional<long[]> terms = Optional.empty();

        void put(LogEntry entry) {
            int at = at(entry.sequence());
            set(ids, at, entry.id());
            timestamps[at] = entry.timestamp();
            if (entry.scope().isPresent() && scopes.isEmpty()) {
                scopes = Optional.of(new long[WORDS * PART_ENTRIES]);
            }
            scopes.ifPresent(all -> set(all, at, entry.scope().orElse(Hash.ZERO)));
            if (!entry.terms().equals(Terms.NONE) && terms.isEmpty()) {
                terms = Optional.of(new long[2 * PART_ENTRIES]);
            }
            terms.ifPresent(all -> {
                all[2 * at] = entry.terms().type();
                all[2 * at + 1] = entry.terms().author();
            });
            sizes.setRelease(at, entry.bytes());
        }

        void clear() {
            for (int at = 0; at < PART_ENTRIES; at++) {
                sizes.setRelease(at, 0);
            }
        }

        boolean has(long sequence) {
            return sizes.getAcquire(at(sequence)) != 0;
        }

        LogEntry entry(long sequence) {
            int at = at(sequence);
            int bytes = sizes.getAcquire(at);
            Optional<Hash> scope = scopes.map(all -> hash(all, at)).filter(hash -> !hash.equals(Hash.ZERO));
            Terms both =
                    terms.map(all -> new Terms(all[2 * at], all[2 * at + 1])).orElse(Terms.NONE);
            return new LogEntry(sequence, hash(ids, at), bytes, timestamps[at], scope, false, both);
        }

        private static void set(long[] words, int at, Hash hash) {
            words[WORDS * at] = hash.a();
            words[WORDS * at + 1] = hash.b();
            words[WORDS * at + 2] = hash.c();
            words[WORDS * at + 3] = hash.d();
        }

        private static Hash hash(long[] words, int at) {
            int word = WORDS * at;
            return new Hash(words[word], words[word + 1], words[word + 2], words[word + 3]);
        }

        private static int at(long sequence) {
            return (int) sequence & (PART_ENTRIES - 1);
        }
    }
}
