package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.SharedPostgres;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DropProjection;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
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

    /** Of making tables, and two batches. */
    private static final int MIN_FIRST_STEPS = 20;

    private static final Duration POLL = Duration.ofMillis(2);
    private static final String NAME = "crashed";

    @RegisterExtension
    private static final Databases DATABASES = new Databases();

    @TempDir
    Path directory;

    private final SharedChain chain = new SharedChain();
    private final AtomicInteger left = new AtomicInteger(NEVER);
    private final AtomicReference<TableDatabase> database = new AtomicReference<>();
    private String name = NAME;
    private Optional<Connection> postgres = Optional.empty();

    @AfterEach
    void end() throws SQLException {
        if (postgres.isPresent()) {
            postgres.get().close();
        }
    }

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

    private ProjectionFixture node(Kind kind) throws SQLException {
        postgres = kind == Kind.POSTGRESQL
                ? Optional.of(SharedPostgres.connection(DATABASES.postgres()))
                : Optional.empty();
        return new ProjectionFixture(directory, limits(), chain, definition -> {
            TableDatabase opened = DATABASES.open(kind, directory, name);
            database.set(opened);
            return new FailingDatabase(opened, left);
        });
    }

    @ParameterizedTest
    @EnumSource
    void whateverStepIsTheLastAllRowsAreThereOnceAndNothingElseIs(Kind kind) throws SQLException {
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
                await().pollInSameThread()
                        .pollDelay(Duration.ZERO)
                        .pollInterval(POLL)
                        .until(() -> generation() > generation);
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

    /** Each time another projection, whose first tables are made. */
    @ParameterizedTest
    @EnumSource
    void whateverStepOfTheFirstTablesIsTheLastTheyAreMadeWhole(Kind kind) throws SQLException {
        SwapReads.grow(chain, TRANSACTIONS);
        try (ProjectionFixture node = node(kind)) {
            int steps = 0;
            for (boolean broken = true; broken; steps++) {
                name = "first" + steps;
                left.set(steps);
                node.put(name, SwapReads.mapping("a", 0));
                settle(node);
                broken = left.getAndSet(NEVER) == NEVER;
                long errors = broken ? 1 : 0;
                node.awaitState(name, state -> state.errors() == errors);
                settle(node);
                expectSound(node, steps);
                node.ask(Catalogue.DROP_PROJECTION, new DropProjection(name, true));
            }
            assertThat(steps).isGreaterThan(MIN_FIRST_STEPS);
        }
    }

    private void settle(ProjectionFixture node) {
        node.awaitState(
                name,
                state -> state.status() == ProjectionStatus.FOLLOWING
                        && state.leaf() == chain.size()
                        && state.rebuild().isEmpty());
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> number("SELECT count(*) FROM qbc.qbc_progress WHERE name = '" + name + "'") == 1);
    }

    private void expectSound(ProjectionFixture node, int steps) {
        String as = "after " + steps + " steps";
        node.steer(name, ProjectionAction.VERIFY);
        ProjectionState state = node.awaitState(
                name, now -> now.verification().flatMap(VerifyState::finishedAt).isPresent());
        VerifyState verification = state.verification().orElseThrow();
        assertThat(verification.failure()).as(as).isEmpty();
        assertThat(verification.found()).as(as).isEmpty();
        assertThat(verification.leaf()).as(as).isEqualTo(chain.size());
        SwapReads.ALL.get("query").check(node, name, chain);
        assertThat(number("SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE '" + name + "%'"))
                .as(as)
                .isEqualTo(1);
        String mine = " WHERE name = '" + name + "'";
        assertThat(number("SELECT sum(row_count) FROM qbc.qbc_rows" + mine + " AND table_name = 'item'"))
                .as(as)
                .isEqualTo(chain.size() - chain.size() / 10);
        assertThat(number("SELECT count(*) FROM qbc.qbc_dead" + mine)).as(as).isEqualTo(chain.size() / 10);
    }

    private long generation() {
        return number("SELECT max(generation) FROM qbc.qbc_progress WHERE live AND name = '" + name + "'");
    }

    /** -1 while the database is being opened anew. */
    private long number(String sql) {
        try {
            Connection connection = looking();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                return row.next() ? row.getLong(1) : NEVER;
            } finally {
                if (postgres.isEmpty()) {
                    connection.close();
                }
            }
        } catch (SQLException e) {
            return NEVER;
        }
    }

    /** For PostgreSQL one for all looks: it begins a process for each connection. */
    private Connection looking() throws SQLException {
        return postgres.isPresent() ? postgres.get() : database.get().writer();
    }
}
