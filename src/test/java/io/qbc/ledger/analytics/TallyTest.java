package io.qbc.ledger.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "7, 7, 7",
        "8, 8, 8",
        "9, 9, 9",
        "15, 15, 15",
        "16, 16, 17",
        "17, 16, 17",
        "18, 17, 19",
        "31, 23, 31",
        "32, 24, 34",
        "1000, 63, 992",
        "1023, 63, 992",
        "1024, 64, 1088",
        "9223372036854775807, 487, 8935141660703064064",
    })
    void aTimeFallsIntoABucketOfItsSize(long millis, int bucket, long middle) {
        assertThat(WaitSketch.bucket(millis)).isEqualTo(bucket);
        assertThat(WaitSketch.middle(bucket)).isEqualTo(middle);
    }

    @Test
    void quantilesAreRightWithinASixteenth() {
        Random random = new Random(7);
        Tally tally = new Tally();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            long wait = (long) Math.exp(random.nextDouble() * 15);
            waits.add(wait);
            tally.transaction(1, wait);
        }
        Collections.sort(waits);
        for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 1}) {
            double exact = waits.get((int) Math.ceil(share * waits.size()) - 1);
            assertThat(tally.wait(share).orElseThrow())
                    .as("%s", share)
                    .isBetween((long) (exact * 15 / 16) - 1, (long) (exact * 17 / 16) + 1);
        }
        assertThat(new Tally().wait(0.5)).isEmpty();
    }

    @Test
    void clocksThatDifferMakeNoWaitBelowNothing() {
        Tally tally = new Tally();
        tally.transaction(1, -5000);
        assertThat(tally.wait(0.5)).hasValue(0);
    }

    private static Tally of(long... waits) {
        Tally tally = new Tally();
        for (long wait : waits) {
            tally.transaction(100 + wait, wait);
        }
        tally.quant();
        return tally;
    }

    @Test
    void talliesAddUpAndAreTakenAwayAgain() {
        Tally tally = of(1, 20, 300);
        tally.add(of(4000, 7));
        assertThat(tally.encode()).isEqualTo(sum(of(4000, 7), of(1, 20, 300)).encode());
        assertThat(tally.transactions()).isEqualTo(5);
        assertThat(tally.bytes()).isEqualTo(500 + 1 + 20 + 300 + 4000 + 7);
        assertThat(tally.quants()).isEqualTo(2);
        assertThat(tally.waitMillis()).isEqualTo(1 + 20 + 300 + 4000 + 7);
        assertThat(tally.subtract(of(1, 20, 300))).isTrue();
        assertThat(tally.encode()).isEqualTo(of(4000, 7).encode());
        assertThat(tally.isEmpty()).isFalse();
        assertThat(tally.subtract(of(4000, 7))).isTrue();
        assertThat(tally.isEmpty()).isTrue();
    }

    private static Tally sum(Tally... tallies) {
        Tally sum = new Tally();
        for (Tally tally : tallies) {
            sum.add(tally);
        }
        return sum;
    }

    /** A time that its signer made up counts no more than a day. */
    @Test
    void aTransactionAddsADayAtMost() {
        Tally tally = of(-5, Long.MAX_VALUE, 2);
        assertThat(tally.waitMillis()).isEqualTo(Tally.WAIT_MAX_MILLIS + 2);
        assertThat(tally.subtract(of(Long.MAX_VALUE))).isTrue();
        assertThat(tally.waitMillis()).isEqualTo(2);
    }

    @Test
    void finalityAddsUpToo() {
        Tally tally = new Tally();
        tally.lag(4000);
        assertThat(tally.finality(0.5)).hasValue(WaitSketch.middle(WaitSketch.bucket(4000)));
        Tally other = new Tally();
        other.add(tally);
        other.lag(2);
        assertThat(Tally.decode(Bytes.wrap(other.encode())).orElseThrow().finality(0.5))
                .hasValue(2);
        assertThat(other.subtract(tally)).isTrue();
        assertThat(other.finality(1)).hasValue(2);
        assertThat(new Tally().subtract(tally)).isFalse();
    }

    @Test
    void whatWasNotAddedCannotBeTakenAway() {
        assertThat(of(1).subtract(of(2))).isFalse();
        assertThat(of(1).subtract(of(1, 1))).isFalse();
        assertThat(new Tally().subtract(of())).isFalse();
    }

    @Test
    void theStoredBytesAreReadAgain() {
        for (Tally tally : List.of(new Tally(), of(), of(1), of(1, 1, 2, 1_000_000, Long.MAX_VALUE / 4))) {
            byte[] bytes = tally.encode();
            Tally read = Tally.decode(Bytes.wrap(bytes)).orElseThrow();
            assertThat(read.encode()).isEqualTo(bytes);
            assertThat(read.transactions()).isEqualTo(tally.transactions());
            assertThat(Tally.transactions(Bytes.wrap(bytes))).isEqualTo(tally.transactions());
            assertThat(read.bytes()).isEqualTo(tally.bytes());
            assertThat(read.quants()).isEqualTo(tally.quants());
            assertThat(read.wait(0.99)).isEqualTo(tally.wait(0.99));
        }
        assertThat(of(1, 5, 9).encode()).hasSizeLessThan(16);
    }

    @Test
    void otherBytesAreNoTally() {
        Random random = new Random(11);
        assertThat(Tally.decode(Bytes.EMPTY)).isEmpty();
        byte[] bytes = of(1, 20, 300).encode();
        for (int size = 0; size < bytes.length; size++) {
            assertThat(Tally.decode(Bytes.wrap(bytes, 0, size))).isEmpty();
        }
        for (int i = 0; i < 10_000; i++) {
            byte[] some = new byte[random.nextInt(40)];
            random.nextBytes(some);
            // Whatever it says, it comes back.
            Tally.decode(Bytes.wrap(some))
                    .ifPresent(tally -> assertThat(tally.encode()).isNotEmpty());
        }
    }
}
