package io.qbc.protocol.announce;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestedIdsTest {
    private static final long PERIOD = 1000;
    private static final ChainSpec SPEC = Samples.pow("main");
    private static final Transaction ONE = Samples.transaction(SPEC, 1);
    private static final Transaction OTHER = Samples.transaction(SPEC, 2);

    private final RequestedIds requested = new RequestedIds(2, PERIOD, 0);

    @Test
    void anEarlierRunMayHaveAsked() {
        assertThat(requested.unasked(List.of(ONE), PERIOD - 1)).isFalse();
        assertThat(requested.unasked(List.of(ONE), PERIOD)).isTrue();
        assertThat(requested.unasked(List.of(), PERIOD)).isFalse();
    }

    @Test
    void whatWasAskedForCountsForAPeriodAtLeast() {
        requested.asked(List.of(ONE.id()), PERIOD + 500);
        assertThat(requested.unasked(List.of(OTHER, ONE), 2 * PERIOD + 499)).isFalse();
        assertThat(requested.unasked(List.of(OTHER), 2 * PERIOD + 499)).isTrue();
        assertThat(requested.unasked(List.of(ONE), 4 * PERIOD)).isTrue();
    }

    @Test
    void nobodyIsBlamedWhereMoreIsAskedForThanIsRemembered() {
        List<Hash> many = List.of(new Hash(1, 1, 1, 1), new Hash(2, 2, 2, 2), new Hash(3, 3, 3, 3));
        requested.asked(many, PERIOD);
        assertThat(requested.unasked(List.of(ONE), PERIOD)).isFalse();
        assertThat(requested.unasked(List.of(ONE), 2 * PERIOD)).isFalse();
        assertThat(requested.unasked(List.of(ONE), 3 * PERIOD)).isTrue();
    }
}
