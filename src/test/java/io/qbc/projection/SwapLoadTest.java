package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.projection.Databases.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Readers of every kind beside whatever swaps tables: each answer is right, or one of the documented refusals, and
 * nobody is refused once nothing is swapped any more.
 */
class SwapLoadTest {
    private static final int STEPS = 40;

    @RegisterExtension
    private static final Databases DATABASES = new Databases();

    @TempDir
    Path directory;

    private final SharedChain chain = new SharedChain();
    private final Random random = Chance.random();

    /** What a step does to a projection. */
    private enum Deed {
        REBUILD,
        RETRY,
        PAUSE,
        GROW,
        VERIFY,
        PUT_ROWS,
        PUT_VERSION
    }

    /** While the database stays open no read is refused. */
    @ParameterizedTest
    @EnumSource
    void rebuildsRefuseNoReader(Kind kind) throws Exception {
        load(kind, "rebuilt", EnumSet.range(Deed.REBUILD, Deed.VERIFY), Set.of());
    }

    /** Another mapping closes the database, and opens it again. */
    @ParameterizedTest
    @EnumSource
    void otherMappingsRefuseReadersAsDocumented(Kind kind) throws Exception {
        load(kind, "mapped", EnumSet.allOf(Deed.class), Set.of(Reason.TABLES_UNAVAILABLE, Reason.PROJECTION_BEHIND));
    }

    private void load(Kind kind, String name, Set<Deed> deeds, Set<Reason> documented) throws Exception {
        SwapReads.grow(chain, 150);
        ExecutorService readers = Executors.newFixedThreadPool(SwapReads.ALL.size());
        try (ProjectionFixture node = new ProjectionFixture(
                directory, NodeConfig.Projections.USUAL, chain, definition -> DATABASES.open(kind, directory, name))) {
            node.put(name, SwapReads.mapping("a", 0));
            node.awaitState(name, state -> state.leaf() == chain.size());
            AtomicBoolean over = new AtomicBoolean();
            Map<Reason, AtomicInteger> refused = new ConcurrentHashMap<>();
            List<Future<Integer>> reading = new ArrayList<>();
            SwapReads.ALL
                    .values()
                    .forEach(read -> reading.add(readers.submit(() -> {
                        int answers = 0;
                        while (!over.get()) {
                            try {
                                read.check(node, name, chain);
                                answers++;
                            } catch (Failure e) {
                                assertThat(documented)
                                        .as(e.refusal().detail())
                                        .contains(e.refusal().reason());
                                refused.computeIfAbsent(e.refusal().reason(), reason -> new AtomicInteger())
                                        .incrementAndGet();
                            }
                        }
                        read.check(node, name, chain);
                        return answers;
                    })));
            steer(node, name, List.copyOf(deeds));
            node.awaitState(name, state -> settled(state, chain.size()));
            over.set(true);
            int answers = 0;
            for (Future<Integer> reader : reading) {
                answers += reader.get();
            }
            System.out.println(kind + ": answered " + answers + ", refused " + refused);
            verified(node, name);
        } finally {
            readers.shutdownNow();
        }
    }

    private static boolean settled(ProjectionState state, long size) {
        return state.status() == ProjectionStatus.FOLLOWING
                && state.leaf() == size
                && state.rebuild().isEmpty();
    }

    private void steer(ProjectionFixture node, String name, List<Deed> deeds) {
        for (int i = 0; i < STEPS; i++) {
            switch (deeds.get(random.nextInt(deeds.size()))) {
                case REBUILD -> node.steer(name, ProjectionAction.REBUILD);
                case RETRY -> node.steer(name, ProjectionAction.RETRY_DEAD);
                case PAUSE -> {
                    node.steer(name, ProjectionAction.PAUSE);
                    node.steer(name, ProjectionAction.RESUME);
                }
                case GROW -> SwapReads.grow(chain, 1 + random.nextInt(20));
                case VERIFY -> verifyIfOpen(node, name);
                case PUT_ROWS -> node.put(name, SwapReads.mapping(random.nextBoolean() ? "a" : "b", 0));
                case PUT_VERSION -> node.put(name, SwapReads.mapping("a", i));
            }
            if (random.nextInt(3) > 0) {
                node.awaitState(
                        name, state -> state.rebuild().isEmpty() && state.status() == ProjectionStatus.FOLLOWING);
            }
        }
    }

    private static void verifyIfOpen(ProjectionFixture node, String name) {
        try {
            node.steer(name, ProjectionAction.VERIFY);
        } catch (Failure e) {
            assertThat(e.refusal().reason()).isIn(Reason.PROJECTION_STATE, Reason.TABLES_UNAVAILABLE);
            return;
        }
        node.state(name)
                .verification()
                .flatMap(VerifyState::failure)
                .map(Refusal::reason)
                .ifPresent(reason -> assertThat(reason).isEqualTo(Reason.STOPPING));
    }

    private static void verified(ProjectionFixture node, String name) {
        node.awaitState(
                name,
                state -> state.verification()
                        .map(last -> last.finishedAt().isPresent())
                        .orElse(true));
        node.steer(name, ProjectionAction.VERIFY);
        VerifyState state = node.awaitState(
                        name,
                        now -> now.verification().orElseThrow().finishedAt().isPresent())
                .verification()
                .orElseThrow();
        assertThat(state.failure()).isEmpty();
        assertThat(state.found()).isEmpty();
    }
}
