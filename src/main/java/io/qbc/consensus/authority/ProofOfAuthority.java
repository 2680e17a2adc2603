package io.qbc.consensus.authority;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.EngineOperation;
import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.OperationForm;
import io.qbc.consensus.engine.Parameter;
import io.qbc.consensus.engine.Parent;
import io.qbc.consensus.engine.ProducerSeal;
import io.qbc.consensus.engine.Sealing;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
import io.qbc.consensus.engine.TimeSlots;
import io.qbc.consensus.engine.Turn;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Engine {@code poa}, proof of authority: known signers take time slots in turn.
 *
 * <p>Slot s is the turn of signer s mod n by key; the others may after {@code delay} milliseconds of it. A slot has at
 * most one quant of a branch, and a signer at most one in any n/2 + 1 quants. Signers vote others in and out with
 * operations {@code qbc.poa.vote}. Consensus fields: {@link FinalityVote}; see {@link Finality}. Weight: 2 in turn, 1
 * out of turn, and before all else how far the branch is justified. State: {@link AuthorityState}.
 */
public final class ProofOfAuthority implements Engine {
    public static final int SIGNERS_MAX = 99;
    public static final Parameter PERIOD = new Parameter("period", 10, 86_400_000, 1000);
    public static final Parameter DELAY = new Parameter("delay", 0, 86_400_000, 500);
    public static final List<Parameter> PARAMETERS = List.of(PERIOD, DELAY);
    public static final List<OperationForm> OPERATIONS = AuthorityOperations.FORMS;
    private static final int JUSTIFIED_SHIFT = 64;

    private final List<Bytes> founders;
    private final TimeSlots timeSlots;
    private final long delay;

    public ProofOfAuthority(ChainSpec.Consensus spec) {
        founders = spec.participants();
        timeSlots = new TimeSlots(PERIOD.of(spec));
        delay = Math.min(DELAY.of(spec), timeSlots.period() - 1);
    }

    @Override
    public Bytes genesis() {
        return AuthorityState.genesis(founders).encoded();
    }

    @Override
    public Turn turn(Parent parent, Bytes self, long now) {
        return seats(parent).turn(self, now);
    }

    @Override
    public Bytes prepare(Parent parent, long timestamp, Signer self, SigningRecord signingRecord) {
        long height = parent.header().height() + 1;
        long justified = AuthorityState.decode(parent.state()).finality().justified();
        return FinalityVote.at(height, justified, signingRecord).encoded();
    }

    @Override
    public Optional<SigningRecord> promise(Header draft, SigningRecord before) {
        Optional<SigningRecord> sealing = before.sealing(timeSlots.of(draft));
        FinalityVote vote = FinalityVote.of(draft);
        return vote.cast() ? sealing.flatMap(now -> now.voting(vote.source(), vote.from(), vote.to())) : sealing;
    }

    @Override
    public Sealing seal(Header draft, Signer signer, long chance) {
        return ProducerSeal.by(draft, signer);
    }

    @Override
    public int sealsMax() {
        return ProducerSeal.COUNT;
    }

    /** Who may sign changes with the chain, so that any key's sound seal passes here. */
    @Override
    public Optional<Refusal> checkAlone(CompactQuant quant, Signatures signatures) {
        Header header = quant.header();
        return FinalityVote.of(header).encoded().equals(header.consensus())
                ? ProducerSeal.check(quant, signatures)
                : Optional.of(Reason.CONSENSUS_FIELDS.refusal("the fields hold no vote"));
    }

    @Override
    public Optional<Refusal> check(CompactQuant quant, Parent parent, Signatures signatures) {
        Header header = quant.header();
        Seats seats = seats(parent);
        return seats.refusal(header.producer(), header.timestamp())
                .or(() -> vote(header, seats.state()))
                .or(() -> ProducerSeal.check(quant, signatures));
    }

    private static Optional<Refusal> vote(Header header, AuthorityState state) {
        FinalityVote vote = FinalityVote.of(header);
        long voted = state.signer(header.producer()).map(Authority::to).orElse(0L);
        boolean fits = vote.encoded().equals(header.consensus());
        boolean cast = vote.cast()
                && vote.from() > voted
                && vote.source() == state.finality().justified();
        return fits && (cast || !vote.cast())
                ? Optional.empty()
                : Optional.of(Reason.CONSENSUS_FIELDS.refusal("the vote must begin after " + voted
                        + " and have the source " + state.finality().justified()));
    }

    @Override
    public Bytes next(
            Parent parent, CompactQuant quant, List<EngineOperation> engineOperations, Signatures signatures) {
        AuthorityState before = AuthorityState.decode(parent.state());
        Header header = quant.header();
        List<Authority> signers = before.signers().stream()
                .map(signer -> signer.key().equals(header.producer()) ? after(signer, header) : signer)
                .toList();
        AuthorityState sealed = new AuthorityState(signers, before.ballots(), before.finality(), before.offences());
        AuthorityOperations authorityOperations =
                new AuthorityOperations(sealed, header.height(), timeSlots.of(header));
        for (EngineOperation engineOperation : engineOperations) {
            switch (engineOperation.type()) {
                case AuthorityOperations.VOTE -> authorityOperations.vote(engineOperation);
                case Evidence.TYPE ->
                    Evidence.of(engineOperation.payload(), header.chain())
                            .ifPresent(found -> authorityOperations.accuse(
                                    found, conflict(found.first(), found.second()), signatures, this::slot));
                default -> {
                    // Other operations are not this engine's.
                }
            }
        }
        return authorityOperations
                .state(before.finality().after(sealed.active()))
                .encoded();
    }

    private static Authority after(Authority signer, Header header) {
        FinalityVote vote = FinalityVote.of(header);
        return vote.cast() ? signer.vote(vote.from(), vote.to(), vote.source()) : signer.seal(header.height());
    }

    private long slot(Evidence evidence) {
        return Math.min(timeSlots.of(evidence.first()), timeSlots.of(evidence.second()));
    }

    @Override
    public BigInteger weight(Header header, Parent parent, Bytes state) {
        Seats seats = seats(parent);
        long gained = AuthorityState.decode(state).finality().justified()
                - seats.state().finality().justified();
        boolean inTurn = seats.inTurn(header.producer(), timeSlots.of(header));
        return BigInteger.valueOf(gained).shiftLeft(JUSTIFIED_SHIFT).add(BigInteger.valueOf(inTurn ? 2 : 1));
    }

    @Override
    public long finality(Parent parent) {
        return AuthorityState.decode(parent.state()).finality().finalised();
    }

    @Override
    public long slot(Header header) {
        return timeSlots.of(header);
    }

    /** No vote for a height that an earlier one may have been for, and none of an earlier slot. */
    @Override
    public SigningRecord forgotten(Parent head, long now) {
        long justified = AuthorityState.decode(head.state()).finality().justified();
        return new SigningRecord(timeSlots.at(now), justified, head.header().height());
    }

    @Override
    public boolean conflict(Header one, Header other) {
        boolean sameSlot = timeSlots.of(one) == timeSlots.of(other);
        return !one.equals(other)
                && one.producer().equals(other.producer())
                && (sameSlot || FinalityVote.of(one).contradicts(FinalityVote.of(other)));
    }

    @Override
    public Status status(Parent head, long now) {
        return seats(head).status(now);
    }

    private Seats seats(Parent parent) {
        return new Seats(parent, AuthorityState.decode(parent.state()), timeSlots, delay);
    }
}
