package io.qbc.consensus;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Parameter;
import io.qbc.consensus.engine.Parent;
import io.qbc.consensus.engine.ProducerSeal;
import io.qbc.consensus.engine.Sealing;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
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
 * Engine {@code dbc}, delegated block creation: the keys that the spec lists may create, and the creator signs.
 *
 * <p>With {@code turn} 0 any of them may at any time. With {@code turn} 1 they go round in the spec's order: the
 * quant at height h is due by delegate (h - 1) mod n, and the k-th after it may k times {@code timeout} milliseconds
 * after the parent's timestamp. No consensus fields, no proof; one seal, by the producer. Weight: 1 a quant. The
 * delegates are trusted: a seal is no promise.
 */
public final class DelegatedCreation implements Engine {
    static final Parameter TURN = new Parameter("turn", 0, 1, 0);
    static final Parameter TIMEOUT = new Parameter("timeout", 1, 86_400_000, 10_000);
    static final List<Parameter> PARAMETERS = List.of(TURN, TIMEOUT);

    private final List<Bytes> delegates;
    private final boolean inTurn;
    private final long timeout;

    public DelegatedCreation(ChainSpec.Consensus spec) {
        delegates = spec.participants();
        inTurn = TURN.of(spec) == 1;
        timeout = TIMEOUT.of(spec);
    }

    @Override
    public Turn turn(Parent parent, Bytes self, long now) {
        int index = delegates.indexOf(self);
        if (index < 0) {
            return new Turn.Never(ProducerSeal.notListed(self));
        }
        int rank = rank(parent, index);
        long due = due(parent, rank);
        return rank == 0 || due <= now ? new Turn.Now() : new Turn.At(due);
    }

    @Override
    public Bytes prepare(Parent parent, long timestamp, Signer self, SigningRecord signingRecord) {
        return Bytes.EMPTY;
    }

    @Override
    public Sealing seal(Header draft, Signer signer, long chance) {
        return ProducerSeal.by(draft, signer);
    }

    @Override
    public int sealsMax() {
        return ProducerSeal.COUNT;
    }

    @Override
    public Optional<Refusal> checkAlone(CompactQuant quant, Signatures signatures) {
        return fields(quant.header()).or(() -> ProducerSeal.check(quant, signatures));
    }

    private Optional<Refusal> fields(Header header) {
        if (!header.consensus().isEmpty()) {
            return Optional.of(Reason.CONSENSUS_FIELDS.refusal("dbc has no consensus fields"));
        }
        return delegates.contains(header.producer())
                ? Optional.empty()
                : Optional.of(ProducerSeal.notListed(header.producer()));
    }

    @Override
    public Optional<Refusal> check(CompactQuant quant, Parent parent, Signatures signatures) {
        Header header = quant.header();
        Optional<Refusal> broken = fields(header);
        if (broken.isPresent()) {
            return broken;
        }
        int rank = rank(parent, delegates.indexOf(header.producer()));
        if (rank > 0 && header.timestamp() < due(parent, rank)) {
            return Optional.of(Reason.NOT_DUE.refusal("the producer may not before " + due(parent, rank)));
        }
        return ProducerSeal.check(quant, signatures);
    }

    @Override
    public BigInteger weight(Header header, Parent parent, Bytes state) {
        return BigInteger.ONE;
    }

    @Override
    public Status status(Parent head, long now) {
        List<Status.Participant> participants = delegates.stream()
                .map(key -> new Status.Participant(key, 1, false, 0, 0))
                .toList();
        if (!inTurn) {
            return Status.plain("dbc", participants, Optional.empty());
        }
        long height = head.header().height() + 1;
        Bytes key = delegates.get(first(head));
        long until = head.header().timestamp() + timeout;
        String waiting = until > now
                ? "quant " + height + " is due by " + key.hex() + " alone until " + until
                : "quant " + height + " is due by " + key.hex() + ", which let its time pass; those after it may too";
        Status.Shift shift = new Status.Shift(key, height, until);
        return new Status("dbc", participants, Optional.of(shift), 0, 0, 0, List.of(), List.of(waiting));
    }

    /** How many delegates stand between the one whose turn it is and this one. */
    private int rank(Parent parent, int index) {
        return inTurn ? Math.floorMod(index - first(parent), delegates.size()) : 0;
    }

    private int first(Parent parent) {
        return (int) (parent.header().height() % delegates.size());
    }

    private long due(Parent parent, int rank) {
        return parent.header().timestamp() + rank * timeout;
    }
}
