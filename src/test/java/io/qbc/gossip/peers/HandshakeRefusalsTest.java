package io.qbc.gossip.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.bus.Catalogue.RefusedCaller;
import io.qbc.protocol.session.SessionFault;
import org.junit.jupiter.api.Test;

class HandshakeRefusalsTest {
    private final HandshakeRefusals refusals = new HandshakeRefusals();

    private void note(String from, String address, SessionFault fault, long now) {
        refusals.note(from, address, fault, "why", now);
    }

    @Test
    void oneCallerIsOneHoweverOftenAndUnderWhateverName() {
        for (int i = 0; i < 1000; i++) {
            note("10.0.0.1", "http://10.0.0.1:" + i, SessionFault.SECRET_DIFFERS, i);
        }
        note("10.0.0.1", "", SessionFault.MODE_DIFFERS, 5_000);
        assertThat(refusals.of(5_000))
                .containsExactly(
                        new RefusedCaller("10.0.0.1", "http://10.0.0.1:999", "secret_differs", "why", 1000, 999),
                        new RefusedCaller("10.0.0.1", "", "mode_differs", "why", 1, 5_000));
    }

    @Test
    void thereAreNoMoreThanSoMany() {
        for (int i = 0; i < 1000; i++) {
            note("10.0.0." + i, "", SessionFault.NETWORK_DIFFERS, 0);
        }
        assertThat(refusals.of(0))
                .hasSize(64)
                .last()
                .matches(caller -> caller.from().equals("10.0.0.999"));
    }

    @Test
    void whatWasLongAgoIsNotTold() {
        note("10.0.0.1", "", SessionFault.NETWORK_DIFFERS, 0);
        assertThat(refusals.of(600_000)).hasSize(1);
        assertThat(refusals.of(600_001)).isEmpty();
    }
}
