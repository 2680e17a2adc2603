package io.qbc.persistence;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.engine.Engine;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.commit.ChainAdmin;
import io.qbc.persistence.lifecycle.DroppedChainSweeper;
import io.qbc.persistence.lifecycle.Registry;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.write.GroupWriter;
import io.qbc.sim.Bug;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The chains on one simulated disk, opened and begun as the product does it, each under a ledger without threads. */
public final class SimStore {
    static final NodeConfig CONFIG = Samples.config(Path.of("simulated"), 0);

    private final SimDisk disk;
    private final Setup setup;
    private final InstantSource clock;
    private final Registry registry;
    private final OpenChains openChains;
    private final GroupWriter groupWriter;
    private final ChainAdmin chainAdmin;
    private final Map<Hash, SimLedger> ledgers = new TreeMap<>();
    private final Deque<Runnable> announced = new ArrayDeque<>();

    /** What a store is made for; the engines may be wrong ones, if that is what is tried. */
    public record Setup(UnaryOperator<Engine> engines, Signatures signatures, Set<Bug> bugs) {}

    public SimStore(SimDisk disk, Setup setup, InstantSource clock) {
        this.disk = disk;
        this.setup = setup;
        this.clock = clock;
        registry = new Registry(disk, CONFIG, setup.signatures(), spec -> (type, payload) -> Optional.empty());
        registry.settleFormat();
        openChains = registry.open();
        groupWriter = new GroupWriter(disk, this::later);
        chainAdmin =
                new ChainAdmin(disk, groupWriter, registry, openChains, new DroppedChainSweeper(disk, groupWriter));
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
        if (openChains.find(spec.id()).isEmpty()) {
            this.<Banged>turn(answer -> begin(spec, answer));
        }
        return openChains.find(spec.id()).isPresent();
    }

    private void begin(ChainSpec spec, Promise<Banged> answer) {
        try {
            answer.complete(chainAdmin.bang(spec, false));
        } catch (Failure e) {
            answer.fail(e);
        }
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

    GroupWriter groupWriter() {
        return groupWriter;
    }

    ChainAdmin chainAdmin() {
        return chainAdmin;
    }

    /** Leaves something to the end of the turn, as the node leaves it to the context of answers. */
    void later(Runnable work) {
        announced.add(work);
    }

    /**
     * Takes the steps of one turn, and then all that they announce. That the disk holds something wrong is a finding,
     * whoever in the node has caught it, and so is a fault of the node itself.
     */
    <T> Future<T> turn(Consumer<Promise<T>> steps) {
        long faults = disk.faultsFound();
        Promise<T> answer = Promise.promise();
        steps.accept(answer);
        while (!announced.isEmpty()) {
            announced.remove().run();
        }
        if (disk.faultsFound() > faults) {
            throw StoreException.corrupt("the simulated disk has a wrong checksum");
        }
        if (!groupWriter.writable() && !disk.isFailing() && !disk.isRotten()) {
            throw new IllegalStateException("a write failed on a sound disk");
        }
        if (answer.future().failed()) {
            requireExpected(Failure.of(answer.future().cause()));
        }
        return answer.future();
    }

    /** Of the reasons why something is refused, these are nothing that a node may answer with. */
    static void requireExpected(Refusal refusal) {
        if (refusal.reason() == Reason.CORRUPT) {
            throw StoreException.corrupt(refusal.detail());
        }
        if (refusal.reason() == Reason.INTERNAL) {
            throw new IllegalStateException(refusal.detail());
        }
    }
}
