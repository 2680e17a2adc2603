package io.qbc.consensus.stake;

import io.qbc.model.Hash;

/** Checkpoints and what the votes make of them, as in Casper FFG (Buterin and Griffith, 2017). */
final class Justification {
    private static final int CHECKPOINTS_MAX = 16;

    private Justification() {}

    /** Notes the quant of a new checkpoint; of the old ones those that a vote may still be for are kept. */
    static void open(StakeState state, long number, Hash quant) {
        state.checkpoints.put(number, quant);
        state.checkpoints.headMap(state.justified, true).clear();
        if (state.checkpoints.size() > CHECKPOINTS_MAX) {
            state.checkpoints.pollFirstEntry();
        }
    }

    /** The power behind a checkpoint, by votes that build on what is justified now. */
    static long votes(StakeState state, long target) {
        return state.holders.values().stream()
                .filter(holder -> supports(state, holder, target))
                .mapToLong(holder -> holder.power)
                .sum();
    }

    static boolean supports(StakeState state, Holder holder, long target) {
        return !holder.barred
                && holder.vote
                        .filter(vote -> vote.target() == target && vote.source() == state.justified)
                        .isPresent();
    }

    /** Justifies a checkpoint with more than two thirds of the power behind it, and makes the one before it final. */
    static void count(StakeState state, long target) {
        if (3 * votes(state, target) <= 2 * state.power()) {
            return;
        }
        if (target == state.justified + 1) {
            state.finalised = state.justified;
        }
        state.justified = target;
    }
}
