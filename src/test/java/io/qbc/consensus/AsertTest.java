package io.qbc.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.qbc.Chance;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AsertTest {
    private static final long SPACING = 600_000;
    private static final long HALF_LIFE = 172_800_000;
    private static final Asert ASERT = new Asert(1L << 30, 1, 1L << 53, SPACING, HALF_LIFE);

    @Test
    void staysOnSchedule() {
        for (long quants : new long[] {0, 1, 100, 1_000_000, 1L << 40}) {
            assertThat(ASERT.difficulty(quants, quants * SPACING)).isEqualTo(1L << 30);
        }
    }

    @Test
    void doublesAndHalvesExactlyAHalfLifeOffSchedule() {
        for (int steps = 0; steps <= 20; steps++) {
            assertThat(ASERT.difficulty(1000, 1000 * SPACING - steps * HALF_LIFE))
                    .isEqualTo(1L << (30 + steps));
            assertThat(ASERT.difficulty(1000, 1000 * SPACING + steps * HALF_LIFE))
                    .isEqualTo(1L << (30 - steps));
        }
    }

    /** The specification of aserti3 states an error of the cubic below 0.013 percent. */
    @Test
    void followsTheExponential() {
        Random random = Chance.random();
        for (int i = 0; i < 65_536; i++) {
            double exact = Math.pow(2, i / 65_536.0) * 65_536;
            assertThat((double) Asert.power(i)).isCloseTo(exact, within(exact * 0.000_13 + 1));
        }
        for (int i = 0; i < 10_000; i++) {
            long elapsed = 1000 * SPACING + (long) (random.nextGaussian() * 5 * HALF_LIFE);
            double exact = Math.pow(2, 30 + (1000.0 * SPACING - elapsed) / HALF_LIFE);
            double least = Math.max(1, Math.min(exact, 0x1p53));
            assertThat((double) ASERT.difficulty(1000, elapsed)).isCloseTo(least, within(least * 0.0003 + 1));
        }
    }

    @Test
    void neverRisesWithTime() {
        long before = Long.MAX_VALUE;
        for (long elapsed = -10 * HALF_LIFE; elapsed < 10 * HALF_LIFE; elapsed += 3_333_333) {
            long now = ASERT.difficulty(0, elapsed);
            assertThat(now).isLessThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void keepsItsBounds() {
        Asert bounded = new Asert(1000, 500, 2000, 1000, 10_000);
        assertThat(bounded.difficulty(0, Long.MAX_VALUE)).isEqualTo(500);
        assertThat(bounded.difficulty(Long.MAX_VALUE, Long.MIN_VALUE)).isEqualTo(2000);
        assertThat(bounded.difficulty(0, 10_000)).isEqualTo(500);
        assertThat(bounded.difficulty(0, -10_000)).isEqualTo(2000);
        assertThat(bounded.difficulty(0, 5_000)).isBetween(706L, 708L);
    }

    /** A miner with ten times the rate comes and goes; the schedule stays within a few half-lives' worth of quants. */
    @Test
    void holdsTheScheduleUnderAMinerThatComesAndGoes() {
        Random random = Chance.random();
        Asert asert = new Asert(1000, 1, 1L << 53, 1000, 288_000);
        double rate = 1;
        double time = 0;
        int quants = 20_000;
        for (int i = 0; i < quants; i++) {
            if (i % 500 == 0) {
                rate = rate > 1 ? 1 : 10;
            }
            long difficulty = asert.difficulty(i, (long) time);
            time += -Math.log(1 - random.nextDouble()) * difficulty / rate;
        }
        assertThat(time / quants).isCloseTo(1000, within(60.0));
    }
}
