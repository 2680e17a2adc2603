package io.qbc.persistence;

import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.engine.Engine;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.lifecycle.GenesisPlan;
import io.qbc.persistence.lifecycle.Registry;
import io.qbc.persistence.store.StoreException;
import io.qbc.sim.Bug;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The chains on one simulated disk, opened and begun as the product does it, each under a ledger without threads. */
public final class SimStore {
    static final NodeConfig CONFIG = Samples.config(Path.of("simulated"), 0);

    private final SimDisk disk;
    private final Setup setup;
    private final InstantSource clock;
    private final Registry registry;
    private final OpenChains openChains;
    private final Map<Hash, SimLedger> ledgers = new TreeMap<>();
    private Optional<Refusal> broken = Optional.empty();

    /** What a store is made for; the engines may be wrong ones, if that is what is tried. */
    public record Setup(UnaryOperator<Engine> engines, Signatures signatures, Set<Bug> bugs) {}

    public SimStore(SimDisk disk, Setup setup, InstantSource clock) {
        this.disk = disk;
        this.setup = setup;
        this.clock = clock;
        registry = new Registry(disk, CONFIG, setup.signatures(), spec -> (type, payload) -> Optional.empty());
        registry.settleFormat();
        openChains = registry.open();
    }

    /** Whether a failure says that the disk holds something wrong. */
    public static boolean isCorrupt(RuntimeException e) {
        return e instanceof StoreException failure && failure.refusal().reason() == Reason.CORRUPT;
    }

    /** Whether a chain could not be opened. */
    public boolean damaged() {
        return !openChains.broken().isEmpty();
    }

    /** Whether a chain is here, after it was begun where that is possible; a fork only on its parent's quant. */
    public boolean has(ChainSpec spec) {
        boolean fresh = openChains.find(spec.id()).isEmpty()
                && openChains.damage(spec.id()).isEmpty()
                && broken.isEmpty();
        if (fresh && GenesisPlan.of(spec, openChains).refusal().isEmpty()) {
            try {
                registry.add(openChains, List.of(spec));
            } catch (StoreException e) {
                broke(e);
            }
        }
        return openChains.find(spec.id()).isPresent();
    }

    /** Opens a chain. */
    public SimLedger open(ChainSpec spec, SimLedger.Listener listener) {
        OpenChain opened = openChains.find(spec.id()).orElseThrow();
        SimLedger ledger = new SimLedger(this, opened, clock, listener);
        ledgers.put(spec.id(), ledger);
        opened.parentHistory()
                .ifPresent(parentHistory ->
                        ledgers.get(parentHistory.parent().id()).join(opened));
        return ledger;
    }

    SimDisk disk() {
        return disk;
    }

    Setup setup() {
        return setup;
    }

    /** Why nothing can be written any more. */
    Optional<Refusal> broken() {
        return broken;
    }

    /** A disk may refuse a write; that it holds something wrong is a finding. */
    void broke(StoreException e) {
        if (e.refusal().reason() == Reason.CORRUPT) {
            throw e;
        }
        broken = Optional.of(e.refusal());
    }
}
