package io.qbc.sim;

import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import java.util.Optional;
import java.util.Set;

/** One chain of the world: its rules, its clients, who breaks them, and who watches. */
final class Track {
    static final Set<String> SLOTTED = Set.of("poa", "pos", "dpos");

    private final World world;
    private final ChainSpec spec;
    private final Hash id;
    private final Engine engine;
    private final Traffic traffic;
    private final Rogue rogue;
    private final Checker checker;

    /** @param parent of a fork, whose past is its own */
    Track(World world, ChainSpec spec, Tip genesis, Optional<Track> parent) {
        this.world = world;
        this.spec = spec;
        this.id = spec.id();
        this.engine = Engines.of(spec.consensus()).orElseThrow();
        this.traffic = new Traffic(world, this, parent.map(Track::traffic));
        this.rogue = new Rogue(world, this);
        this.checker = new Checker(world, this, genesis, parent.map(Track::checker));
    }

    ChainSpec spec() {
        return spec;
    }

    Hash id() {
        return id;
    }

    /** The engine as it should be. */
    Engine engine() {
        return engine;
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

    /** Whether turns are by time, so that a node seals whenever its turn comes. */
    boolean slotted() {
        return SLOTTED.contains(spec.consensus().engine());
    }

    /** Whether a node whose turn it may be makes a quant now: always in its slot, by chance where there are none. */
    boolean due() {
        return !world.ended()
                && (slotted() || world.random().nextInt(10 * world.nodes().size()) == 0);
    }
}
