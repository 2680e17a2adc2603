package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.Samples;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForkChoiceTest {
    private final Random random = Chance.random();

    @Test
    void prefersTheHeavier() {
        assertThat(ForkChoice.better(head(2, 9), head(1, 1))).isTrue();
        assertThat(ForkChoice.better(head(1, 1), head(2, 9))).isFalse();
        BigInteger beyondLong = BigInteger.ONE.shiftLeft(70);
        Head vast = new Head(hash(9), Samples.pow("main").genesis(), beyondLong);
        Head vaster = new Head(hash(9), Samples.pow("main").genesis(), beyondLong.add(BigInteger.ONE));
        assertThat(ForkChoice.better(vaster, vast)).isTrue();
    }

    @Test
    void prefersTheLowerHashOfTwoEquallyHeavy() {
        assertThat(ForkChoice.better(head(1, 1), head(1, 2))).isTrue();
        assertThat(ForkChoice.better(head(1, 2), head(1, 1))).isFalse();
        assertThat(ForkChoice.better(head(1, 1), head(1, -1)))
                .as("as unsigned numbers")
                .isTrue();
    }

    @Test
    void doesNotPreferAHeadToItself() {
        assertThat(ForkChoice.better(head(1, 1), head(1, 1))).isFalse();
    }

    @Test
    void isATotalOrder() {
        for (int i = 0; i < 5000; i++) {
            Head a = any();
            Head b = any();
            Head c = any();
            int ab = ForkChoice.ORDER.compare(a, b);
            assertThat(Integer.signum(ForkChoice.ORDER.compare(b, a))).isEqualTo(-Integer.signum(ab));
            assertThat(ab == 0)
                    .as("only a head equals itself")
                    .isEqualTo(a.hash().equals(b.hash()) && sameWeight(a, b));
            if (ab <= 0 && ForkChoice.ORDER.compare(b, c) <= 0) {
                assertThat(ForkChoice.ORDER.compare(a, c)).isNotPositive();
            }
        }
    }

    @Test
    void findsTheSameHeadInWhateverOrderTheyCome() {
        List<Head> heads = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            heads.add(any());
        }
        Head expected = Collections.max(heads, ForkChoice.ORDER);
        for (int round = 0; round < 100; round++) {
            Collections.shuffle(heads, random);
            Head present = heads.get(0);
            for (Head candidate : heads) {
                present = ForkChoice.better(candidate, present) ? candidate : present;
            }
            assertThat(present).isEqualTo(expected);
        }
    }

    private static boolean sameWeight(Head a, Head b) {
        return a.weight().equals(b.weight());
    }

    private Head any() {
        return head(random.nextInt(3), random.nextInt(5) - 2);
    }

    private static Head head(long weight, long hash) {
        return new Head(hash(hash), Samples.pow("main").genesis(), BigInteger.valueOf(weight));
    }

    private static Hash hash(long value) {
        return new Hash(value, 0, 0, value);
    }
}
