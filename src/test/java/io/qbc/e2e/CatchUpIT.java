package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node that was away")
class CatchUpIT {
    private static final int QUANTS = 2000;

    @Test
    @DisplayName("catches up 2,000 quants, also when it is killed on the way")
    void catchesUp(@TempDir Path home) {
        String spec = Chains.quick(home).toString();
        Plan first = Plan.in(home.resolve("1")).environment("QBC_CHAIN", spec).environment("QBC_LEAP_AGE", "0s");
        try (NodeProcess one = NodeProcess.start(first)) {
            Plan second = Plan.in(home.resolve("2"))
                    .environment("QBC_CHAIN", spec)
                    .environment("QBC_LEAP_AGE", "0s")
                    .peer(one.url());
            try (NodeProcess two = NodeProcess.start(second)) {
                Await.asserted(
                        "they know each other",
                        () -> assertThat(two.client().get("/discover").json()).hasSize(1));
                assertThat(two.terminate()).isZero();
                for (int i = 0; i < QUANTS; i++) {
                    if (i % 10 == 0) {
                        one.client().inject("{\"n\":" + i + "}").expect(202);
                    }
                    one.client().leap().expect(201);
                }
                two.restart();
                Await.until("it is on its way", () -> two.client().headHeight() > 10);
                two.kill9().restart();
                Await.asserted(
                        "it has the head",
                        () -> assertThat(two.client().headHash())
                                .isEqualTo(one.client().headHash()));
                assertThat(two.client().headHeight()).isEqualTo(QUANTS);
                assertThat(Chains.ids(two.client()))
                        .isEqualTo(Chains.ids(one.client()))
                        .hasSize(QUANTS / 10);
                assertThat(two.terminate()).isZero();
            }
            Chains.verifySound(second);
        }
    }
}
