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

/** Makes transactions durable that are not here yet, one of each author and key. */
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

    private Admission admit(Group.Additions additions, Submission submission) {
        Transaction transaction = submission.transaction();
        if (!submission.fresh() && additions.sequence(transaction.id()).isPresent()) {
            return new Repeated(transaction.id());
        }
        Optional<Hash> scope = Scope.of(transaction);
        List<Transaction> before = scope.map(each -> before(additions, each)).orElse(List.of());
        return before.isEmpty()
                ? new Accepted(transaction.id(), additions.append(transaction, scope))
                : again(before, transaction);
    }

    /** Those of a scope that are here, the one in the chain first. */
    private List<Transaction> before(Group.Additions additions, Hash scope) {
        List<Transaction> before = new ArrayList<>();
        additions.inherited(scope).ifPresent(before::add);
        List<Long> entries = additions.scoped(scope);
        for (long sequence : entries) {
            boolean first = entries.size() > 1 && chain.isPlaced(sequence);
            before.add(first ? 0 : before.size(), additions.transaction(sequence));
        }
        return before;
    }

    private static Admission again(List<Transaction> before, Transaction transaction) {
        Bytes payload = transaction.payload();
        for (Transaction earlier : before) {
            if (earlier.payload().equals(payload)) {
                return new Repeated(earlier.id());
            }
        }
        return new Declined(Reason.KEY_REUSED.refusal("the key was used with other data by transaction "
                + before.get(0).id()));
    }

    @Override
    public void settled(Optional<Refusal> refusal) {
        if (refusal.isPresent()) {
            return;
        }
        for (int i = 0; i < submissions.size(); i++) {
            if (admissions.get(i) instanceof Accepted accepted) {
                chain.remember(
                        LogEntry.of(accepted.sequence(), submissions.get(i).transaction()));
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
