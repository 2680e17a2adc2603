package io.qbc.sim;

import io.qbc.model.Hash;
import io.qbc.model.Signer;
import io.qbc.persistence.SimDisk;
import io.qbc.persistence.SimStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** One node: a disk that outlives it, and chains and a voice that do not. */
final class SimNode implements InstantSource {
    private final World world;
    private final int index;
    private final Signer signer;
    private final boolean honest;
    private final Map<Hash, Set<Hash>> acknowledged = new TreeMap<>();
    private final Map<Hash, SimChain> simChains = new LinkedHashMap<>();
    private SimDisk disk;
    private Optional<SimDisk> copy = Optional.empty();
    private SimStore store;
    private SimGossip simGossip;
    private int lives;
    private long startedAt;
    private boolean up;
    private boolean open;
    private boolean wiping;
    private boolean abstaining;
    private long skew;
    private boolean silent;
    private boolean withholding;

    SimNode(World world, int index, Signer signer, boolean honest) {
        this.world = world;
        this.index = index;
        this.signer = signer;
        this.honest = honest;
        this.disk = new SimDisk(world.scenario().bugs());
    }

    int index() {
        return index;
    }

    Signer signer() {
        return signer;
    }

    /** Whether its key runs nowhere else, and it makes nothing that it should not. */
    boolean honest() {
        return honest;
    }

    boolean up() {
        return up;
    }

    SimDisk disk() {
        return disk;
    }

    SimGossip simGossip() {
        return simGossip;
    }

    /** Its chains, none while it is down. */
    Collection<SimChain> simChains() {
        return simChains.values();
    }

    Optional<SimChain> post(Hash chain) {
        return Optional.ofNullable(simChains.get(chain));
    }

    /** What it has told a client of a chain to be safe. */
    Set<Hash> acknowledged(Track track) {
        return acknowledged.computeIfAbsent(track.id(), id -> new TreeSet<>());
    }

    void skew(long millis) {
        skew = millis;
    }

    void silence(boolean on) {
        silent = on;
    }

    void withhold(boolean on) {
        withholding = on;
    }

    /** Whether its key signs anything at present. */
    boolean speaks() {
        return !silent && !abstaining;
    }

    /** When its present life began by its clock, milliseconds since 1970. */
    long startedAt() {
        return startedAt;
    }

    boolean withholding() {
        return withholding;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(world.schedule().now() + skew);
    }

    /** Opens what the disk has. */
    void start() {
        up = true;
        lives++;
        startedAt = millis();
        attempt(() -> {
            store = new SimStore(disk, world.setup(), this);
            simGossip = new SimGossip(world, this);
            open = true;
            found();
            simGossip.begin();
        });
    }

    /** Opens, or begins, the chains that this node does not have open. */
    private void found() {
        for (Track track : world.tracks()) {
            if (!simChains.containsKey(track.id())) {
                SimChain.open(world, track, this, store).ifPresent(simChain -> {
                    simChains.put(track.id(), simChain);
                    track.checker().opened(simChain);
                    simGossip.opened(simChain);
                });
            }
        }
        if (store.damaged()) {
            replaceLater();
        }
    }

    /** Goes down at once, and what is not synced with it. */
    void crash() {
        up = false;
        open = false;
        simChains.clear();
        disk.crash(world.random());
    }

    /** Comes up with an empty disk. Its key keeps quiet from now on, as nobody knows what it has signed. */
    void replaceDisk() {
        wiping = false;
        abstaining = true;
        acknowledged.clear();
        world.tracks().forEach(track -> track.checker().forget(this));
        crash();
        disk = new SimDisk(world.scenario().bugs());
    }

    /** Keeps a copy of the disk as it is. */
    void copyDisk() {
        copy = Optional.of(disk.copy());
    }

    /** Goes down, to come up with the copy; what it has acknowledged since is lost, and its key signs again. */
    void restoreCopy() {
        acknowledged.clear();
        world.tracks().forEach(track -> track.checker().forget(this));
        crash();
        disk = copy.orElseThrow();
    }

    boolean wiping() {
        return wiping;
    }

    private void replaceLater() {
        if (!wiping) {
            wiping = true;
            world.mark(Mark.ROT_FOUND);
            world.schedule().in(world.random().nextInt(3000), "operator", () -> {
                if (wiping) {
                    replaceDisk();
                    start();
                }
            });
        }
    }

    /** Takes a failure for what it is if the disk is damaged; on a sound disk it is a finding. */
    void rotten(RuntimeException e) {
        if (!disk.isRotten() || !SimStore.isCorrupt(e)) {
            throw e;
        }
        replaceLater();
    }

    /** Reads what its disk has; false if that turns out to be damaged. */
    boolean reads(Runnable reading) {
        try {
            reading.run();
            return true;
        } catch (RuntimeException e) {
            rotten(e);
            return false;
        }
    }

    /** What is to be done in this life only. */
    Runnable later(Runnable work) {
        int life = lives;
        return () -> {
            if (life == lives) {
                guarded(work);
            }
        };
    }

    /** Does something in this node, which may go down over it. */
    private void guarded(Runnable work) {
        if (open) {
            attempt(work);
        }
    }

    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (Crash e) {
            world.mark(Mark.CRASHED);
            crash();
            world.restartLater(this);
        } catch (Violation e) {
            throw e;
        } catch (RuntimeException e) {
            rotten(e);
        }
    }

    void receive(SimNode from, Packet packet) {
        guarded(() -> simGossip.receive(from.index(), packet));
    }

    void beat() {
        guarded(() -> {
            found();
            simGossip.beat();
            simChains().forEach(simChain -> simChain.track().checker().rest(simChain));
        });
    }

    /** Does something with one of its chains, if that is here. */
    void with(Track track, Consumer<SimChain> work) {
        guarded(() -> post(track.id()).ifPresent(work));
    }

    /** Asks for leaps now and then. */
    void tick() {
        guarded(() -> {
            if (speaks()) {
                simChains().forEach(SimChain::look);
            }
        });
    }
}
