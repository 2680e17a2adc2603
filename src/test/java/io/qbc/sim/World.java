package io.qbc.sim;

import io.qbc.consensus.Engine;
import io.qbc.consensus.Engines;
import io.qbc.model.ChainSpec;
import io.qbc.persistence.SimLedger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A whole network in one thread: everything in it follows from its scenario. */
final class World {
    private static final long TICK = 100;
    private static final long BEAT = 700;
    private static final int RESTART_MOST = 6000;

    private final Scenario scenario;
    private final ChainSpec spec;
    private final Engine engine;
    private final Random random;
    private final Schedule schedule = new Schedule();
    private final Map<Mark, Integer> marks = new EnumMap<>(Mark.class);
    private final Net net;
    private final Traffic traffic;
    private final Rogue rogue = new Rogue(this);
    private final Chaos chaos;
    private final Checker checker;
    private final List<SimNode> nodes = new ArrayList<>();
    private boolean ended;

    World(Scenario scenario) {
        this.scenario = scenario;
        this.spec = scenario.spec();
        this.engine = Engines.of(spec.consensus()).orElseThrow();
        this.random = new Random(scenario.seed());
        int signers = scenario.signers();
        this.net = new Net(this, signers + scenario.twins());
        this.traffic = new Traffic(this);
        this.chaos = new Chaos(this);
        this.checker = new Checker(this);
        for (int i = 0; i < signers + scenario.twins(); i++) {
            boolean twin = i % signers < scenario.twins();
            boolean rogueHere = scenario.rogue() && i == signers - 1;
            nodes.add(new SimNode(this, i, scenario.signer(i % signers), !twin && !rogueHere));
        }
        nodes.forEach(node -> {
            tick(node);
            beat(node);
        });
    }

    Scenario scenario() {
        return scenario;
    }

    ChainSpec spec() {
        return spec;
    }

    /** The engine as it should be. */
    Engine engine() {
        return engine;
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

    Traffic traffic() {
        return traffic;
    }

    Rogue rogue() {
        return rogue;
    }

    Checker checker() {
        return checker;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    Map<Mark, Integer> marks() {
        return marks;
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

    /** What a node's ledger is made of, with the planted bugs. */
    SimLedger.Setup setup() {
        Engine judging = has(Bug.FINAL_AT_HALF) ? Wrong.finalAtHalf(engine, scenario.signers()) : engine;
        return new SimLedger.Setup(
                spec,
                judging,
                has(Bug.ANY_SEAL) ? (key, message, signature) -> true : scenario.signatures(),
                scenario.bugs());
    }

    /** Whether a node whose turn it may be makes a quant now: always in its slot, by chance where there are none. */
    boolean due() {
        return !ended && (scenario.slotted() || random.nextInt(10 * nodes.size()) == 0);
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
            checker.rest(node);
            beat(node);
        });
    }

    /** The first phase: anything may go wrong, and no promise may be broken. */
    void strain(long millis) {
        traffic.start();
        chaos.start();
        schedule.run(schedule.now() + millis);
    }

    /** The second phase: nothing goes wrong any more, and all must come to rest within {@code most} milliseconds. */
    void settle(long most) {
        traffic.end();
        chaos.end();
        for (SimNode node : nodes) {
            node.crash();
            node.start();
        }
        long end = schedule.now() + most;
        long height = checker.height();
        while (schedule.now() < end && !(checker.height() > height + 2 && checker.settled())) {
            schedule.run(schedule.now() + 1000);
        }
        Violation.unless(checker.height() > height + 2, "no progress after healing: " + checker.height());
        Violation.unless(checker.settled(), "an acknowledged transaction is still not in the chain: " + checker.open());
        ended = true;
        long rest = schedule.now() + most;
        while (schedule.now() < rest && checker.heads() > 1) {
            schedule.run(schedule.now() + 1000);
        }
        Violation.unless(checker.heads() == 1, checker.heads() + " heads after healing");
        checker.end();
    }
}
