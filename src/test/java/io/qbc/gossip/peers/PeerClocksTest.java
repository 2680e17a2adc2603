package io.qbc.gossip.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The clocks of peers")
class PeerClocksTest {
    private static final Optional<String> EPOCH_MINUTE = Optional.of("Thu, 1 Jan 1970 00:01:00 GMT");
    private static final long VALID_MILLIS = 300_000;

    private final PeerClocks clocks = new PeerClocks();

    @Test
    @DisplayName("are read off the middle of a second, against the middle of the call")
    void middle() {
        clocks.heard("a", EPOCH_MINUTE, 50_000, 50_200);
        assertThat(clocks.aheadMillis(50_200)).contains(10_400L);
    }

    @Test
    @DisplayName("count by the middle one, so that one wrong clock moves nothing")
    void median() {
        clocks.heard("a", EPOCH_MINUTE, 60_500, 60_500);
        clocks.heard("b", EPOCH_MINUTE, 10_500, 10_500);
        clocks.heard("c", EPOCH_MINUTE, 60_400, 60_400);
        assertThat(clocks.aheadMillis(60_500)).contains(100L);
    }

    @Test
    @DisplayName("are not known by slow answers, old ones, and those without a date")
    void unknown() {
        clocks.heard("a", EPOCH_MINUTE, 50_000, 51_001);
        clocks.heard("b", Optional.empty(), 50_000, 50_000);
        clocks.heard("c", Optional.of("yesterday"), 50_000, 50_000);
        clocks.heard("d", EPOCH_MINUTE, 50_001, 50_000);
        assertThat(clocks.aheadMillis(50_000)).isEmpty();
        clocks.heard("e", EPOCH_MINUTE, 50_000, 50_000);
        assertThat(clocks.aheadMillis(50_000 + VALID_MILLIS)).isPresent();
        assertThat(clocks.aheadMillis(50_001 + VALID_MILLIS)).isEmpty();
    }
}
