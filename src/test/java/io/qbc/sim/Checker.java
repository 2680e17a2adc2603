package io.qbc.sim;

import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.consensus.engine.EquivocationDetector;
import io.qbc.ledger.ForkChoice;
import io.qbc.ledger.Scope;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.persistence.SimLedger;
import io.qbc.sim.Audit.Seen;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Watches every node, and throws as soon as one of the promises of the design is broken. */
final class Checker {
    private final World world;
    private final Track track;
    private final Audit audit;
    private final EquivocationDetector equivocationDetector;
    private final TreeMap<Long, Hash> finals = new TreeMap<>();
    private final Map<Integer, Head> heads = new HashMap<>();
    private final Map<Integer, Long> checked = new HashMap<>();

    Checker(World world, Track track, Tip genesis, Optional<Checker> past) {
        this.world = world;
        this.track = track;
        this.audit = new Audit(world, track, genesis, past.map(checker -> checker.audit));
        this.equivocationDetector = new EquivocationDetector(track.engine());
    }

    /** A node has started: all that it acknowledged must be there, and its chain no lighter than before. */
    void opened(SimChain simChain) {
        for (Hash id : simChain.acknowledged()) {
            Violation.unless(
                    !(simChain.ledger().locate(id) instanceof Absent),
                    "node " + simChain.node().index() + " lost the acknowledged transaction " + id);
        }
        moved(simChain);
    }

    /** A node has found a quant valid. */
    void judged(SimChain simChain, CompactQuant compactQuant, Tip tip) {
        SimNode node = simChain.node();
        Violation.unless(
                compactQuant.header().timestamp() <= node.millis() + SimLedger.DRIFT,
                "node " + node.index() + " took a quant from too far in the future");
        if (audit.take(compactQuant, tip)) {
            equivocationDetector
                    .see(compactQuant)
                    .ifPresent(evidence ->
                            innocent(evidence.producer(), "signed two quants of which an honest key signs one"));
        }
    }

    /** A node has stored a quant. */
    void stored(SimChain simChain, Tip tip) {
        Violation.unless(
                !ForkChoice.better(tip.head(), simChain.ledger().tip().head()),
                "node " + simChain.node().index() + " left the better branch aside");
    }

    private void innocent(Bytes key, String what) {
        boolean faulty = world.nodes().stream()
                .anyMatch(node -> !node.honest() && node.signer().key().equals(key));
        Violation.unless(faulty, "an honest key " + what);
    }

    /** A node's head is another. */
    void moved(SimChain simChain) {
        SimNode node = simChain.node();
        Head head = simChain.ledger().tip().head();
        Head before = heads.put(node.index(), head);
        Violation.unless(
                before == null || !ForkChoice.better(before, head), "node " + node.index() + " went to a worse head");
        if (node.honest()) {
            finality(simChain, head);
        }
    }

    /**
     * What a node calls final must be what it, and every other honest node, ever called final, and never less than
     * before, through reorganisations and restarts.
     */
    private void finality(SimChain simChain, Head head) {
        SimNode node = simChain.node();
        long finality = simChain.ledger().finality();
        long known = checked.getOrDefault(node.index(), 0L);
        Violation.unless(
                finality >= known,
                "node " + node.index() + " calls only " + finality + " final and called " + known + " so before");
        Seen at = audit.seen(head.hash());
        while (at != null && at.height() >= Math.max(1, known)) {
            if (at.height() <= finality) {
                Hash hash = at.tip().head().hash();
                Hash other = finals.putIfAbsent(at.height(), hash);
                Violation.unless(
                        other == null || other.equals(hash),
                        "two quants at height " + at.height() + " were called final");
            }
            at = audit.parent(at);
        }
        if (finality > known) {
            world.mark(Mark.FINAL);
        }
        checked.put(node.index(), finality);
    }

