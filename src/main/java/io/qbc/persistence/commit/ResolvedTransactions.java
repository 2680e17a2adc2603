package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.Append;
import io.qbc.consensus.engine.EngineOperation;
import io.qbc.ledger.Scope;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.chain.LogRanges;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.Terms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The transactions of one offered quant, found in the log or among those that came with it. */
public final class ResolvedTransactions {
    /** From how many on it pays to check them on several cores. */
    private static final int PARALLEL_COUNT_MIN = 256;

    private final OpenChain chain;
    private final List<Transaction> fresh = new ArrayList<>();
    private final List<Keyed> keyed = new ArrayList<>();
    private final List<Long> ordered = new ArrayList<>();
    private long[] sequences = {};
    private List<LogRange> known = List.of();
    private long[] terms = {};
    private int placed;
    private long bytes;
    private long resolvedAt;

    ResolvedTransactions(OpenChain chain) {
        this.chain = chain;
    }

    /** A transaction with a scope; {@code sequence} is 0 for one that is not in the log yet. */
    record Keyed(Hash scope, Hash id, long sequence) {}

    /** Finds them all; otherwise the verdict that ends the matter. */
    Optional<Verdict> resolve(Append append) {
        return append.own() ? own(append) : foreign(append);
    }

    /** Places in the log, in the quant's order; 0 where the next of {@link #fresh()} belongs. */
    long[] sequences() {
        return sequences;
    }

    /** Those that are not in the log yet, checked, in order. */
    public List<Transaction> fresh() {
        return fresh;
    }

    /** {@link OpenChain#kept} before the log was looked up. */
    long resolvedAt() {
        return resolvedAt;
    }

    /** Those that are in the log. */
    List<LogRange> known() {
        return known;
    }

    /** The type and the author of each, in the quant's order. */
    long[] terms() {
        return terms;
    }

    List<Keyed> keyed() {
        return keyed;
    }

    /** What its transactions tell the engine, in the quant's order; only those are read whole. */
    List<EngineOperation> engineOperations() {
        List<EngineOperation> engineOperations = new ArrayList<>();
        if (keyed.isEmpty()) {
            return engineOperations;
        }
        Set<Long> stored = new HashSet<>(ordered);
        int next = 0;
        for (int i = 0; i < sequences.length; i++) {
            if (sequences[i] == 0) {
                EngineOperation.of(fresh.get(next++)).ifPresent(engineOperations::add);
            } else if (stored.contains(sequences[i])) {
                EngineOperation.of(chain.log().transaction(sequences[i])).ifPresent(engineOperations::add);
            }
        }
        return engineOperations;
    }

    /** The encoded sizes of all, added up. */
    long bytes() {
        return bytes;
    }

    private Optional<Verdict> own(Append append) {
        List<Hash> ids = append.compactQuant().ids();
        if (LogRanges.count(append.logRanges()) != ids.size()) {
            return refused(Reason.QUANT_MALFORMED, "the runs do not hold as many transactions as the quant");
        }
        known = append.logRanges();
        sequences = LogRanges.sequences(known);
        int[] at = {0};
        boolean[] same = {true};
        terms = new long[2 * sequences.length];
        chain.heads(known, entry -> {
            same[0] &= entry.id().equals(ids.get(at[0]++));
            count(entry);
        });
        return same[0]
                ? Optional.empty()
                : refused(Reason.QUANT_MALFORMED, "the runs do not hold the quant's transactions");
    }

    private Optional<Verdict> foreign(Append append) {
        List<Hash> ids = append.compactQuant().ids();
        resolvedAt = chain.kept();
        sequences = chain.log().sequences(ids);
        List<Hash> missing = new ArrayList<>();
        pick(ids, append.supplied(), missing);
        if (!missing.isEmpty()) {
            return Optional.of(new Verdict.Missing(missing));
        }
        Stream<Transaction> unchecked = fresh.size() < PARALLEL_COUNT_MIN ? fresh.stream() : fresh.parallelStream();
        Optional<Refusal> broken =
                unchecked.map(this::check).flatMap(Optional::stream).findFirst();
        if (broken.isPresent()) {
            return Optional.of(new Verdict.Refused(broken.get()));
        }
        terms = new long[2 * sequences.length];
        fresh.forEach(this::count);
        placed = 0;
        known = LogRanges.of(
                Arrays.stream(sequences).filter(sequence -> sequence != 0).toArray());
        if (!known.isEmpty()) {
            chain.heads(known, this::count);
        }
        return Optional.empty();
    }

    /** Picks those that are not in the log; a peer in a catch-up gives all of them, in the quant's order. */
    private void pick(List<Hash> ids, List<Transaction> supplied, List<Hash> missing) {
        Map<Hash, Transaction> byId = new HashMap<>();
        for (int i = 0; i < sequences.length; i++) {
            if (sequences[i] != 0) {
                continue;
            }
            Hash id = ids.get(i);
            if (i < supplied.size() && supplied.get(i).id().equals(id)) {
                fresh.add(supplied.get(i));
                continue;
            }
            if (byId.isEmpty()) {
                supplied.forEach(transaction -> byId.put(transaction.id(), transaction));
            }
            Transaction found = byId.get(id);
            if (found == null) {
                missing.add(id);
            } else {
                fresh.add(found);
            }
        }
    }

    /** What came with the quant is read anew unless this node read it: the id that a sender states proves nothing. */
    private Optional<Refusal> check(Transaction stated) {
        return stated.proven() ? chain.transactionRules().check(stated) : prove(stated);
    }

    private Optional<Refusal> prove(Transaction stated) {
        Optional<Transaction> read = Transaction.decode(stated.encoded());
        if (read.isEmpty()) {
            return Optional.of(Reason.TRANSACTION_MALFORMED.refusal("transaction " + stated.id()));
        }
        if (!read.get().id().equals(stated.id())) {
            return Optional.of(Reason.TRANSACTION_ID.refusal(
                    "stated " + stated.id() + ", computed " + read.get().id()));
        }
        return chain.transactionRules().check(stated);
    }

    private void count(LogEntry entry) {
        while (sequences[placed] == 0) {
            placed++;
        }
        term(entry.terms());
        bytes += entry.bytes();
        if (entry.order()) {
            ordered.add(entry.sequence());
        }
        entry.scope().ifPresent(scope -> keyed.add(new Keyed(scope, entry.id(), entry.sequence())));
    }

    private void term(Terms of) {
        terms[2 * placed] = of.type();
        terms[2 * placed + 1] = of.author();
        placed++;
    }

    private void count(Transaction transaction) {
        while (sequences[placed] != 0) {
            placed++;
        }
        term(Terms.of(transaction));
        bytes += transaction.encoded().size();
        Scope.of(transaction).ifPresent(scope -> keyed.add(new Keyed(scope, transaction.id(), 0)));
    }

    private static Optional<Verdict> refused(Reason reason, String detail) {
        return Optional.of(new Verdict.Refused(reason.refusal(detail)));
    }
}
