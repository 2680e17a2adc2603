package io.qbc.sim;

import java.util.List;
import java.util.Random;

/** Brings the faults of a scenario over the network, one after the other, until it is told to stop. */
final class Chaos {
    private final World world;
    private final List<Scenario.Fault> kinds;
    private boolean ended;

    Chaos(World world) {
        this.world = world;
        this.kinds = List.copyOf(world.scenario().faults());
    }

    void start() {
        if (!kinds.isEmpty()) {
            world.schedule().in(300 + world.random().nextInt(3000), "chaos", () -> {
                if (!ended) {
                    strike(kinds.get(world.random().nextInt(kinds.size())));
                    start();
                }
            });
        }
    }

    /** Ends all faults; nodes that are down come up. */
    void end() {
        ended = true;
        world.net().calm();
        for (SimNode node : world.nodes()) {
            node.skew(0);
            node.withhold(false);
            // Faulty keys keep quiet, so that what the others achieve they achieve alone.
            node.silence(!node.honest());
        }
    }

    private void strike(Scenario.Fault kind) {
        Random random = world.random();
        SimNode node = world.nodes().get(random.nextInt(world.nodes().size()));
        world.note(kind.name() + " " + node.index());
        switch (kind) {
            case PARTITION -> cut(world.net()::split);
            case ONE_WAY -> cut(world.net()::cutOneWay);
            case CRASH -> crash(node);
            case TORN_WRITE -> node.disk().crashAtWrite();
            case DISK -> fail(node);
            case CLOCK ->
                node.skew(random.nextInt(2 * world.scenario().skew() + 1)
                        - world.scenario().skew());
            case SILENCE -> {
                node.silence(true);
                world.schedule().in(random.nextInt(8000), "awake", () -> wake(node));
            }
            case WITHHOLDING -> node.withhold(random.nextBoolean());
            case ROT -> rot();
            case CORRUPTION -> world.note("links turn bits all the time");
        }
    }

    /** A bit turns on one node's disk; as its key keeps quiet afterwards, only where no other key is faulty. */
    private void rot() {
        Scenario scenario = world.scenario();
        SimNode node = world.nodes().get((int) (scenario.seed() % scenario.signers()));
        if (scenario.faulty() == 0 && !scenario.votes() && node.disk().rot(world.random())) {
            world.mark(Mark.ROTTED);
        }
    }

    private void wake(SimNode node) {
        if (!ended) {
            node.silence(false);
        }
    }

    private void cut(Runnable how) {
        how.run();
        world.schedule()
                .in(
                        500 + world.random().nextInt(9000),
                        "heal",
                        () -> world.net().heal());
    }

    private void crash(SimNode node) {
        if (node.up()) {
            world.mark(Mark.CRASHED);
            node.crash();
            world.restartLater(node);
        }
    }

    /** The disk takes nothing any more until the node is started again. */
    private void fail(SimNode node) {
        if (node.up()) {
            world.mark(Mark.DISK_FAILED);
            node.disk().fail();
            world.schedule().in(world.random().nextInt(4000), "operator", () -> crash(node));
        }
    }
}
