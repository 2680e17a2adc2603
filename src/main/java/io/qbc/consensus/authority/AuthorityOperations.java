package io.qbc.consensus.authority;

import io.qbc.consensus.engine.EngineOperation;
import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.Fields;
import io.qbc.consensus.engine.Offence;
import io.qbc.consensus.engine.OperationForm;
import io.qbc.consensus.engine.OperationForm.Kind;
import io.qbc.consensus.engine.OperationForm.Member;
import io.qbc.model.Bytes;
import io.qbc.model.Signatures;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** The signers at work on one quant's operations: votes that let in and put out, and evidence that suspends. */
final class AuthorityOperations {
    static final String VOTE = "qbc.poa.vote";
    static final List<OperationForm> FORMS =
            List.of(new OperationForm(VOTE, List.of(new Member("signer", Kind.KEY), new Member("add", Kind.FLAG))));
    /** How many open votes one signer may have. */
    private static final int OPEN_MAX = 4;

    private final TreeMap<Bytes, Authority> signers = new TreeMap<>();
    private final List<Ballot> ballots;
    private final List<Offence> offences;
    private final long height;
    private final long slot;
    private int examined;

    AuthorityOperations(AuthorityState state, long height, long slot) {
        state.signers().forEach(signer -> signers.put(signer.key(), signer));
        ballots = new ArrayList<>(state.ballots());
        offences = new ArrayList<>(state.offences());
        this.height = height;
        this.slot = slot;
    }

    AuthorityState state(Finality finality) {
        return new AuthorityState(List.copyOf(signers.values()), ballots, finality, offences);
    }

    /** Counts a signer's vote, and acts once more than half of the signers agree. */
    void vote(EngineOperation engineOperation) {
        Fields.of(engineOperation.payload(), "signer", "add")
                .ifPresent(fields -> fields.key("signer")
                        .ifPresent(subject ->
                                fields.flag("add").ifPresent(add -> vote(engineOperation.author(), subject, add))));
    }

    private void vote(Bytes voter, Bytes subject, boolean add) {
        if (!sits(voter)) {
            return;
        }
        ballots.removeIf(
                ballot -> ballot.voter().equals(voter) && ballot.subject().equals(subject));
        boolean open =
                ballots.stream().filter(ballot -> ballot.voter().equals(voter)).count() < OPEN_MAX;
        if (sits(subject) == add || !open) {
            return;
        }
        ballots.add(new Ballot(subject, voter, add));
        long votes = ballots.stream()
                .filter(ballot -> ballot.subject().equals(subject))
                .count();
        if (2 * votes > seats()) {
            decide(subject, add);
        }
    }

    private void decide(Bytes subject, boolean add) {
        if (add && (signers.containsKey(subject) || signers.size() < ProofOfAuthority.SIGNERS_MAX)) {
            signers.put(subject, Authority.fresh(subject, slot));
        } else if (!add && seats() > 1) {
            signers.remove(subject);
        }
        forget(ballot ->
                ballot.subject().equals(subject) || (!add && ballot.voter().equals(subject)));
    }

    /** Records two seals of one signer that contradict each other, and takes its seat unless it is the last. */
    void accuse(Evidence evidence, boolean conflict, Signatures signatures, ToLongFunction<Evidence> slotOf) {
        Authority accused = signers.get(evidence.producer());
        if (accused == null || accused.suspended() || !conflict || slotOf.applyAsLong(evidence) < accused.since()) {
            return;
        }
        Offence offence = evidence.offence(height);
        if (known(offence) || examined++ >= Evidence.PER_QUANT_MAX || !evidence.signed(signatures)) {
            return;
        }
        offences.add(offence);
        if (offences.size() > Offence.OFFENCES_KEPT) {
            offences.remove(0);
        }
        if (seats() > 1) {
            signers.put(accused.key(), accused.suspend());
            forget(ballot ->
                    ballot.voter().equals(accused.key()) || ballot.subject().equals(accused.key()));
        }
    }

    private boolean known(Offence offence) {
        return offences.stream()
                .anyMatch(old ->
                        old.first().equals(offence.first()) && old.second().equals(offence.second()));
    }

    private void forget(Predicate<Ballot> which) {
        ballots.removeIf(which);
    }

    private boolean sits(Bytes key) {
        Authority signer = signers.get(key);
        return signer != null && !signer.suspended();
    }

    private long seats() {
        return signers.values().stream().filter(signer -> !signer.suspended()).count();
    }
}
