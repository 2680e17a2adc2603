package io.qbc.http;

import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Ancestor;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Criteria;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.FoundQuant;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Catalogue.ListPlace;
import io.qbc.bus.Catalogue.ListTransactions;
import io.qbc.bus.Catalogue.ListedTransactions;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Operate;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.bus.Catalogue.Supersession;
import io.qbc.bus.Failure;
import io.qbc.consensus.Engines;
import io.qbc.ledger.Scope;
import io.qbc.ledger.Tip;
import io.qbc.merkle.Frontier;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/** A fake of one chain with its pool, in memory. Calls come from several threads. */
public final class FakeNode {
    public final ChainSpec spec;
    public final List<Inject> injects = new ArrayList<>();
    public final List<Operate> operations = new ArrayList<>();
    public final AtomicInteger reads = new AtomicInteger();
    private final Bus bus;
    private final List<Quant> chain = new ArrayList<>();
    private final List<Tip> tips = new ArrayList<>();
    private final Map<Hash, Quant> all = new HashMap<>();
    private final List<Transaction> log = new ArrayList<>();
    private final Map<Hash, Hash> scopes = new HashMap<>();
    private final Map<Hash, Transaction> byId = new HashMap<>();
    private final Map<Hash, Located> places = new HashMap<>();
    private int sealedUpTo;
    private volatile Optional<Refusal> refusal = Optional.empty();
    private volatile Optional<Refusal> stall = Optional.empty();
    private volatile boolean writable = true;
    private volatile boolean frozen;
    private volatile Function<Append, Verdict> judge =
            append -> new Verdict.Known(append.compactQuant().hash());

    FakeNode(Bus bus, ChainSpec spec) {
        this.bus = bus;
        this.spec = spec;
        begin(Tip.genesis(spec));
    }

    /** A fork, which has its parent's quants below its own. */
    FakeNode(Bus bus, ChainSpec spec, FakeNode parent) {
        this.bus = bus;
        this.spec = spec;
        int shared = (int) spec.fork().orElseThrow().height() + 1;
        chain.addAll(parent.chain.subList(0, shared));
        tips.addAll(parent.tips.subList(0, shared));
        chain.forEach(quant -> all.put(quant.header().hash(), quant));
        Tip point = headTip();
        begin(Tip.fork(spec, point.head(), point.frontier(), point.times()));
    }

    private void begin(Tip genesis) {
        Quant quant = new Quant(spec.genesis(), List.of(), List.of());
        chain.add(quant);
        tips.add(genesis);
        all.put(spec.id(), quant);
    }

    public void refuse(Reason reason) {
        refuse(reason.refusal("as the test wants"));
    }

    public void refuse(Refusal why) {
        refusal = Optional.of(why);
    }

    void freeze(boolean freezes) {
        frozen = freezes;
        refusal = freezes ? Optional.of(Reason.CHAIN_FROZEN.refusal("the chain is frozen")) : Optional.empty();
    }

    synchronized Chain now() {
        return new Chain(spec.id(), spec, headTip().head(), writable, frozen);
    }

    synchronized PoolState pool() {
        return new PoolState(log.size() - sealedUpTo, 100, Optional.of(5L), stall);
    }

    Verdict append(Append ask) {
        return judge.apply(ask);
    }

    /** The last quant that this chain and another share. */
    synchronized Ancestor ancestor(FakeNode other) {
        return new Ancestor(
                chain.stream().filter(other.chain::contains).reduce((a, b) -> b).map(this::head));
    }

    void stall(Refusal why) {
        stall = Optional.of(why);
    }

    void readOnly() {
        writable = false;
    }

    void judge(Function<Append, Verdict> verdict) {
        judge = verdict;
    }

    /** Puts a transaction in a state that this fake does not come to by itself. */
    synchronized void place(Transaction transaction, Located located) {
        places.put(transaction.id(), located);
    }

