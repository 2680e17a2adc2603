package io.qbc.sim;

import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Entry;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.consensus.Evidence;
import io.qbc.consensus.Promise;
import io.qbc.consensus.Watch;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.SimDisk;
import io.qbc.persistence.SimLedger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One node: a disk that outlives it, and a ledger, a pool and a talk that do not. */
final class SimNode implements SimLedger.Listener, InstantSource {
    private static final int POOL = 10_000;

    private final World world;
    private final int index;
    private final Signer signer;
    private final boolean honest;
    private final SimDisk disk;
    private final Set<Hash> acknowledged = new TreeSet<>();
    private final Set<Bytes> accused = new TreeSet<>();
    private SimLedger ledger;
    private Pool pool;
    private Talk talk;
    private Watch watch;
    private Seat seat;
    private boolean up;
    private long skew;
    private boolean silent;
    private boolean withholding;

    SimNode(World world, int index, Signer signer, boolean honest) {
        this.world = world;
        this.index = index;
        this.signer = signer;
        this.honest = honest;
        this.disk = new SimDisk(world.scenario().bugs());
        start();
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

    SimLedger ledger() {
        return ledger;
    }

    /** What it has told a client to be safe. */
    Set<Hash> acknowledged() {
        return acknowledged;
    }

    Pool pool() {
        return pool;
    }

    List<Hash> waiting(int countMax) {
        return pool.first(countMax, Integer.MAX_VALUE).ids();
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

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(world.schedule().now() + skew);
    }

    /** Opens what the disk has. */
    void start() {
        up = true;
        ledger = new SimLedger(disk, world.setup(), this, this);
        pool = new Pool(POOL, Long.MAX_VALUE);
        talk = new Talk(world, this);
        watch = new Watch(world.engine());
        seat = new Seat(world, this, world.has(Bug.FORGET_PROMISE) ? Promise.NONE : ledger.promise());
        if (!world.has(Bug.FORGET_POOL)) {
            fill();
        }
        world.checker().opened(this);
    }

    /** Goes down at once, and what is not synced with it. */
    void crash() {
        up = false;
        disk.crash(world.random());
    }

    /** Fills the pool from the store. */
    void fill() {
        pool.clear();
        long now = millis();
        for (Entry entry : ledger.waiting()) {
            pool.add(entry.sequence(), entry.id(), entry.bytes(), now, false);
        }
    }

    /** Does something in this node, which may go down over it. */
    private void guarded(Runnable work) {
        if (!up) {
            return;
        }
        try {
            work.run();
        } catch (Crash e) {
            world.mark(Mark.CRASHED);
            crash();
            world.restartLater(this);
        }
    }

    void receive(SimNode from, Mail mail) {
        guarded(() -> talk.receive(from.index(), mail));
    }

    void beat() {
        guarded(talk::beat);
    }

    /** A client brings transactions. */
    void inject(Transaction transaction) {
        guarded(() -> {
            admit(List.of(transaction));
            talk.all(new Mail.Announce(List.of(transaction.id())));
        });
    }

    /** Makes durable what keeps the rules, and lets it wait. */
    void admit(List<Transaction> transactions) {
        List<Transaction> sound = transactions.stream()
                .filter(transaction -> ledger.check(transaction).isEmpty())
                .toList();
        if (sound.isEmpty()) {
            return;
        }
        Iterator<Transaction> each = sound.iterator();
        for (Admission admission : ledger.keep(sound).admissions()) {
            Transaction transaction = each.next();
            if (admission instanceof Accepted accepted) {
                pool.add(
                        accepted.sequence(),
                        accepted.id(),
                        transaction.encoded().size(),
                        millis(),
                        false);
                acknowledged.add(accepted.id());
            } else if (admission instanceof Repeated repeated) {
                acknowledged.add(repeated.id());
            }
        }
    }

    /** Looks whether it is this node's turn, and what it owes. */
    void tick() {
        guarded(() -> {
            if (!silent) {
                seat.look();
            }
        });
    }

    /** Brings in an order of its own and tells everybody. */
    void say(String type, Bytes payload) {
        Transaction order = world.traffic().order(signer, type, payload, millis());
        admit(List.of(order));
        talk.all(new Mail.Supply(List.of(order)));
    }

    Verdict append(Append append) {
        Verdict verdict = ledger.append(append);
        world.note(index + " " + verdict.getClass().getSimpleName());
        if (verdict instanceof Verdict.Refused) {
            world.mark(Mark.REFUSED);
        } else if (verdict instanceof Verdict.Aside) {
            world.mark(Mark.ASIDE);
        }
        return verdict;
    }

    @Override
    public void judged(Outline outline, Tip tip) {
        world.checker().judged(this, outline, tip);
    }

    @Override
    public void stored(Outline outline, Tip tip) {
        world.checker().stored(this, tip);
        watch.see(outline)
                .filter(evidence -> world.scenario().slotted() && accused.add(evidence.producer()))
                .ifPresent(evidence -> {
                    world.mark(Mark.EVIDENCE);
                    // Said in a turn of its own, as the product does.
                    world.schedule().in(1, "evidence", () -> guarded(() -> say(Evidence.TYPE, evidence.payload())));
                });
    }

    @Override
    public void moved(HeadMoved event) {
        if (event.undone() > 0 && !world.has(Bug.LOSE_ORPHANED)) {
            world.mark(Mark.REORGANISED);
            fill();
        } else {
            event.done().forEach(placed -> pool.remove(placed.run()));
        }
        world.checker().moved(this);
        Hash head = event.head().hash();
        boolean own = event.head().header().producer().equals(signer.key());
        long delay = own && withholding ? world.random().nextInt(5000) : 0;
        if (delay == 0) {
            talk.offer(head);
        } else {
            world.schedule().in(delay, "withheld", () -> guarded(() -> talk.offer(head)));
        }
    }

    @Override
    public void stocked() {
        fill();
    }
}
