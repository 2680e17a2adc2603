package io.qbc.protocol.announce;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Hash;
import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightRequestsTest {
    private static final Hash A = new Hash(1, 0, 0, 0);
    private static final Hash B = new Hash(2, 0, 0, 0);
    private static final Hash C = new Hash(3, 0, 0, 0);

    private final InFlightRequests inFlightRequests = new InFlightRequests(2, 100);

    @Test
    void oneOfTwoAnnouncersIsAsked() {
        assertThat(inFlightRequests.claim(List.of(A, B), 0)).containsExactly(A, B);
        assertThat(inFlightRequests.claim(List.of(A, B, C), 99)).containsExactly(C);
    }

    @Test
    void aRequestThatIsNotAnsweredTimesOut() {
        inFlightRequests.claim(List.of(A), 0);
        assertThat(inFlightRequests.claim(List.of(A), 100)).containsExactly(A);
        inFlightRequests.settle(List.of(A));
        assertThat(inFlightRequests.claim(List.of(A), 101)).containsExactly(A);
    }

    @Test
    void overTheLimitNoneIsKept() {
        inFlightRequests.claim(List.of(A, B, C), 0);
        assertThat(inFlightRequests.claim(List.of(A, B, C), 1)).containsExactly(C);
    }
}
