package io.qbc.consensus.stake;

import io.qbc.consensus.engine.EngineOperation;
import io.qbc.consensus.engine.Fields;
import io.qbc.consensus.engine.OperationForm;
import io.qbc.consensus.engine.OperationForm.Kind;
import io.qbc.consensus.engine.OperationForm.Member;
import io.qbc.consensus.engine.Parameter;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Engine {@code dpos}: holders vote with their bonds for those who stand ({@code qbc.dpos.vote}, {@code
 * qbc.dpos.stand}); the first {@code delegates} of them have power 1 each for an epoch, and take its slots in a
 * shuffled order.
 */
final class DelegatedStake implements Scheme {
    static final Parameter DELEGATES = new Parameter("delegates", 1, 101, 21);
    private static final String VOTE = "qbc.dpos.vote";
    private static final String STAND = "qbc.dpos.stand";

    static final List<OperationForm> FORMS = List.of(
            new OperationForm(STAND, List.of(new Member("stand", Kind.FLAG))),
            new OperationForm(VOTE, List.of(new Member("delegate", Kind.KEY))));

    private final long delegates;

    DelegatedStake(ChainSpec.Consensus spec) {
        delegates = DELEGATES.of(spec);
    }

    @Override
    public String name() {
        return "dpos";
    }

    @Override
    public void found(Holder holder) {
        holder.stands = true;
        holder.delegate = Optional.of(holder.key);
    }

    @Override
    public SortedMap<Bytes, Long> elect(StakeState state) {
        TreeMap<Bytes, Long> votes = new TreeMap<>();
        for (Holder voter : state.holders.values()) {
            voter.delegate
                    .filter(key -> eligible(state, key))
                    .ifPresent(key -> votes.merge(key, voter.bonded, Long::sum));
        }
        TreeMap<Bytes, Long> powers = new TreeMap<>();
        votes.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<Bytes, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(delegates)
                .forEach(entry -> powers.put(entry.getKey(), 1L));
        return powers;
    }

    private static boolean eligible(StakeState state, Bytes key) {
        return state.holder(key)
                .filter(holder -> holder.stands && !holder.barred)
                .isPresent();
    }

    @Override
    public LongFunction<Bytes> leaders(StakeState state) {
        List<Bytes> order = new ArrayList<>();
        state.holders.values().stream().filter(holder -> holder.power > 0).forEach(holder -> order.add(holder.key));
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, (int) Draw.below(i + 1L, state.seed, i));
        }
        return slot -> order.isEmpty() ? Bytes.EMPTY : order.get(Math.floorMod(slot, order.size()));
    }

    @Override
    public boolean apply(StakeState state, EngineOperation engineOperation) {
        switch (engineOperation.type()) {
            case VOTE ->
                state.holder(engineOperation.author())
                        .ifPresent(voter -> Fields.of(engineOperation.payload(), "delegate")
                                .flatMap(fields -> fields.key("delegate"))
                                .filter(key -> eligible(state, key))
                                .ifPresent(key -> voter.delegate = Optional.of(key)));
            case STAND ->
                state.holder(engineOperation.author())
                        .ifPresent(candidate -> Fields.of(engineOperation.payload(), "stand")
                                .flatMap(fields -> fields.flag("stand"))
                                .ifPresent(stand -> candidate.stands = stand));
            default -> {
                return false;
            }
        }
        return true;
    }
}
