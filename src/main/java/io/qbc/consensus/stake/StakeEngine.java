package io.qbc.consensus.stake;

import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.EngineOperation;
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
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * The engines {@code pos} and {@code dpos}: stake in the chain's state, one leader a slot drawn from what leaders
 * reveal ({@link HashOnion}), checkpoints that two thirds of the power make final ({@link Justification}), and
 * slashing.
 *
 * <p>Consensus fields: the onion's layer. Weight: 1 a quant, and before all else how far the branch is justified.
 * State: {@link StakeState}.
 */
public final class StakeEngine implements Engine {
    public static final int PARTICIPANTS_MAX = 256;
    public static final long STAKE_MAX = 1L << 40;
    public static final List<Parameter> POS_PARAMETERS = List.of(
            StakeRules.PERIOD,
            StakeRules.EPOCH,
            StakeRules.DELAY,
            StakeRules.SLASH,
            StakeRules.STAKE,
            StakeRules.HOLDERS,
            StakeRules.MINIMUM);
    public static final List<Parameter> DPOS_PARAMETERS = Stream.concat(
                    POS_PARAMETERS.stream(), Stream.of(DelegatedStake.DELEGATES))
            .toList();
    public static final List<OperationForm> POS_OPERATIONS = StakeOperations.FORMS;
    public static final List<OperationForm> DPOS_OPERATIONS = Stream.concat(
                    POS_OPERATIONS.stream(), DelegatedStake.FORMS.stream())
            .toList();
    private static final int JUSTIFIED_SHIFT = 64;
    private static final int SLOTS_AHEAD = 1024;
    private static final int MISSED_MAX = 256;

    private final ChainSpec.Consensus spec;
    private final StakeRules rules;
    private final Scheme scheme;
    private final Epochs epochs;
    private final TimeSlots timeSlots;

    private StakeEngine(ChainSpec.Consensus spec, Scheme scheme) {
        this.spec = spec;
        this.scheme = scheme;
        rules = StakeRules.of(spec);
        epochs = new Epochs(rules, scheme);
        timeSlots = new TimeSlots(rules.period());
    }

    public static StakeEngine pos(ChainSpec.Consensus spec) {
        return new StakeEngine(spec, new ProofOfStake());
    }

    public static StakeEngine dpos(ChainSpec.Consensus spec) {
        return new StakeEngine(spec, new DelegatedStake(spec));
    }

    @Override
    public Bytes genesis() {
        StakeState state = new StakeState();
        for (int i = 0; i < spec.participants().size(); i++) {
            Holder holder = new Holder(spec.participants().get(i));
            holder.bonded = i < spec.stakes().size() ? spec.stakes().get(i) : rules.stake();
            scheme.found(holder);
            state.holders.put(holder.key, holder);
            state.mix = Draw.mix(state.mix, holder.key);
        }
        state.seed = Draw.seed(state.mix, 0);
        epochs.empower(state);
        return state.encoded();
    }

    @Override
    public Turn turn(Parent parent, Bytes self, long now) {
        StakeState state = StakeState.decode(parent.state());
        if (state.holder(self).filter(StakeEngine::able).isEmpty()) {
            return new Turn.Never(ProducerSeal.notListed(self));
        }
        LongFunction<Bytes> leaders = scheme.leaders(state);
        long open = Math.max(timeSlots.at(now), timeSlots.of(parent.header()) + 1);
        for (long slot = open; slot < open + SLOTS_AHEAD; slot++) {
            if (leaders.apply(slot).equals(self)) {
                return timeSlots.start(slot) <= now ? new Turn.Now() : new Turn.At(timeSlots.start(slot));
            }
        }
        return new Turn.At(timeSlots.start(open + SLOTS_AHEAD));
    }

    @Override
    public Bytes prepare(Parent parent, long timestamp, Signer self, SigningRecord signingRecord) {
        StakeState state = StakeState.decode(parent.state());
        return HashOnion.next(parent.chain(), state.holder(self.key()), self).encoded();
    }

    @Override
    public Optional<SigningRecord> promise(Header draft, SigningRecord before) {
        return before.sealing(timeSlots.of(draft));
    }

    @Override
    public Sealing seal(Header draft, Signer signer, long chance) {
        return ProducerSeal.by(draft, signer);
    }

    @Override
    public int sealsMax() {
        return ProducerSeal.COUNT;
    }

    /** Who holds stake changes with the chain, so that any key's sound seal passes here. */
    @Override
    public Optional<Refusal> checkAlone(CompactQuant quant, Signatures signatures) {
        return HashOnion.of(quant.header().consensus()).isPresent()
                ? ProducerSeal.check(quant, signatures)
                : Optional.of(Reason.CONSENSUS_FIELDS.refusal("the fields hold no layer"));
    }

    @Override
    public Optional<Refusal> check(CompactQuant quant, Parent parent, Signatures signatures) {
        Header header = quant.header();
        StakeState state = StakeState.decode(parent.state());
        Optional<Holder> producer = state.holder(header.producer()).filter(StakeEngine::able);
        if (producer.isEmpty()) {
            return Optional.of(ProducerSeal.notListed(header.producer()));
        }
        long slot = timeSlots.of(header);
        if (slot <= timeSlots.of(parent.header())) {
            return Optional.of(Reason.NOT_DUE.refusal("the slot " + slot + " has its quant"));
        }
        Bytes leader = scheme.leaders(state).apply(slot);
        if (!leader.equals(header.producer())) {
            return Optional.of(Reason.NOT_DUE.refusal("the slot " + slot + " is the turn of " + leader.hex()));
        }
        if (HashOnion.of(header.consensus())
                .filter(onion -> onion.fits(producer.get()))
                .isEmpty()) {
            return Optional.of(Reason.CONSENSUS_FIELDS.refusal("the layer does not fit the producer's commitment"));
        }
        return ProducerSeal.check(quant, signatures);
    }

