package io.qbc.consensus.stake;

import io.qbc.consensus.engine.EngineOperation;
import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.Fields;
import io.qbc.consensus.engine.Offence;
import io.qbc.consensus.engine.OperationForm;
import io.qbc.consensus.engine.OperationForm.Kind;
import io.qbc.consensus.engine.OperationForm.Member;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Sha256;
import io.qbc.model.Signatures;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** One quant's operations at work on the state; one that makes no sense changes nothing. */
final class StakeOperations {
    private static final int UNBONDINGS_MAX = 8;
    private static final String BOND = "qbc.pos.bond";
    private static final String UNBOND = "qbc.pos.unbond";
    private static final String TRANSFER = "qbc.pos.transfer";
    private static final Member AMOUNT = new Member("amount", Kind.AMOUNT);
    static final List<OperationForm> FORMS = List.of(
            new OperationForm(BOND, List.of(AMOUNT)),
            new OperationForm(UNBOND, List.of(AMOUNT)),
            new OperationForm(TRANSFER, List.of(new Member("to", Kind.KEY), AMOUNT)));

    private final StakeState state;
    private final StakeRules rules;
    private final Header header;
    private final Signatures signatures;
    private final BiPredicate<Header, Header> conflict;
    private int examined;

    /** @param conflict whether two headers of one producer are more than it may seal */
    StakeOperations(
            StakeState state,
            StakeRules rules,
            Header header,
            Signatures signatures,
            BiPredicate<Header, Header> conflict) {
        this.state = state;
        this.rules = rules;
        this.header = header;
        this.signatures = signatures;
        this.conflict = conflict;
    }

    void obey(EngineOperation engineOperation) {
        switch (engineOperation.type()) {
            case BOND -> amount(engineOperation).ifPresent(amount -> bond(engineOperation.author(), amount));
            case UNBOND -> amount(engineOperation).ifPresent(amount -> unbond(engineOperation.author(), amount));
            case TRANSFER -> transfer(engineOperation);
            case Vote.TYPE -> Vote.of(engineOperation.payload()).ifPresent(vote -> vote(engineOperation, vote));
            case Evidence.TYPE -> accuse(engineOperation);
            default -> {
                // Other operations are not this engine's.
            }
        }
    }

    private static Optional<Long> amount(EngineOperation engineOperation) {
        return Fields.of(engineOperation.payload(), "amount")
                .flatMap(fields -> fields.number("amount"))
                .filter(amount -> amount > 0);
    }

    private void bond(Bytes author, long amount) {
        state.holder(author).filter(holder -> holder.liquid >= amount).ifPresent(holder -> {
            holder.liquid -= amount;
            holder.bonded += amount;
        });
    }

    private void unbond(Bytes author, long amount) {
        long open = state.unbondings.stream()
                .filter(each -> each.key().equals(author))
                .count();
        state.holder(author)
                .filter(holder -> holder.bonded >= amount && open < UNBONDINGS_MAX)
                .ifPresent(holder -> {
                    holder.bonded -= amount;
                    state.unbondings.add(new Unbonding(author, amount, state.epoch + rules.delay()));
                });
    }

    private void transfer(EngineOperation engineOperation) {
        Fields.of(engineOperation.payload(), "to", "amount")
                .ifPresent(fields -> fields.key("to")
                        .ifPresent(to -> fields.number("amount")
                                .ifPresent(amount -> transfer(engineOperation.author(), to, amount))));
    }

    private void transfer(Bytes from, Bytes to, long amount) {
        Optional<Holder> giver = state.holder(from).filter(holder -> amount > 0 && holder.liquid >= amount);
        boolean room = state.holders.containsKey(to)
                || (state.holders.size() < rules.holdersMax() && amount >= rules.minimum());
        if (giver.isPresent() && room) {
            giver.get().liquid -= amount;
            state.holders.computeIfAbsent(to, Holder::new).liquid += amount;
        }
    }

    /** Takes a vote on this branch in; one that contradicts the author's last one is an offence at once. */
    private void vote(EngineOperation engineOperation, Vote vote) {
        Optional<Holder> found =
                state.holder(engineOperation.author()).filter(holder -> !holder.barred && holder.power > 0);
        if (found.isEmpty()) {
            return;
        }
        Holder holder = found.get();
        if (holder.vote.filter(vote::contradicts).isPresent()) {
            slash(holder, offence(holder, vote));
            return;
        }
        boolean here = vote.source() == state.justified
                && vote.hash().equals(state.checkpoints.get(vote.target()))
                && holder.vote.map(last -> last.target() < vote.target()).orElse(true);
        if (here) {
            holder.vote = Optional.of(vote);
            Justification.count(state, vote.target());
        }
    }

    private Offence offence(Holder holder, Vote vote) {
        Hash before = hash(holder.vote.orElse(vote));
        return Offence.of(holder.key, header.height(), before, hash(vote));
    }

    private static Hash hash(Vote vote) {
        return Sha256.of(vote.payload().toArray());
    }

    private void accuse(EngineOperation engineOperation) {
        Hash chain = header.chain();
        Evidence.of(engineOperation.payload(), chain)
                .filter(evidence -> conflict.test(evidence.first(), evidence.second()))
                .filter(evidence -> punishable(evidence.producer()) && evidence.signed(signatures))
                .ifPresent(evidence -> slash(evidence.producer(), evidence.offence(header.height())));
        VoteEvidence.of(engineOperation.payload(), chain)
                .filter(evidence -> punishable(evidence.author()) && evidence.signed(signatures))
                .ifPresent(evidence -> slash(evidence.author(), evidence.offence(header.height())));
    }

    /** Whether it is worth checking the signatures against this key; each time it is, it counts. */
    private boolean punishable(Bytes key) {
        return state.holder(key).filter(holder -> !holder.barred).isPresent() && examined++ < Evidence.PER_QUANT_MAX;
    }

    private void slash(Bytes key, Offence offence) {
        state.holder(key).ifPresent(holder -> slash(holder, offence));
    }

    private void slash(Holder holder, Offence offence) {
        long lost = rules.slashed(holder.bonded);
        holder.bonded -= lost;
        state.burned += lost;
        holder.barred = true;
        state.unbondings.replaceAll(each -> each.key().equals(holder.key) ? slashed(each) : each);
        state.record(offence);
    }

    private Unbonding slashed(Unbonding unbonding) {
        long lost = rules.slashed(unbonding.amount());
        state.burned += lost;
        return new Unbonding(unbonding.key(), unbonding.amount() - lost, unbonding.epoch());
    }
}
