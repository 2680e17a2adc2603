package io.qbc.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.sim.Simulation.Result;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Each planted bug is found, or the simulator's silence would mean nothing. */
class PlantedBugsTest {
    private static final Logger LOG = LoggerFactory.getLogger(PlantedBugsTest.class);
    private static final int SEEDS = 500;

    @ParameterizedTest
    @CsvSource({
        "SKIP_SYNC, dbc",
        "ACK_BEFORE_SYNC, dbc",
        "TORN_BATCH, dbc",
        "ADMIT_TWICE, poa",
        "FORGET_KEYS, poa",
        "OLD_TIME, pow",
        "FUTURE_TIME, pow",
        "ANY_SEAL, poa",
        "FORGET_PROMISE, poa",
        "FINAL_AT_HALF, poa",
        "LOSE_ORPHANED, pow",
        "TIE_BY_ARRIVAL, classic",
        "NO_LEAF_PREFIX, classic",
        "TREE_FORGETS, classic",
        "FORGET_POOL, dbc",
        "NO_CHECKSUM, pow"
    })
    void isFound(Bug bug, String engine) {
        long begin = System.nanoTime();
        Optional<Result> found = LongStream.range(0, SEEDS)
                .mapToObj(seed -> Simulation.run(Scenario.of(engine, seed, Set.of(bug))))
                .filter(result -> result.violation().isPresent())
                .findFirst();
        assertThat(found).describedAs("%s under %s", bug, engine).isPresent();
        LOG.info("{} after {} ms: {}", bug, (System.nanoTime() - begin) / 1_000_000, found.get());
    }
}
