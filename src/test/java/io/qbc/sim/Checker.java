package io.qbc.sim;

import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.consensus.Watch;
import io.qbc.ledger.ForkChoice;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Outline;
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
    private final Audit audit;
    private final Watch watch;
    private final TreeMap<Long, Hash> finals = new TreeMap<>();
    private final Map<Integer, Head> heads = new HashMap<>();
    private final Map<Integer, Long> checked = new HashMap<>();

    Checker(World world) {
        this.world = world;
        this.audit = new Audit(world);
        this.watch = new Watch(world.engine());
    }

    /** A node has started: all that it acknowledged must be there, and its chain no lighter than before. */
    void opened(SimNode node) {
        for (Hash id : node.acknowledged()) {
            Violation.unless(
                    node.ledger().has(id), "node " + node.index() + " lost the acknowledged transaction " + id);
        }
        moved(node);
    }

    /** A node has found a quant valid. */
    void judged(SimNode node, Outline outline, Tip tip) {
        Violation.unless(
                outline.header().timestamp() <= node.millis() + SimLedger.DRIFT,
                "node " + node.index() + " took a quant from too far in the future");
        if (audit.take(outline, tip)) {
            watch.see(outline)
                    .ifPresent(evidence ->
                            innocent(evidence.producer(), "signed two quants of which an honest key signs one"));
        }
    }

    /** A node has stored a quant. */
    void stored(SimNode node, Tip tip) {
        Violation.unless(
                !ForkChoice.better(tip.head(), node.ledger().tip().head()),
                "node " + node.index() + " left the better branch aside");
    }

    private void innocent(Bytes key, String what) {
        boolean faulty = world.nodes().stream()
                .anyMatch(node -> !node.honest() && node.signer().key().equals(key));
        Violation.unless(faulty, "an honest key " + what);
    }

    /** A node's head is another. */
    void moved(SimNode node) {
        Head head = node.ledger().tip().head();
        Head before = heads.put(node.index(), head);
        Violation.unless(
                before == null || !ForkChoice.better(before, head), "node " + node.index() + " went to a worse head");
        if (node.honest()) {
            finality(node, head);
        }
    }

    /**
     * What a node calls final must be what it, and every other honest node, ever called final, and never less than
     * before, through reorganisations and restarts.
     */
    private void finality(SimNode node, Head head) {
        long finality = node.ledger().finality();
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
    void rest(SimNode node) {
        if (!node.up()) {
            return;
        }
        Set<Hash> pool = new HashSet<>(node.waiting(Integer.MAX_VALUE));
        node.ledger()
                .waiting()
                .forEach(entry -> Violation.unless(
                        pool.contains(entry.id()),
                        "transaction " + entry.id() + " waits in the store of node " + node.index()
                                + " and not in its pool"));
        world.engine()
                .status(node.ledger().tip().parent(), node.millis())
                .offences()
                .forEach(offence -> innocent(offence.key(), "was found guilty"));
    }

    /** A transaction of the branch that ends in this quant; nothing if it has none. */
    Optional<Hash> placed(Hash head, Random random) {
        Optional<Hash> found = Optional.empty();
        int skip = random.nextInt(10);
        for (Seen at = audit.seen(head); at != null; at = audit.parent(at)) {
            List<Hash> ids = at.outline().ids();
            if (!ids.isEmpty()) {
                found = Optional.of(ids.get(random.nextInt(ids.size())));
                if (skip-- == 0) {
                    break;
                }
            }
        }
        return found;
    }

    private List<SimNode> honest() {
        return world.nodes().stream().filter(SimNode::honest).toList();
    }

    /** The least height of an honest node. */
    long height() {
        return honest().stream()
                .mapToLong(node -> node.ledger().tip().head().height())
                .min()
                .orElse(0);
    }

    /** How many heads the honest nodes have. */
    long heads() {
        return honest().stream()
                .map(node -> node.ledger().tip().head().hash())
                .distinct()
                .count();
    }

    boolean settled() {
        return open().isEmpty();
    }

    /** What an honest node has acknowledged and does not have in its chain. */
    Set<Hash> open() {
        Set<Hash> open = new TreeSet<>();
        for (SimNode node : honest()) {
            for (Hash id : node.acknowledged()) {
                Located located = node.ledger().locate(id);
                if (located instanceof Pending) {
                    open.add(id);
                }
            }
        }
        return open;
    }

    /** A last look at everything. */
    void end() {
        for (SimNode node : honest()) {
            rest(node);
            audit.root(audit.seen(node.ledger().tip().head().hash()));
            boolean superseded =
                    node.acknowledged().stream().anyMatch(id -> node.ledger().locate(id) instanceof Superseded);
            if (superseded) {
                world.mark(Mark.SUPERSEDED);
            }
        }
    }
}
