package io.qbc.persistence.lifecycle;

import io.qbc.bus.Catalogue.Placed;
import io.qbc.model.Hash;
import io.qbc.model.Run;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.Past;
import io.qbc.persistence.chain.Placements;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.store.Keys;
import io.qbc.persistence.store.Numbered;
import io.qbc.persistence.store.Space;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.Pruning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reduces a dropped chain to what its forks still read of it: their shared history, and nothing after it. */
final class Remains {
    private static final int STEPS = 4096;

    private final Store store;
    private final OpenChain chain;
    private final int number;
    private final long last;
    private final Set<Hash> aside = new HashSet<>();
    private final TreeMap<Long, Long> asideEnds = new TreeMap<>();

    Remains(Store store, OpenChain chain) {
        this.store = store;
        this.chain = chain;
        this.number = chain.number();
        this.last = chain.forks().stream()
                .flatMap(fork -> fork.past().stream())
                .mapToLong(Past::point)
                .max()
                .orElse(-1);
    }

    /** Hands the deletions to the writer in steps of bounded size; a step made twice does no harm. */
    void reduce(Consumer<Consumer<Group>> write) {
        write.accept(this::ranges);
        chain.forks().forEach(this::keptBy);
        Steps steps = new Steps(write);
        quants(steps);
        log(steps);
        steps.flush();
    }

    private void ranges(Group group) {
        group.delete(Space.MAIN, Keys.numbered(number, last + 1), Keys.begin(number + 1));
        for (Space space : List.of(Space.KEYS, Space.FATE, Space.STATES)) {
            group.delete(space, Keys.begin(number), Keys.begin(number + 1));
        }
        group.delete(Space.META, Keys.watermark(number));
        group.delete(Space.META, Keys.agreed(number));
        Pruning.forget(group, number);
    }

    /** What a fork has noted itself since this chain went another way. */
    private void keptBy(OpenChain fork) {
        long point = fork.past().orElseThrow().point();
        try (Numbered main = new Numbered(store, Space.MAIN, fork.number())) {
            for (main.seek(0); main.here() && main.number() <= point; main.next()) {
                Hash hash = Quants.hash(main.value());
                aside.add(hash);
                store.get(Space.QUANTS, Keys.hashed(number, hash))
                        .map(value -> QuantRecord.decode(hash, value))
                        .ifPresent(quant -> quant.runs().forEach(run -> asideEnds.put(run.from(), run.end())));
            }
        }
    }

    private void quants(Steps steps) {
        byte[] key = Keys.hashed(number, Hash.ZERO);
        try (Store.Scan scan = store.scan(Space.QUANTS)) {
            for (scan.seek(key); scan.here() && scan.key(key) == key.length; scan.next()) {
                if (Keys.chain(key) != number) {
                    return;
                }
                Hash hash = Hash.at(key, Keys.CHAIN_BYTES);
                QuantRecord quant = QuantRecord.decode(hash, scan.value());
                boolean kept = aside.contains(hash)
                        || (quant.height() <= last && chain.quants().onChain(quant));
                if (!kept) {
                    steps.delete(Space.QUANTS, Keys.hashed(number, hash));
                }
            }
        }
    }

    private void log(Steps steps) {
        byte[] buffer = new byte[Hash.BYTES];
        try (Numbered log = new Numbered(store, Space.LOG, number);
                Placements placements = new Placements(store, number)) {
            Optional<Placed> place = Optional.empty();
            for (log.seek(0); log.here(); log.next()) {
                long at = log.number();
                if (place.filter(placed -> holds(placed.run(), at)).isEmpty()) {
                    place = placements.of(at);
                    place.filter(placed -> placed.height() > last)
                            .ifPresent(placed -> steps.delete(
                                    Space.PLACED,
                                    Keys.numbered(number, placed.run().from())));
                }
                boolean kept = place.filter(placed -> placed.height() <= last).isPresent() || heldAside(at);
                if (!kept) {
                    log.value(buffer);
                    steps.delete(Space.LOG, Keys.numbered(number, at));
                    steps.delete(Space.IDS, Keys.hashed(number, Hash.at(buffer, 0)));
                }
            }
        }
    }

    private static boolean holds(Run run, long sequence) {
        return run.from() <= sequence && sequence < run.end();
    }

    private boolean heldAside(long sequence) {
        Map.Entry<Long, Long> run = asideEnds.floorEntry(sequence);
        return run != null && sequence < run.getValue();
    }

    /** Collects deletions. */
    private static final class Steps {
        private final Consumer<Consumer<Group>> write;
        private List<Consumer<Group>> deletions = new ArrayList<>();

        Steps(Consumer<Consumer<Group>> write) {
            this.write = write;
        }

        void delete(Space space, byte[] key) {
            deletions.add(group -> group.delete(space, key));
            if (deletions.size() == STEPS) {
                flush();
            }
        }

        void flush() {
            List<Consumer<Group>> collected = deletions;
            deletions = new ArrayList<>();
            write.accept(group -> collected.forEach(deletion -> deletion.accept(group)));
        }
    }
}
