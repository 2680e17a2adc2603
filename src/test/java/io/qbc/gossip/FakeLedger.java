package io.qbc.gossip;

import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Admitted;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.bus.Catalogue.Fetched;
import io.qbc.bus.Catalogue.FindNews;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.FoundCompactQuant;
import io.qbc.bus.Catalogue.FoundQuant;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.News;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Catalogue.Unknown;
import io.qbc.bus.Catalogue.Which;
import io.qbc.consensus.Engines;
import io.qbc.ledger.ForkChoice;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One chain in memory, under the real rules, that answers what gossip asks of the store and of mining. */
final class FakeLedger {
    private final ChainSpec spec;
    private final Bus bus;
    private final QuantRules rules;
    private final Map<Hash, Stored> quants = new LinkedHashMap<>();
    private final Map<Hash, Transaction> transactions = new LinkedHashMap<>();
    private final NavigableMap<Long, Hash> log = new TreeMap<>();
    private final Set<Hash> quiet = new LinkedHashSet<>();
    private final Map<Hash, List<Append>> orphans = new LinkedHashMap<>();
    private List<Hash> main = new ArrayList<>();
    private Tip head;
    private int repeated;

    FakeLedger(ChainSpec spec, Bus bus) {
        this.spec = spec;
        this.bus = bus;
        rules = new QuantRules(spec, Engines.of(spec.consensus()).orElseThrow(), Ed25519.VERIFIER, Long.MAX_VALUE / 4);
        head = Tip.genesis(spec);
        quants.put(spec.id(), new Stored(new Quant(spec.genesis(), List.of(), List.of()), head));
        main.add(spec.id());
    }

    private record Stored(Quant quant, Tip tip) {}

    synchronized Chain chain() {
        return new Chain(spec.id(), spec, head.head(), true);
    }

    synchronized boolean holds(Hash quant) {
        return quants.containsKey(quant);
    }

    synchronized Tip tip() {
        return head;
    }

    synchronized Hash headHash() {
        return head.head().hash();
    }

    synchronized long height() {
        return head.head().height();
    }

    synchronized Set<Hash> stored() {
        return new LinkedHashSet<>(transactions.keySet());
    }

    synchronized int repeated() {
        return repeated;
    }

    void client(Transaction... fresh) {
        List<Submission> submissions = new ArrayList<>();
        for (Transaction transaction : fresh) {
            submissions.add(new Submission(transaction));
        }
        inject(new Inject(spec.id(), submissions, Origin.CLIENT));
    }

    /** Seals all that waits, as this ledger's own quant. */
    synchronized Quant leap() {
        List<Transaction> waiting =
                waiting(0).values().stream().map(transactions::get).toList();
        Quant quant = Samples.quant(spec, head, waiting, head.head().header().timestamp() + 1);
        append(Append.foreign(spec.id(), quant.compactQuant(), waiting));
        return quant;
    }

    synchronized Injected inject(Inject inject) {
        List<Admission> admissions = new ArrayList<>();
        for (Submission submission : inject.submissions()) {
            Transaction transaction = submission.transaction();
            if (transactions.containsKey(transaction.id())) {
                repeated++;
                admissions.add(new Repeated(transaction.id()));
            } else {
                admissions.add(new Accepted(transaction.id(), keep(transaction)));
            }
            if (inject.origin() == Origin.QUIET) {
                quiet.add(transaction.id());
            }
        }
        bus.tell(Catalogue.ADMITTED, new Admitted(spec.id()));
        return new Injected(admissions);
    }

    private long keep(Transaction transaction) {
        long sequence = log.size() + 1L;
        transactions.put(transaction.id(), transaction);
        log.put(sequence, transaction.id());
        return sequence;
    }

    synchronized Verdict append(Append append) {
        CompactQuant compactQuant = append.compactQuant();
        if (quants.containsKey(compactQuant.hash())) {
            return new Verdict.Known(compactQuant.hash());
        }
        Stored parent = quants.get(compactQuant.header().previous());
        if (parent == null) {
            return orphan(append);
        }
        Map<Hash, Transaction> supplied = new LinkedHashMap<>();
        append.supplied().forEach(transaction -> supplied.put(transaction.id(), transaction));
        List<Hash> missing = compactQuant.ids().stream()
                .filter(id -> !transactions.containsKey(id) && !supplied.containsKey(id))
                .toList();
        if (!missing.isEmpty()) {
            return new Verdict.Missing(missing);
        }
        QuantRules.Outcome outcome = rules.judge(
                parent.tip(), compactQuant, List.of(), 0, compactQuant.header().timestamp());
        if (outcome instanceof QuantRules.Outcome.Broken broken) {
            return new Verdict.Refused(broken.refusal());
        }
        supplied.values().stream()
                .filter(transaction -> !transactions.containsKey(transaction.id()))
                .forEach(this::keep);
        Verdict verdict = store(compactQuant, ((QuantRules.Outcome.Valid) outcome).tip());
        List<Append> waiting = orphans.remove(compactQuant.hash());
        if (waiting != null) {
            waiting.forEach(this::append);
        }
        return verdict;
    }

