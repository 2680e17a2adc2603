package io.qbc.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.sim.Simulation.Result;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A node with an older copy of its disk")
class OlderCopyTest {
    private static final int SEEDS = 40;

    @ParameterizedTest
    @ValueSource(strings = {"poa", "pos", "dpos"})
    @DisplayName("signs again, and nothing that contradicts what its key signed before")
    void listens(String engine) {
        assertThat(broken(engine, Set.of())).isEmpty();
    }

    @Test
    @DisplayName("contradicts itself if it signs at once")
    void theCheckIsAlive() {
        assertThat(broken("poa", Set.of(Bug.TRUST_COPY)))
                .extracting(Result::toString)
                .anyMatch(text -> text.contains("signed two quants"));
    }

    private static List<Result> broken(String engine, Set<Bug> bugs) {
        return LongStream.range(0, SEEDS)
                .mapToObj(seed -> Simulation.olderCopy(Scenario.of(engine, seed, bugs)))
                .filter(result -> result.violation().isPresent())
                .toList();
    }
}
