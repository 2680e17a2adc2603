package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.config.NodeConfig;
import io.qbc.projection.Databases.Kind;
import io.qbc.projection.sql.TableDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The connection to the database ends between every two steps of a worker: making tables, writing rows and how far they
 * are, committing, mapping again what was kept aside, swapping, dropping the old generation.
 */
class CrashPointTest {
    private static final int NEVER = -1;
    /** So that a rebuild takes a few batches, also of the chain as long as it is at last. */
    private static final int BATCH = 100;

    private static final int TRANSACTIONS = 150;
    /** Of making tables, two batches for each of both sets, retrying, swapping and dropping. */
    private static final int MIN_STEPS = 60;

    private static final Duration POLL = Duration.ofMillis(5);
    private static final String NAME = "crashed";

    @RegisterExtension
    private static final Databases DATABASES = new Databases();

    @TempDir
    Path directory;

    private final SharedChain chain = new SharedChain();
    private final AtomicInteger left = new AtomicInteger(NEVER);
    private final AtomicReference<TableDatabase> database = new AtomicReference<>();

    private static NodeConfig.Projections limits() {
        NodeConfig.Projections usual = NodeConfig.Projections.USUAL;
        return new NodeConfig.Projections(
                usual.max(),
                "",
                "",
                usual.hosts(),
                BATCH,
                usual.batchBytes(),
                usual.cacheBytes(),
                usual.readers(),
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                usual.timeout(),
                usual.queryTimeout(),
                usual.queryRows(),
                usual.queryBytes(),
                usual.undoQuants());
    }

    private ProjectionFixture node(Kind kind) {
        return new ProjectionFixture(directory, limits(), chain, definition -> {
            TableDatabase opened = DATABASES.open(kind, directory, NAME);
            database.set(opened);
            return new FailingDatabase(opened, left);
        });
    }

    @ParameterizedTest
    @EnumSource
    void whateverStepIsTheLastAllRowsAreThereOnceAndNothingElseIs(Kind kind) {
        SwapReads.grow(chain, TRANSACTIONS);
        try (ProjectionFixture node = node(kind)) {
            node.put(NAME, SwapReads.mapping("a", 0));
            settle(node);
            int steps = 0;
            for (boolean broken = true; broken; steps++) {
                long generation = generation();
                left.set(steps);
                SwapReads.grow(chain, 1);
                node.steer(NAME, ProjectionAction.RETRY_DEAD);
                node.steer(NAME, ProjectionAction.REBUILD);
                await().pollInterval(POLL).until(() -> generation() > generation);
                settle(node);
                broken = left.getAndSet(NEVER) == NEVER;
                long errors = broken ? steps + 1L : steps;
                node.awaitState(NAME, state -> state.errors() == errors);
                settle(node);
                expectSound(node, steps);
            }
            assertThat(steps).isGreaterThan(MIN_STEPS);
        }
    }

    private void settle(ProjectionFixture node) {
        node.awaitState(
                NAME,
                state -> state.status() == ProjectionStatus.FOLLOWING
                        && state.leaf() == chain.size()
                        && state.rebuild().isEmpty());
        await().pollInterval(POLL)
                .until(() -> number("SELECT count(*) FROM qbc.qbc_progress WHERE name = '" + NAME + "'") == 1);
    }

    private void expectSound(ProjectionFixture node, int steps) {
        String as = "after " + steps + " steps";
        node.steer(NAME, ProjectionAction.VERIFY);
        ProjectionState state = node.awaitState(
                NAME, now -> now.verification().flatMap(VerifyState::finishedAt).isPresent());
        VerifyState verification = state.verification().orElseThrow();
        assertThat(verification.failure()).as(as).isEmpty();
        assertThat(verification.found()).as(as).isEmpty();
        assertThat(verification.leaf()).as(as).isEqualTo(chain.size());
        SwapReads.ALL.get("query").check(node, NAME, chain);
        assertThat(number("SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE '" + NAME + "%'"))
                .as(as)
                .isEqualTo(1);
        assertThat(number("SELECT sum(row_count) FROM qbc.qbc_rows WHERE table_name = 'item'"))
                .as(as)
                .isEqualTo(chain.size() - chain.size() / 10);
        assertThat(number("SELECT count(*) FROM qbc.qbc_dead")).as(as).isEqualTo(chain.size() / 10);
    }

    private long generation() {
        return number("SELECT max(generation) FROM qbc.qbc_progress WHERE live AND name = '" + NAME + "'");
    }

    /** -1 while the database is being opened anew. */
    private long number(String sql) {
        try (Connection connection = database.get().writer();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : NEVER;
        } catch (SQLException e) {
            return NEVER;
        }
    }
}