    private Verdict orphan(Append append) {
        Header header = append.compactQuant().header();
        if (orphans.size() < 64) {
            orphans.computeIfAbsent(header.previous(), h -> new ArrayList<>()).add(append);
        }
        bus.tell(Catalogue.ORPHANED, new Orphaned(spec.id(), header.previous(), header.height()));
        return new Verdict.Orphan(header.previous());
    }

    private Verdict store(CompactQuant compactQuant, Tip tip) {
        List<Transaction> content =
                compactQuant.ids().stream().map(transactions::get).toList();
        quants.put(
                compactQuant.hash(), new Stored(new Quant(compactQuant.header(), compactQuant.seals(), content), tip));
        if (!ForkChoice.better(tip.head(), head.head())) {
            return new Verdict.Aside(tip.head());
        }
        List<Hash> fresh = new ArrayList<>();
        for (Hash at = compactQuant.hash();
                !at.equals(Hash.ZERO);
                at = quants.get(at).quant().header().previous()) {
            int height = (int) quants.get(at).tip().head().height();
            if (height < main.size() && main.get(height).equals(at)) {
                break;
            }
            fresh.add(at);
        }
        Collections.reverse(fresh);
        int common = (int) tip.head().height() - fresh.size();
        int undone = main.size() - 1 - common;
        main = new ArrayList<>(main.subList(0, common + 1));
        main.addAll(fresh);
        head = tip;
        bus.tell(Catalogue.HEAD_MOVED, new HeadMoved(spec.id(), tip, undone, List.of()));
        return undone == 0 ? new Verdict.Extended(tip.head()) : new Verdict.Reorganised(tip.head(), undone);
    }

    private Map<Long, Hash> waiting(long after) {
        Set<Hash> placed = new LinkedHashSet<>();
        main.forEach(
                hash -> placed.addAll(quants.get(hash).quant().compactQuant().ids()));
        Map<Long, Hash> waiting = new TreeMap<>(log.tailMap(after, false));
        waiting.values().removeIf(placed::contains);
        return waiting;
    }

    synchronized News news(FindNews ask) {
        List<Hash> ids = new ArrayList<>();
        long upTo = ask.after();
        for (Map.Entry<Long, Hash> entry : waiting(ask.after()).entrySet()) {
            if (ids.size() == ask.countMax()) {
                return new News(ids, upTo);
            }
            upTo = entry.getKey();
            if (!quiet.contains(entry.getValue())) {
                ids.add(entry.getValue());
            }
        }
        return new News(ids, upTo);
    }

    synchronized Unknown unknown(Which which) {
        return new Unknown(
                which.ids().stream().filter(id -> !transactions.containsKey(id)).toList());
    }

    synchronized Fetched fetch(Fetch fetch) {
        List<Transaction> found = new ArrayList<>();
        long bytes = 0;
        for (Hash id : fetch.ids()) {
            Transaction transaction = transactions.get(id);
            if (transaction != null && (found.isEmpty() || bytes < fetch.bytesMax())) {
                found.add(transaction);
                bytes += transaction.encoded().size();
            }
        }
        return new Fetched(found);
    }

    synchronized FoundCompactQuant outline(Hash quant) {
        return new FoundCompactQuant(Optional.ofNullable(quants.get(quant))
                .map(stored -> stored.quant().compactQuant()));
    }

    synchronized FoundQuant quant(FindQuant ask) {
        Optional<Hash> hash = Optional.empty();
        if (ask.name() instanceof QuantName.ByHash by) {
            hash = Optional.of(by.hash());
        } else if (ask.name() instanceof QuantName.ByHeight by && by.height() < main.size()) {
            hash = Optional.of(main.get((int) by.height()));
        }
        return new FoundQuant(hash.map(quants::get).map(stored -> FakeReads.head(stored.quant())));
    }

    synchronized FakeReads reads() {
        return new FakeReads(main.stream().map(hash -> quants.get(hash).quant()).toList());
    }
}
