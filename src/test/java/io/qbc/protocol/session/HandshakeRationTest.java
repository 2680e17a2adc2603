package io.qbc.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HandshakeRationTest {
    private static final int RATE = 10;
    private static final int BURST = RATE * HandshakeRation.BURST_SECONDS;

    private final HandshakeRation ration = new HandshakeRation(RATE);

    private long taken(String source, int tries, long now) {
        return IntStream.range(0, tries).filter(i -> ration.take(source, now)).count();
    }

    @Test
    void oneSourceHasItsRationAndTakesNothingOfAnothers() {
        assertThat(taken("a", 1000, 0)).isEqualTo(BURST);
        assertThat(taken("b", 1, 0)).isEqualTo(1);
        assertThat(taken("a", 1000, 1_000)).isEqualTo(RATE);
        assertThat(taken("a", 1000, 1_050)).isZero();
        assertThat(taken("a", 1000, 3_600_000)).isEqualTo(BURST);
    }

    @Test
    void allSourcesTogetherHaveOneToo() {
        long all = IntStream.range(0, 1000)
                .mapToLong(source -> taken("s" + source, BURST, 0))
                .sum();
        assertThat(all).isEqualTo((long) BURST * HandshakeRation.SOURCES);
    }

    @Test
    void aClockThatIsPutBackGivesNothing() {
        assertThat(taken("a", 1000, 10_000)).isEqualTo(BURST);
        assertThat(taken("a", 1000, 0)).isZero();
        assertThat(taken("a", 1000, 1_000)).isEqualTo(RATE);
    }

    @Test
    void noLimitIsNone() {
        HandshakeRation none = new HandshakeRation(0);
        assertThat(IntStream.range(0, 10_000).allMatch(i -> none.take("a", 0))).isTrue();
    }
}
