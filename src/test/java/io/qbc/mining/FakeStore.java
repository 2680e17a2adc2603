package io.qbc.mining;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static io.qbc.bus.Catalogue.FIND_TIP;
import static io.qbc.bus.Catalogue.FIND_WAITING;
import static io.qbc.bus.Catalogue.HEAD_MOVED;
import static io.qbc.bus.Catalogue.KEEP;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.FindWaiting;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Catalogue.Waiting;
import io.qbc.bus.Failure;
import io.qbc.consensus.Engines;
import io.qbc.ledger.Pool.Entry;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Stands in for the store: keeps a log and one branch in memory, and judges quants by the real rules. */
final class FakeStore {
    final ChainSpec spec;
    final List<CompactQuant> quants = new ArrayList<>();
    final Map<Hash, Long> sequences = new LinkedHashMap<>();
    final TreeMap<Long, Transaction> waiting = new TreeMap<>();
    /** Chains of which nobody can read what waits. */
    final List<ChainSpec> damaged = new ArrayList<>();

    Tip tip;
    int staleAppends;
    private final Bus bus;
    private final QuantRules rules;
    private long next = 1;

    FakeStore(Bus bus, ChainSpec spec) {
        this.bus = bus;
        this.spec = spec;
        this.tip = Tip.genesis(spec);
        this.rules = new QuantRules(spec, Engines.of(spec.consensus()).orElseThrow(), Ed25519.VERIFIER, 15_000);
    }

    Future<?> serve() {
        return Future.all(
                bus.serve(FIND_CHAINS, q -> Future.succeededFuture(new Chains(chains()))),
                bus.serve(FIND_TIP, q -> Future.succeededFuture(tip)),
                bus.serve(FIND_WAITING, this::waiting),
                bus.serve(KEEP, this::keep),
                bus.serve(APPEND, append -> Future.succeededFuture(append(append))));
    }

    private List<Chain> chains() {
        return Stream.concat(damaged.stream(), Stream.of(spec))
                .map(each -> new Chain(each.id(), each, tip.head(), true))
                .toList();
    }

    private Future<Waiting> waiting(FindWaiting find) {
        if (damaged.stream().anyMatch(each -> each.id().equals(find.chain()))) {
            return Future.failedFuture(new Failure(Reason.CORRUPT, "block checksum mismatch in 000007.sst"));
        }
        List<Entry> entries = waiting.tailMap(find.from()).entrySet().stream()
                .map(e -> new Entry(
                        e.getKey(), e.getValue().id(), e.getValue().encoded().size(), 0))
                .toList();
        return Future.succeededFuture(new Waiting(entries, Optional.empty()));
    }

    private Future<Injected> keep(Keep keep) {
        List<Admission> admissions = new ArrayList<>();
        for (Submission submission : keep.submissions()) {
            Transaction transaction = submission.transaction();
            Long known = sequences.putIfAbsent(transaction.id(), next);
            if (known == null) {
                waiting.put(next, transaction);
                admissions.add(new Accepted(transaction.id(), next++));
            } else {
                admissions.add(new Repeated(transaction.id()));
            }
        }
        return Future.succeededFuture(new Injected(admissions));
    }

    Verdict append(Append append) {
        if (!append.compactQuant().header().previous().equals(tip.head().hash())) {
            staleAppends++;
            return new Verdict.Refused(Reason.PARENT_STALE.refusal("stale"));
        }
        for (Hash id : append.compactQuant().ids()) {
            if (!waiting.containsKey(sequences.get(id))) {
                return new Verdict.Refused(Reason.TRANSACTION_TWICE.refusal(id.hex()));
            }
        }
        QuantRules.Outcome outcome = rules.judge(
                tip,
                append.compactQuant(),
                List.of(),
                0,
                append.compactQuant().header().timestamp());
        if (outcome instanceof QuantRules.Outcome.Valid valid) {
            tip = valid.tip();
            quants.add(append.compactQuant());
            List<Placed> placed = new ArrayList<>();
            for (Hash id : append.compactQuant().ids()) {
                long sequence = sequences.get(id);
                waiting.remove(sequence);
                placed.add(new Placed(tip.head().height(), tip.head().hash(), 0, new LogRange(sequence, 1)));
            }
            bus.tell(HEAD_MOVED, new HeadMoved(spec.id(), tip, 0, placed));
            return new Verdict.Extended(tip.head());
        }
        return new Verdict.Refused(((QuantRules.Outcome.Broken) outcome).refusal());
    }
}
