package io.qbc.consensus.stake;

import io.qbc.model.Hash;

/** Checkpoints and what the votes make of them, as in Casper FFG (Buterin and Griffith, 2017). */
final class Justification {
    private static final int CHECKPOINTS_MAX = 16;

    private Justification() {}

    /** Notes the quant of a new checkpoint; of the old ones those that a vote may still be for are kept. */
    static void open(StakeBook book, long number, Hash quant) {
        book.checkpoints.put(number, quant);
        book.checkpoints.headMap(book.justified, true).clear();
        if (book.checkpoints.size() > CHECKPOINTS_MAX) {
            book.checkpoints.pollFirstEntry();
        }
    }

    /** The power behind a checkpoint, by votes that build on what is justified now. */
    static long votes(StakeBook book, long target) {
        return book.holders.values().stream()
                .filter(holder -> supports(book, holder, target))
                .mapToLong(holder -> holder.power)
                .sum();
    }

    static boolean supports(StakeBook book, Holder holder, long target) {
        return !holder.barred
                && holder.vote
                        .filter(vote -> vote.target() == target && vote.source() == book.justified)
                        .isPresent();
    }

    /** Justifies a checkpoint with more than two thirds of the power behind it, and makes the one before it final. */
    static void count(StakeBook book, long target) {
        if (3 * votes(book, target) <= 2 * book.power()) {
            return;
        }
        if (target == book.justified + 1) {
            book.finalised = book.justified;
        }
        book.justified = target;
    }
}