    /** A look at a node between two events. */
    void rest(SimChain simChain) {
        SimNode node = simChain.node();
        if (node.wiping()) {
            // It was interrupted by what it could not read, and gets a new disk before long.
            return;
        }
        Set<Hash> pool = new HashSet<>(simChain.waiting(Integer.MAX_VALUE));
        pool.stream()
                .filter(this::keyed)
                .forEach(id -> Violation.unless(
                        !(simChain.ledger().locate(id) instanceof Superseded),
                        "transaction " + id + " lost its place to another and waits in the pool of node "
                                + node.index()));
        simChain.ledger()
                .waiting()
                .forEach(entry -> Violation.unless(
                        pool.contains(entry.id()),
                        "transaction " + entry.id() + " waits in the store of node " + node.index()
                                + " and not in its pool"));
        track.engine()
                .status(simChain.ledger().tip().parent(), node.millis())
                .offences()
                .forEach(offence -> innocent(offence.key(), "was found guilty"));
    }

    private boolean keyed(Hash id) {
        return Scope.of(world.transactions().get(id)).isPresent();
    }

    /** A transaction of the branch that ends in this quant; nothing if it has none. */
    Optional<Hash> placed(Hash head, Random random) {
        Optional<Hash> found = Optional.empty();
        int skip = random.nextInt(10);
        for (Seen at = audit.seen(head); at != null; at = audit.parent(at)) {
            List<Hash> ids = at.compactQuant().ids();
            if (!ids.isEmpty()) {
                found = Optional.of(ids.get(random.nextInt(ids.size())));
                if (skip-- == 0) {
                    break;
                }
            }
        }
        return found;
    }

    /** Forgets what it knows of a node's head, whose disk is another. */
    void forget(SimNode node) {
        heads.remove(node.index());
        checked.remove(node.index());
    }

    private List<SimChain> honest() {
        return world.nodes().stream()
                .filter(SimNode::honest)
                .flatMap(node -> node.post(track.id()).stream())
                .toList();
    }

    /** The least height of an honest node. */
    long height() {
        return honest().stream()
                .mapToLong(simChain -> simChain.ledger().tip().head().height())
                .min()
                .orElse(0);
    }

    /** Whether every honest node has the chain. */
    boolean everywhere() {
        return honest().size() == world.nodes().stream().filter(SimNode::honest).count();
    }

    /** The height at which the chain begins. */
    long base() {
        return track.spec().genesis().height();
    }

    /** The most keys that any honest node finds in the chain. */
    int participants() {
        return honest().stream()
                .mapToInt(simChain -> track.engine()
                        .status(
                                simChain.ledger().tip().parent(),
                                simChain.node().millis())
                        .participants()
                        .size())
                .max()
                .orElse(0);
    }

    /** How many heads the honest nodes have. */
    long heads() {
        return honest().stream()
                .map(simChain -> simChain.ledger().tip().head().hash())
                .distinct()
                .count();
    }

    /** What an honest node has acknowledged and does not have in its chain, or cannot read. */
    Set<Hash> open() {
        Set<Hash> open = new TreeSet<>();
        for (SimChain simChain : honest()) {
            Set<Hash> all = Set.copyOf(simChain.acknowledged());
            boolean read = simChain.node()
                    .reads(() -> all.stream()
                            .filter(id -> simChain.ledger().locate(id) instanceof Pending)
                            .forEach(open::add));
            if (!read) {
                open.addAll(all);
            }
        }
        return open;
    }

    /** A last look at everything. */
    void end() {
        honest().forEach(simChain -> simChain.node().reads(() -> {
            rest(simChain);
            audit.root(audit.seen(simChain.ledger().tip().head().hash()));
            boolean superseded = simChain.acknowledged().stream()
                    .anyMatch(id -> simChain.ledger().locate(id) instanceof Superseded);
            if (superseded) {
                world.mark(Mark.SUPERSEDED);
            }
        }));
    }
}