    /** The id of the transaction with this payload. */
    synchronized Hash pending(String payload) {
        return byId.values().stream()
                .filter(transaction -> transaction.payload().text().equals(payload))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** Lets another transaction take the place of one that waits, and tells. */
    public synchronized void supersede(Hash id, Hash standing, boolean same) {
        Transaction transaction = byId.get(id);
        place(transaction, new Superseded(transaction, standing, same));
        Supersession told = new Supersession(log.indexOf(transaction), id, standing, same);
        bus.tell(Catalogue.HEAD_MOVED, new HeadMoved(spec.id(), headTip(), 0, List.of(), List.of(told)));
    }

    /** Tells that a subscription to the chain stopped by itself. */
    public void disable(String subscription, String error) {
        bus.tell(Catalogue.SUBSCRIPTION_DISABLED, new SubscriptionDisabled(spec.id(), subscription, error));
    }

    synchronized Quant head() {
        return chain.get(chain.size() - 1);
    }

    public synchronized Quant quant(int height) {
        return chain.get(height);
    }

    /** Seals these transactions, or what waits if there are none, and tells. */
    public synchronized Quant leap(List<Transaction> given) {
        int from = sealedUpTo;
        log.addAll(given);
        given.forEach(transaction -> byId.put(transaction.id(), transaction));
        List<Transaction> waiting = List.copyOf(log.subList(from, log.size()));
        sealedUpTo = log.size();
        Tip tip = tips.get(tips.size() - 1);
        Quant quant = Samples.quant(spec, tip, waiting, tip.head().header().timestamp() + 1000);
        push(quant, tip);
        List<Placed> done = waiting.isEmpty()
                ? List.of()
                : List.of(new Placed(
                        quant.header().height(),
                        quant.header().hash(),
                        quant.header().treeSize() - quant.header().count(),
                        new LogRange(from, waiting.size())));
        bus.tell(Catalogue.HEAD_MOVED, new HeadMoved(spec.id(), headTip(), 0, done));
        return quant;
    }

    synchronized boolean holds(ChainSpec.ForkPoint point) {
        return all.containsKey(point.quant()) && chain.contains(all.get(point.quant()));
    }

    /** Takes the last quants off and puts empty ones of another time in their place. */
    public synchronized void reorganise(int undone, int done) {
        for (int i = 0; i < undone; i++) {
            chain.remove(chain.size() - 1);
            tips.remove(tips.size() - 1);
        }
        for (int i = 0; i < done; i++) {
            Tip tip = headTip();
            push(Samples.quant(spec, tip, List.of(), tip.head().header().timestamp() + 7), tip);
        }
        bus.tell(Catalogue.HEAD_MOVED, new HeadMoved(spec.id(), headTip(), undone, List.of()));
    }

    private void push(Quant quant, Tip tip) {
        Frontier grown = tip.frontier().append(quant.compactQuant().ids());
        tips.add(tip.next(
                quant.header(),
                quant.header().hash(),
                grown,
                Engines.of(spec.consensus()).orElseThrow(),
                tip.state()));
        chain.add(quant);
        all.put(quant.header().hash(), quant);
    }

    private Tip headTip() {
        return tips.get(tips.size() - 1);
    }

    synchronized Injected inject(Inject ask) {
        injects.add(ask);
        List<Admission> admissions = new ArrayList<>();
        for (Submission submission : ask.submissions()) {
            admissions.add(refusal.<Admission>map(Declined::new).orElseGet(() -> admit(submission)));
        }
        return new Injected(admissions);
    }

    /** Takes an operation in as a signed transaction would be. */
    synchronized Injected operate(Operate ask) {
        operations.add(ask);
        Body body = new Body(
                Canonical.VERSION,
                spec.id(),
                1,
                ask.key(),
                Samples.SIGNER.key(),
                ask.type(),
                0,
                Canonical.commitment(ask.salt(), ask.payload()),
                ask.payload().size());
        Transaction operation = Transaction.of(body, ask.salt(), Bytes.EMPTY, ask.payload());
        Submission submission = new Submission(operation);
        return inject(new Inject(spec.id(), List.of(submission), Origin.CLIENT));
    }

    private Admission admit(Submission submission) {
        Transaction transaction = submission.transaction();
        Optional<Hash> before = Scope.of(transaction).map(scopes::get);
        if (before.isPresent()) {
            Transaction old = byId.get(before.get());
            return old.payload().equals(transaction.payload())
                    ? new Repeated(old.id())
                    : new Declined(Reason.KEY_REUSED.refusal("the key belongs to " + old.id()));
        }
        if (byId.containsKey(transaction.id())) {
            return new Repeated(transaction.id());
        }
        Scope.of(transaction).ifPresent(scope -> scopes.put(scope, transaction.id()));
        log.add(transaction);
        byId.put(transaction.id(), transaction);
        return new Accepted(transaction.id(), log.size() - 1);
    }

    synchronized Leaped leaped() {
        if (refusal.isPresent()) {
            throw new Failure(refusal.get());
        }
        Quant quant = leap(List.of());
        return new Leaped(headTip().head(), 1, quant.header().count());
    }

    synchronized Located located(Hash id) {
        if (places.containsKey(id)) {
            return places.get(id);
        }
        for (Quant quant : chain) {
            List<Transaction> transactions = quant.transactions();
            for (int i = 0; i < transactions.size(); i++) {
                if (transactions.get(i).id().equals(id)) {
                    long first = quant.header().treeSize() - quant.header().count();
                    return new Committed(
                            transactions.get(i),
                            quant.header().height(),
                            quant.header().hash(),
                            first + i);
                }
            }
        }
        return Optional.ofNullable(byId.get(id)).<Located>map(Pending::new).orElseGet(Absent::new);
    }

    synchronized FoundQuant find(FindQuant ask) {
        Optional<Quant> found = ask.name() instanceof QuantName.ByHash byHash
                ? Optional.ofNullable(all.get(byHash.hash()))
                : ask.name() instanceof QuantName.ByHeight byHeight
                        ? Optional.of(byHeight.height())
                                .filter(height -> height < chain.size())
                                .map(height -> chain.get((int) (long) height))
                        : Optional.of(head());
        return new FoundQuant(found.map(this::head));
    }

    private QuantHead head(Quant quant) {
        return new QuantHead(quant.header(), quant.header().hash(), quant.seals(), chain.contains(quant));
    }

    synchronized Page read(Read ask) {
        reads.incrementAndGet();
        return FakePages.read(List.copyOf(chain), ask);
    }

    synchronized Page readQuant(ReadQuant ask) {
        return FakePages.quant(head(all.get(ask.quant())), all.get(ask.quant()).transactions(), ask);
    }

    /** The same list as a store gives, whose places are those in the log. */
    synchronized ListedTransactions list(ListTransactions ask) {
        Criteria criteria = ask.criteria();
        List<Located> found = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            int at = ask.newest() ? log.size() - 1 - i : i;
            Transaction transaction = log.get(at);
            Located located = located(transaction.id());
            boolean behind = ask.after()
                    .map(place -> ask.newest() ? at < place.height() : at > place.height())
                    .orElse(true);
            if (behind
                    && (located instanceof Committed || criteria.scope().isPresent())
                    && (criteria.scope().isEmpty() || criteria.scope().equals(Scope.of(transaction)))
                    && criteria.type().map(transaction.body().type()::equals).orElse(true)) {
                found.add(located);
            }
            if (found.size() == ask.bounds().countMax()) {
                return new ListedTransactions(found, Optional.of(new ListPlace(at, 0, 7)));
            }
        }
        return new ListedTransactions(found, Optional.empty());
    }

    /** Sample transactions with payloads of about this many bytes. */
    public List<Transaction> transactions(int from, int count, int bytes) {
        String filler = "x".repeat(bytes);
        return Stream.iterate(from, n -> n + 1)
                .limit(count)
                .map(n -> Samples.transaction(spec, n, "{\"n\":" + n + ",\"filler\":\"" + filler + "\"}"))
                .toList();
    }
}
