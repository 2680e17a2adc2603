package io.qbc.consensus.authority;

import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * What more than two thirds of the signers have built on, in the two steps of Casper FFG (Buterin and Griffith, 2017)
 * with every quant as a checkpoint.
 *
 * <p>A height is justified when more than 2n/3 signers voted for it. A height is final when it and all up to some later
 * one are justified, and more than 2n/3 signers voted for that later one knowing it justified. As no honest signer
 * votes twice for one height, or goes back behind a source that it voted from, two branches can only be final beside
 * each other if more than a third of the signers signed what excludes each other, which {@code qbc.evidence} proves.
 *
 * @param start where the justified heights begin that reach up to {@code justified} without a gap
 * @param justified the highest justified height
 * @param finalised the highest final height
 */
record Finality(long start, long justified, long finalised) {
    static final Finality GENESIS = new Finality(0, 0, 0);

    /** After a quant, judged by the signers' votes with it. */
    Finality after(List<Authority> active) {
        int quorum = quorum(active.size());
        long reached = reach(active, justified, quorum);
        long begin = start;
        if (reached == justified) {
            begin = active.stream()
                    .mapToLong(Authority::from)
                    .filter(height -> height > justified + 1 && reach(active, height - 1, quorum) >= height)
                    .min()
                    .orElse(start);
            reached = begin == start ? justified : reach(active, begin - 1, quorum);
        }
        return new Finality(begin, reached, finalised(active, quorum, begin, reached));
    }

    static int quorum(int signers) {
        return 2 * signers / 3 + 1;
    }

    /** How far the votes of a quorum go without a gap above {@code height}. */
    private static long reach(List<Authority> active, long height, int quorum) {
        long reached = height;
        for (int rounds = 0; rounds <= active.size(); rounds++) {
            long above = reached + 1;
            reached = ranked(active, quorum, signer -> signer.covers(above), Authority::to, reached);
        }
        return reached;
    }

    private long finalised(List<Authority> active, int quorum, long begin, long reached) {
        long best = finalised;
        for (Authority candidate : active) {
            long target = candidate.to();
            if (target > begin && target <= reached) {
                long source = ranked(
                        active,
                        quorum,
                        signer -> signer.last() <= target && target <= signer.to(),
                        Authority::source,
                        -1);
                best = source >= begin && source < target ? Math.max(best, source) : best;
            }
        }
        return best;
    }

    /** The highest value that a quorum of those that fit has reached; {@code otherwise} if no quorum fits. */
    private static long ranked(
            List<Authority> active,
            int quorum,
            Predicate<Authority> fits,
            ToLongFunction<Authority> value,
            long otherwise) {
        return active.stream()
                .filter(fits)
                .map(value::applyAsLong)
                .sorted(Comparator.reverseOrder())
                .skip(quorum - 1L)
                .findFirst()
                .orElse(otherwise);
    }

    void write(Encoder out) {
        out.u64(start).u64(justified).u64(finalised);
    }

    static Finality read(Decoder in) {
        return new Finality(in.u64(), in.u64(), in.u64());
    }
}
