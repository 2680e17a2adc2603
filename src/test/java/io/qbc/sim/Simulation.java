package io.qbc.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Runs scenarios. */
final class Simulation {
    static final long STRAIN = 30_000;
    /** Within what time after healing one head and nothing open must be left, in milliseconds. */
    static final long SETTLE = 60_000;

    private static final int COPIED_MILLIS_MIN = 6000;
    private static final int RESTORED_MILLIS_MIN = 3000;

    private Simulation() {}

    /**
     * How a run ended.
     *
     * @param violation the broken promise; nothing if all were kept
     * @param digest the hash over all that happened
     * @param millis the simulated time
     */
    record Result(
            Scenario scenario,
            Optional<String> violation,
            String digest,
            long millis,
            long events,
            Map<Mark, Integer> marks) {
        @Override
        public String toString() {
            return violation.orElse("all promises kept") + "; again with: mvn -Psimulate test -Dengine="
                    + scenario.engine() + " -Dfirst=" + scenario.seed() + " -Dseeds=1; " + scenario + "; log " + digest;
        }
    }

    static Result run(Scenario scenario) {
        return run(scenario, new World(scenario));
    }

    /** Four signers of which two are twins, each twin on the other side of a cut: more than any engine can bear. */
    static Result split(Scenario scenario) {
        Scenario beyond = scenario.beyond();
        World world = new World(beyond);
        world.net().split(false, false, false, true, true, true);
        return run(beyond, world);
    }

    /** On a sound network an operator brings back an older copy of one node's disk. */
    static Result olderCopy(Scenario scenario) {
        Scenario sound = scenario.sound();
        World world = new World(sound);
        SimNode node = world.nodes().get(0);
        int copied = COPIED_MILLIS_MIN + world.random().nextInt(COPIED_MILLIS_MIN);
        int restored = copied + RESTORED_MILLIS_MIN + world.random().nextInt(COPIED_MILLIS_MIN);
        world.schedule().in(copied, "copy", node::copyDisk);
        world.schedule().in(restored, "restore", () -> {
            node.restoreCopy();
            world.restartLater(node);
        });
        return run(sound, world);
    }

    private static Result run(Scenario scenario, World world) {
        long begin = world.schedule().now();
        Optional<String> violation = Optional.empty();
        // A node logs every fault that befalls it, and here they are meant to.
        Logger faults = (Logger) LoggerFactory.getLogger("io.qbc.persistence");
        Level level = faults.getLevel();
        faults.setLevel(Level.OFF);
        try {
            world.strain(STRAIN);
            world.settle(SETTLE);
        } catch (RuntimeException | Violation e) {
            violation = Optional.of(e instanceof Violation ? e.getMessage() : e + place(e));
            world.note(violation.get());
        } finally {
            faults.setLevel(level);
        }
        long millis = world.schedule().now() - begin;
        long events = world.schedule().events();
        return new Result(scenario, violation, world.schedule().digest(), millis, events, world.marks());
    }

    /** Where it was thrown, which damage of the store does not say. */
    private static String place(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .findFirst()
                .map(frame -> " at " + frame)
                .orElse("");
    }
}
