package io.qbc.persistence.write;

import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.ledger.Scope;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes transactions durable that are not here yet, each idempotency key once. */
public final class KeepWrite implements Write {
    private static final int OVERHEAD_BYTES = 128;

    private final OpenChain chain;
    private final List<Submission> submissions;
    private final List<Admission> admissions;
    private final Promise<Injected> answer;

    public KeepWrite(OpenChain chain, Keep keep, Promise<Injected> answer) {
        this.chain = chain;
        this.submissions = keep.submissions();
        this.admissions = new ArrayList<>(submissions.size());
        this.answer = answer;
    }

    /** Makes them durable, or says of each why not. */
    public static Future<Injected> through(Writer writer, OpenChain chain, Keep keep) {
        Promise<Injected> answer = Promise.promise();
        KeepWrite write = new KeepWrite(chain, keep, answer);
        writer.offer(write, chain.number()).ifPresent(refusal -> answer.complete(write.declined(refusal)));
        return answer.future();
    }

    @Override
    public long bytes() {
        long bytes = 0;
        for (Submission submission : submissions) {
            bytes += OVERHEAD_BYTES + submission.transaction().encoded().size();
        }
        return bytes;
    }

    @Override
    public void put(Group group) {
        admissions.clear();
        Optional<Refusal> shut = shut();
        if (shut.isPresent()) {
            admissions.addAll(declined(shut.get()).admissions());
            return;
        }
        Group.Additions additions = group.to(chain);
        try {
            for (Submission submission : submissions) {
                admissions.add(admit(additions, submission));
            }
        } catch (StoreException e) {
            chain.metDamage().met(e);
            throw e;
        }
    }

    private Optional<Refusal> shut() {
        if (chain.closed()) {
            return Optional.of(Reason.CHAIN_UNKNOWN.refusal("the chain " + chain.id() + " was dropped"));
        }
        return chain.frozen()
                ? Optional.of(Reason.CHAIN_FROZEN.refusal("the chain takes no transactions"))
                : Optional.empty();
    }

    private static Admission admit(Group.Additions additions, Submission submission) {
        Transaction transaction = submission.transaction();
        if (submission.fresh() && submission.scope().isEmpty()) {
            return new Accepted(transaction.id(), additions.appendFresh(transaction));
        }
        if (additions.sequence(transaction.id()).isPresent()) {
            return new Repeated(transaction.id());
        }
        // A signed transaction's key belongs to its author on every node, whatever scope the sender names.
        Optional<Hash> scope = Scope.of(transaction).or(submission::scope);
        List<Long> before = scope.map(additions::scoped).orElse(List.of());
        return before.isEmpty()
                ? new Accepted(transaction.id(), additions.append(transaction, scope))
                : again(additions, before, transaction);
    }

    private static Admission again(Group.Additions additions, List<Long> before, Transaction transaction) {
        Bytes payload = transaction.payload();
        for (long sequence : before) {
            Transaction earlier = additions.transaction(sequence);
            if (earlier.payload().equals(payload)) {
                return new Repeated(earlier.id());
            }
        }
        Hash first = additions.transaction(before.get(0)).id();
        return new Declined(Reason.KEY_REUSED.refusal("the key was used with other data by transaction " + first));
    }

    @Override
    public void settled(Optional<Refusal> refusal) {
        if (refusal.isPresent()) {
            return;
        }
        for (int i = 0; i < submissions.size(); i++) {
            if (admissions.get(i) instanceof Accepted accepted) {
                Transaction transaction = submissions.get(i).transaction();
                LogEntry.unsigned(accepted.sequence(), transaction).ifPresent(chain::remember);
            }
        }
    }

    @Override
    public void answer(Optional<Refusal> refusal) {
        answer.complete(refusal.map(this::declined).orElseGet(() -> new Injected(admissions)));
    }

    /** The answer when none of them was taken. */
    public Injected declined(Refusal refusal) {
        List<Admission> all = new ArrayList<>(submissions.size());
        submissions.forEach(submission -> all.add(new Declined(refusal)));
        return new Injected(all);
    }
}
