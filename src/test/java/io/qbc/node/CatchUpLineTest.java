package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.model.Hash;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CatchUpLineTest {
    private static CatchUp at(long height) {
        return new CatchUp(Hash.ZERO, "http://peer:5000", height, 1000, Duration.ofSeconds(9));
    }

    @Test
    void itTellsHowFarHowFastAndHowLong() {
        CatchUpLine line = new CatchUpLine(10_000, 100, 500_000);
        assertThat(line.text(at(100), 500_000, 10_000))
                .isEqualTo("catching up from http://peer:5000: height 100 of 1000, 0 transactions/s");
        assertThat(line.text(at(110), 700_000, 12_000))
                .isEqualTo("catching up from http://peer:5000: height 110 of 1000, 100000 transactions/s,"
                        + " about 2 min 58 s left");
        assertThat(line.text(at(999), 700_000, 12_000)).endsWith("about 0 s left");
        assertThat(line.text(at(101), 700_000, 72_000)).endsWith("about 15 h 28 min left");
    }
}
