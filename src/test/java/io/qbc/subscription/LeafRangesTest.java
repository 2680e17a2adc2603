package io.qbc.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Ranges of leaf indexes are what a set of them is. */
class LeafRangesTest {
    private static final int LEAVES = 40;

    @Test
    void theyAreASet() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            LeafRanges ranges = LeafRanges.NONE;
            TreeSet<Long> set = new TreeSet<>();
            for (int step = 0; step < 60; step++) {
                long leaf = random.nextInt(LEAVES);
                switch (random.nextInt(10)) {
                    case 0 -> {
                        ranges = ranges.from(leaf / 2);
                        set.headSet(leaf / 2, false).clear();
                    }
                    case 1 -> {
                        ranges = ranges.below(LEAVES - leaf / 2);
                        set.tailSet(LEAVES - leaf / 2, true).clear();
                    }
                    default -> {
                        ranges = ranges.with(leaf);
                        set.add(leaf);
                    }
                }
                check(ranges, set, seed);
            }
        }
    }

    private static void check(LeafRanges ranges, Set<Long> set, long seed) {
        assertThat(ranges.count()).as("seed %d", seed).isEqualTo(set.size());
        long end = -1;
        for (LeafRanges.Range range : ranges.ranges()) {
            assertThat(range.begin()).as("seed %d", seed).isGreaterThan(end);
            end = range.end();
        }
        for (long leaf = 0; leaf <= LEAVES; leaf++) {
            assertThat(ranges.has(leaf)).as("seed %d", seed).isEqualTo(set.contains(leaf));
        }
    }
}
