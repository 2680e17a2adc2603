package io.qbc.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.consensus.Engines;
import io.qbc.sim.Simulation.Result;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many small networks under many faults: no promise is broken, and a run can be repeated exactly. */
class SimulationTest {
    private static final Logger LOG = LoggerFactory.getLogger(SimulationTest.class);
    private static final long FIRST = Long.getLong("qbc.sim.first", 0);
    private static final int SEEDS = Integer.getInteger("qbc.sim.seeds", 200);
    private static final int ENOUGH = 100;
    private static final int BROKEN_MAX = 4;
    private static final String ENGINE = System.getProperty("qbc.sim.engine", "");
    /** What needs a finality or a double signature, which engines without slots do not have. */
    private static final Set<Mark> SLOTTED = Set.of(Mark.FINAL, Mark.EVIDENCE);

    static Stream<String> engines() {
        return Engines.NAMES.stream().filter(engine -> ENGINE.isEmpty() || ENGINE.equals(engine));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void keepsEveryPromise(String engine) {
        Map<Mark, Integer> marks = new EnumMap<>(Mark.class);
        List<Result> broken = new ArrayList<>();
        long millis = 0;
        long events = 0;
        long begin = System.nanoTime();
        for (long seed = FIRST; seed < FIRST + SEEDS && broken.size() < BROKEN_MAX; seed++) {
            Result result = Simulation.run(Scenario.of(engine, seed, Set.of()));
            if (result.violation().isPresent()) {
                broken.add(result);
            }
            millis += result.millis();
            events += result.events();
            result.marks().forEach((mark, count) -> marks.merge(mark, count, Integer::sum));
        }
        assertThat(broken).isEmpty();
        LOG.info(
                "{}: {} seeds, {} simulated hours, {} events in {} s; {}",
                engine,
                SEEDS,
                Math.round(millis / 36_000.0) / 100.0,
                events,
                (System.nanoTime() - begin) / 1_000_000_000,
                marks);
        if (SEEDS >= ENOUGH) {
            boolean slotted = Track.SLOTTED.contains(engine);
            assertThat(marks.keySet())
                    .containsAll(Stream.of(Mark.values())
                            .filter(mark -> slotted || !SLOTTED.contains(mark))
                            .filter(mark -> engine.equals("poa") || mark != Mark.VOTED)
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aRunCanBeRepeatedExactly(String engine) {
        for (long seed = FIRST; seed < FIRST + 3; seed++) {
            Scenario scenario = Scenario.of(engine, seed, Set.of());
            assertThat(Simulation.run(scenario).digest())
                    .isEqualTo(Simulation.run(scenario).digest());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"poa", "pos", "dpos"})
    @DisplayName("beyond the fault bound the checks find that what was final is not")
    void theChecksAreAlive(String engine) {
        List<String> found = LongStream.range(0, 50)
                .mapToObj(seed -> Simulation.split(Scenario.of(engine, seed, Set.of())))
                .flatMap(result -> result.violation().stream())
                .toList();
        assertThat(found).anyMatch(violation -> violation.contains("called final"));
    }
}
