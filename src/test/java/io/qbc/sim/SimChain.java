package io.qbc.sim;

import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.consensus.engine.Evidence;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.ledger.leap.LeapInput;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.SimLedger;
import io.qbc.persistence.SimStore;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Message.Taken;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One chain in one life of a node: its ledger, its pool, and the seat of the node's key in it. */
final class SimChain implements SimLedger.Listener {
    private static final int POOL = 10_000;

    private final World world;
    private final Track track;
    private final SimNode node;
    private final Set<Bytes> accused = new TreeSet<>();
    private final Pool pool = new Pool(POOL, Long.MAX_VALUE);
    private final SimLedger ledger;
    private final SimMiner simMiner;
    private boolean withheld;

    private SimChain(World world, Track track, SimNode node, SimStore store) {
        this.world = world;
        this.track = track;
        this.node = node;
        ledger = store.open(track.spec(), this);
        simMiner = new SimMiner(world, this);
        if (!world.has(Bug.FORGET_POOL)) {
            simMiner.step(new LeapInput.Load());
        }
    }

    /** Opens a chain or begins it; nothing if it is damaged, or a fork of what is not here. */
    static Optional<SimChain> open(World world, Track track, SimNode node, SimStore store) {
        return store.has(track.spec()) ? Optional.of(new SimChain(world, track, node, store)) : Optional.empty();
    }

    Track track() {
        return track;
    }

    SimNode node() {
        return node;
    }

    SimLedger ledger() {
        return ledger;
    }

    Pool pool() {
        return pool;
    }

    Claim claim() {
        return Claim.of(track.id(), ledger.tip().head());
    }

    /** What this node has told a client of the chain to be safe. */
    Set<Hash> acknowledged() {
        return node.acknowledged(track);
    }

    List<Hash> waiting(int countMax) {
        return pool.first(countMax, Integer.MAX_VALUE).ids();
    }

    /** Asks for a leap now and then. */
    void look() {
        simMiner.look();
    }

    /** A client brings a transaction, or this node itself. */
    void inject(Transaction transaction) {
        take(List.of(transaction));
    }

    /** Makes durable what keeps the rules, and lets it wait. */
    Taken take(List<Transaction> transactions) {
        List<Transaction> sound = transactions.stream()
                .filter(transaction -> ledger.check(transaction).isEmpty())
                .toList();
        if (sound.isEmpty()) {
            return new Taken(0, false);
        }
        int count = 0;
        boolean later = false;
        Iterator<Transaction> each = sound.iterator();
        for (Admission admission : ledger.keep(sound).admissions()) {
            Transaction transaction = each.next();
            if (admission instanceof Declined declined) {
                later |= declined.refusal().reason().retryable();
                continue;
            }
            count++;
            if (admission instanceof Accepted accepted) {
                int size = transaction.encoded().size();
                pool.add(accepted.sequence(), accepted.id(), size, node.millis(), false);
                acknowledged().add(accepted.id());
            } else if (admission instanceof Repeated repeated) {
                acknowledged().add(repeated.id());
            }
        }
        simMiner.step(new LeapInput.PoolGrew());
        node.simGossip().admitted(this);
        return new Taken(count, later);
    }

    /** Brings in an order of its own. */
    void say(String type, Bytes payload) {
        inject(track.traffic().order(node.signer(), type, payload, node.millis()));
    }

    Verdict append(Append append) {
        Verdict verdict = ledger.append(append);
        world.note(node.index() + " " + verdict.getClass().getSimpleName());
        if (verdict instanceof Verdict.Refused) {
            world.mark(Mark.REFUSED);
        } else if (verdict instanceof Verdict.Aside) {
            world.mark(Mark.ASIDE);
        }
        return verdict;
    }

    @Override
    public void judged(CompactQuant compactQuant, Tip tip) {
        track.checker().judged(this, compactQuant, tip);
    }

    @Override
    public void stored(CompactQuant compactQuant, Tip tip) {
        track.checker().stored(this, tip);
    }

    @Override
    public void caught(Evidence evidence) {
        if (track.slotted() && accused.add(evidence.producer())) {
            world.mark(Mark.EVIDENCE);
            // Said in a turn of its own, as the product does.
            world.schedule().in(1, "evidence", node.later(() -> say(Evidence.TYPE, evidence.payload())));
        }
    }

    @Override
    public void moved(HeadMoved event) {
        if (event.undone() > 0) {
            world.mark(Mark.REORGANISED);
        }
        int undone = world.has(Bug.LOSE_ORPHANED) ? 0 : event.undone();
        simMiner.step(new LeapInput.HeadMoved(event.tip(), undone, event.gone()));
        track.checker().moved(this);
        boolean own = event.head().header().producer().equals(node.signer().key());
        int delay = own && node.withholding() ? world.random().nextInt(5000) : 0;
        if (delay > 0) {
            withheld = true;
            world.schedule().in(delay, "withheld", node.later(() -> {
                withheld = false;
                node.simGossip().headMoved(this, 1);
            }));
        } else {
            node.simGossip().headMoved(this, event.undone());
        }
    }

    /** Whether it keeps its newest quant to itself. */
    boolean withheld() {
        return withheld;
    }

    @Override
    public void stocked() {
        simMiner.step(new LeapInput.BacklogGrew(0));
    }
}
