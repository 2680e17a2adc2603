package io.qbc.sim;

import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.persistence.SimStore;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A whole network in one thread: everything in it follows from its scenario. */
final class World {
    private static final long TICK = 100;
    private static final long BEAT = 700;
    private static final int RESTART_MOST = 6000;

    private final Scenario scenario;
    private final Random random;
    private final Schedule schedule = new Schedule();
    private final Map<Mark, Integer> marks = new EnumMap<>(Mark.class);
    private final Map<Hash, Transaction> transactions = new HashMap<>();
    private final Net net;
    private final Chaos chaos;
    private final List<Track> tracks = new ArrayList<>();
    private final List<SimNode> nodes = new ArrayList<>();
    private boolean ended;

    World(Scenario scenario) {
        this.scenario = scenario;
        this.random = new Random(scenario.seed());
        this.net = new Net(this, size());
        this.chaos = new Chaos(this);
        scenario.specs().forEach(spec -> tracks.add(new Track(this, spec, Tip.genesis(spec), Optional.empty())));
        int signers = scenario.signers();
        for (int i = 0; i < size(); i++) {
            boolean twin = i % signers < scenario.twins();
            boolean rogueHere = scenario.rogue() && i == signers - 1;
            nodes.add(new SimNode(this, i, scenario.signer(i % signers), !twin && !rogueHere));
        }
        nodes.forEach(SimNode::start);
        nodes.forEach(node -> {
            tick(node);
            beat(node);
        });
    }

    Scenario scenario() {
        return scenario;
    }

    Random random() {
        return random;
    }

    Schedule schedule() {
        return schedule;
    }

    Net net() {
        return net;
    }

    /** How many nodes there are. */
    int size() {
        return scenario.signers() + scenario.twins();
    }

    List<SimNode> nodes() {
        return nodes;
    }

    /** All chains; a fork comes after its parent. */
    List<Track> tracks() {
        return tracks;
    }

    /** Every transaction that anybody made, by its id. */
    Map<Hash, Transaction> transactions() {
        return transactions;
    }

    Map<Mark, Integer> marks() {
        return marks;
    }

    boolean ended() {
        return ended;
    }

    boolean has(Bug bug) {
        return scenario.bugs().contains(bug);
    }

    void mark(Mark mark) {
        marks.merge(mark, 1, Integer::sum);
    }

    void note(String what) {
        schedule.note(what);
    }

    /** What a node's store is made of, with the planted bugs. */
    SimStore.Setup setup() {
        return new SimStore.Setup(
                engine -> has(Bug.FINAL_AT_HALF) ? Wrong.finalAtHalf(engine, scenario.signers()) : engine,
                has(Bug.ANY_SEAL) ? (key, message, signature) -> true : scenario.signatures(),
                scenario.bugs());
    }

    void restartLater(SimNode node) {
        schedule.in(200 + random.nextInt(RESTART_MOST), "start " + node.index(), () -> {
            if (!node.up()) {
                node.start();
            }
        });
    }

    private void tick(SimNode node) {
        schedule.in(TICK - random.nextInt(20), "tick " + node.index(), () -> {
            node.tick();
            tick(node);
        });
    }

    private void beat(SimNode node) {
        schedule.in(BEAT - random.nextInt(200), "beat " + node.index(), () -> {
            node.beat();
            beat(node);
        });
    }

    /** The first phase: anything may go wrong, and no promise may be broken. */
    void strain(long millis) {
        tracks.forEach(track -> track.traffic().start());
        chaos.start();
        if (scenario.forks()) {
            schedule.in(4000 + random.nextInt(15_000), "fork", this::fork);
        }
        if (scenario.votes()) {
            schedule.in(2000 + random.nextInt(10_000), "votes", this::vote);
        }
        schedule.run(schedule.now() + millis);
    }

    /** Somebody forks the first chain near its head, and every node follows as soon as it has the parent so far. */
    private void fork() {
        Track parent = tracks.get(0);
        SimNode node = nodes.get(random.nextInt(nodes.size()));
        node.with(parent, simChain -> {
            long head = simChain.claim().height();
            ChainSpec spec =
                    scenario.fork(simChain.ledger().point(Math.max(0, head - random.nextInt(4))), schedule.now());
            Track fork = new Track(this, spec, simChain.ledger().fork(spec), Optional.of(parent));
            mark(Mark.FORKED);
            tracks.add(fork);
            fork.traffic().start();
        });
    }

    /** The signers let a new one in or put one out. */
    private void vote() {
        Bytes payload = scenario.ballot();
        for (SimNode node : nodes) {
            if (node.honest()) {
                node.with(tracks.get(0), simChain -> simChain.say(Scenario.VOTE, payload));
            }
        }
    }

    /** The second phase: nothing goes wrong any more, and all must come to rest within {@code most} milliseconds. */
    void settle(long most) {
        tracks.forEach(track -> track.traffic().end());
        chaos.end();
        for (SimNode node : nodes) {
            if (node.wiping()) {
                node.replaceDisk();
            } else {
                node.crash();
            }
            node.start();
        }
        long end = schedule.now() + most;
        Map<Track, Long> before = new HashMap<>();
        tracks.forEach(track -> before.put(track, track.checker().height()));
        while (schedule.now() < end && tracks.stream().anyMatch(track -> !isAlive(track, before))) {
            schedule.run(schedule.now() + 1000);
        }
        for (Track track : tracks) {
            Checker checker = track.checker();
            Violation.unless(
                    isAlive(track, before),
                    track.spec().name() + ": no progress after healing: at " + checker.height()
                            + ", acknowledged and not in the chain: " + checker.open());
        }
        ended = true;
        long rest = schedule.now() + most;
        while (schedule.now() < rest
                && tracks.stream().anyMatch(track -> track.checker().heads() > 1)) {
            schedule.run(schedule.now() + 1000);
        }
        for (Track track : tracks) {
            long heads = track.checker().heads();
            Violation.unless(heads <= 1, track.spec().name() + ": " + heads + " heads after healing");
            track.checker().end();
        }
        marksAtEnd();
    }

    private void marksAtEnd() {
        for (Track track : tracks) {
            if (track.spec().fork().isPresent()
                    && track.checker().height() > track.checker().base()) {
                mark(Mark.FORK_GREW);
            }
        }
        if (scenario.votes() && tracks.get(0).checker().participants() != scenario.signers()) {
            mark(Mark.VOTED);
        }
    }

    /** A fork that not everybody has, as its point is not on their chain, need not go on. */
    private static boolean isAlive(Track track, Map<Track, Long> before) {
        Checker checker = track.checker();
        return !checker.everywhere()
                || (checker.height() > before.get(track) + 2 && checker.open().isEmpty());
    }
}