    @Override
    public Bytes next(
            Parent parent, CompactQuant quant, List<EngineOperation> engineOperations, Signatures signatures) {
        Header header = quant.header();
        StakeState state = StakeState.decode(parent.state());
        if (parent.header().isGenesis()) {
            // A fork begins in the middle of its parent's counting.
            state.epoch = header.height() / rules.epoch();
        } else {
            countMissed(state, timeSlots.of(parent.header()), timeSlots.of(header));
        }
        state.holder(header.producer()).ifPresent(producer -> {
            producer.made++;
            HashOnion.of(header.consensus()).ifPresent(onion -> onion.peel(state, producer));
        });
        if (header.height() % rules.epoch() == 0) {
            Justification.open(state, header.height() / rules.epoch(), quant.hash());
        }
        StakeOperations work = new StakeOperations(state, rules, header, signatures, this::conflict);
        for (EngineOperation engineOperation : engineOperations) {
            if (!scheme.apply(state, engineOperation)) {
                work.obey(engineOperation);
            }
        }
        if ((header.height() + 1) % rules.epoch() == 0) {
            epochs.open(state, (header.height() + 1) / rules.epoch());
        }
        return state.encoded();
    }

    private void countMissed(StakeState state, long before, long slot) {
        LongFunction<Bytes> leaders = scheme.leaders(state);
        long end = Math.min(slot, before + 1 + MISSED_MAX);
        for (long empty = before + 1; empty < end; empty++) {
            state.holder(leaders.apply(empty)).ifPresent(holder -> holder.missed++);
        }
    }

    @Override
    public BigInteger weight(Header header, Parent parent, Bytes state) {
        long gained = StakeState.decode(state).justified - StakeState.decode(parent.state()).justified;
        return BigInteger.valueOf(gained).shiftLeft(JUSTIFIED_SHIFT).add(BigInteger.ONE);
    }

    @Override
    public long finality(Parent parent) {
        return StakeState.decode(parent.state()).finalised * rules.epoch();
    }

    @Override
    public long slot(Header header) {
        return timeSlots.of(header);
    }

    /** No vote for a checkpoint that an earlier one may have been for, and no seal in an earlier slot. */
    @Override
    public SigningRecord forgotten(Parent head, long now) {
        StakeState state = StakeState.decode(head.state());
        Map.Entry<Long, Hash> newest = state.checkpoints.lastEntry();
        return new SigningRecord(
                timeSlots.at(now), state.justified, newest == null ? state.justified : newest.getKey());
    }

    @Override
    public boolean conflict(Header one, Header other) {
        return !one.equals(other)
                && one.producer().equals(other.producer())
                && timeSlots.of(one) == timeSlots.of(other);
    }

    @Override
    public Optional<Duty> duty(Parent head, Bytes self, SigningRecord signingRecord) {
        StakeState state = StakeState.decode(head.state());
        Map.Entry<Long, Hash> newest = state.checkpoints.lastEntry();
        if (newest == null || state.holder(self).filter(StakeEngine::able).isEmpty()) {
            return Optional.empty();
        }
        Vote vote = new Vote(state.justified, newest.getKey(), newest.getValue());
        return vote.source() >= vote.target()
                ? Optional.empty()
                : signingRecord
                        .voting(vote.source(), vote.target(), vote.target())
                        .map(after -> new Duty(Vote.TYPE, vote.payload(), after));
    }

    private static boolean able(Holder holder) {
        return holder.power > 0 && !holder.barred;
    }

    @Override
    public Status status(Parent head, long now) {
        StakeState state = StakeState.decode(head.state());
        long slot = Math.max(timeSlots.at(now), timeSlots.of(head.header()) + 1);
        Bytes leader = scheme.leaders(state).apply(slot);
        List<Status.Participant> participants = state.holders.values().stream()
                .map(each -> new Status.Participant(each.key, each.power, each.barred, each.made, each.missed))
                .toList();
        return new Status(
                scheme.name(),
                participants,
                Optional.of(new Status.Shift(leader, slot, timeSlots.start(slot + 1))),
                state.finalised * rules.epoch(),
                state.justified * rules.epoch(),
                state.holders.values().stream().mapToLong(each -> each.missed).sum(),
                state.offences,
                waiting(state, leader, slot));
    }

    private List<String> waiting(StakeState state, Bytes leader, long slot) {
        List<String> waiting = new ArrayList<>();
        waiting.add("slot " + slot + " is the turn of " + leader.hex() + " until " + timeSlots.start(slot + 1));
        Map.Entry<Long, Hash> newest = state.checkpoints.lastEntry();
        if (newest != null && newest.getKey() > state.justified) {
            List<String> missing = state.holders.values().stream()
                    .filter(each -> able(each) && !Justification.supports(state, each, newest.getKey()))
                    .map(each -> each.key.hex())
                    .toList();
            waiting.add("checkpoint " + newest.getKey() + " has " + Justification.votes(state, newest.getKey()) + " of "
                    + (2 * state.power() / 3 + 1) + " votes; missing are those of " + String.join(", ", missing));
        }
        return waiting;
    }
}
