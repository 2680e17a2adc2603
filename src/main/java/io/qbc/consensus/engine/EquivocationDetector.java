package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Header;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A detector of producers that equivocate: it remembers the last quants of each, on whatever branch, and compares
 * every new one with them. Fed with valid quants only it remembers no more producers than a chain has participants.
 */
public final class EquivocationDetector {
    private static final int QUANTS_KEPT = 64;
    private static final int PRODUCERS_MAX = 2048;

    private final Engine engine;
    private final TreeMap<Bytes, Deque<Seen>> producers = new TreeMap<>();

    public EquivocationDetector(Engine engine) {
        this.engine = engine;
    }

    private record Seen(Header header, Bytes seal) {}

    /** What a valid quant proves together with an earlier one; nothing if its producer has not equivocated. */
    public Optional<Evidence> see(CompactQuant quant) {
        Header header = quant.header();
        if (engine.slot(header) < 0 || quant.seals().isEmpty()) {
            return Optional.empty();
        }
        Deque<Seen> before = producers.computeIfAbsent(header.producer(), key -> new ArrayDeque<>());
        if (before.stream().anyMatch(seen -> seen.header().equals(header))) {
            return Optional.empty();
        }
        Seen now = new Seen(header, quant.seals().get(0).signature());
        Optional<Evidence> evidence = before.stream()
                .filter(seen -> engine.conflict(seen.header(), header))
                .findFirst()
                .map(seen -> new Evidence(seen.header(), seen.seal(), header, now.seal()));
        before.addLast(now);
        if (before.size() > QUANTS_KEPT) {
            before.removeFirst();
        }
        if (producers.size() > PRODUCERS_MAX) {
            producers.pollFirstEntry();
        }
        return evidence;
    }
}
