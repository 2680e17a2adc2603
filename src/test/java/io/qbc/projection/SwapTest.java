package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.bus.Catalogue.VerifyStep;
import io.qbc.config.NodeConfig;
import io.qbc.projection.Databases.Kind;
import io.qbc.projection.sql.Dialect;
import io.qbc.projection.sql.ReadLeases;
import io.qbc.projection.sql.TableDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever reads tables while others take their place has all of one of them, of whichever. */
class SwapTest {
    private static final String NAME = "swap";
    private static final int TRANSACTIONS = 95;
    /** In which an old generation was dropped under its readers. */
    private static final Duration DROP = Duration.ofMillis(300);

    @RegisterExtension
    private static final Databases DATABASES = new Databases();

    @TempDir
    Path directory;

    static Stream<Arguments> reads() {
        return Stream.of(Kind.values())
                .flatMap(kind -> SwapReads.ALL.keySet().stream().map(read -> Arguments.of(kind, read)));
    }

    /** A database of which the next connection that reads rows has something done before it does. */
    private static final class Interrupted implements TableDatabase {
        private final TableDatabase real;
        private final AtomicReference<Optional<Runnable>> deed;

        Interrupted(TableDatabase real, AtomicReference<Optional<Runnable>> deed) {
            this.real = real;
            this.deed = deed;
        }

        @Override
        public Dialect dialect() {
            return real.dialect();
        }

        @Override
        public ReadLeases leases() {
            return real.leases();
        }

        @Override
        public Connection writer() throws SQLException {
            return real.writer();
        }

        @Override
        public Connection reader() throws SQLException {
            Connection connection = real.reader();
            return (Connection) Proxy.newProxyInstance(
                    SwapTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                        boolean rows = method.getName().equals("prepareStatement")
                                && Stream.of("item", "state", "qbc_transaction", "qbc_dead")
                                        .anyMatch(String.valueOf(args[0])::contains);
                        if (rows) {
                            deed.getAndSet(Optional.empty()).ifPresent(Runnable::run);
                        }
                        try {
                            return method.invoke(connection, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public boolean lock(Connection writer) throws SQLException {
            return real.lock(writer);
        }

        @Override
        public void grant(Connection writer, String schema) throws SQLException {
            real.grant(writer, schema);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    /** A projection of a chain, and what interrupts its readers. */
    private record Shop(
            SharedChain chain,
            ProjectionFixture node,
            AtomicReference<TableDatabase> database,
            AtomicReference<Optional<Runnable>> deed)
            implements AutoCloseable {
        long generation() throws SQLException {
            try (Connection connection = database.get().writer();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT generation FROM qbc.qbc_progress WHERE live AND name = '" + NAME + "'")) {
                return row.next() ? row.getLong(1) : 0;
            }
        }

        /** Rebuilds the tables, and waits until they are swapped, and as long as dropping the old ones might take. */
        void rebuild() {
            try {
                long before = generation();
                node.steer(NAME, ProjectionAction.REBUILD);
                await().until(() -> generation() > before);
                await().pollDelay(DROP).until(() -> true);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private Shop shop(Kind kind) {
        SharedChain chain = new SharedChain();
        SwapReads.grow(chain, TRANSACTIONS);
        AtomicReference<Optional<Runnable>> deed = new AtomicReference<>(Optional.empty());
        AtomicReference<TableDatabase> database = new AtomicReference<>();
        ProjectionFixture node = new ProjectionFixture(directory, NodeConfig.Projections.USUAL, chain, definition -> {
            TableDatabase opened = DATABASES.open(kind, directory, NAME);
            database.set(opened);
            return new Interrupted(opened, deed);
        });
        node.put(NAME, SwapReads.mapping("a", 0));
        node.awaitState(NAME, state -> state.leaf() == TRANSACTIONS);
        return new Shop(chain, node, database, deed);
    }

    @ParameterizedTest
    @MethodSource("reads")
    void aReadThatASwapComesBetweenIsOfOneGeneration(Kind kind, String read) throws Exception {
        try (Shop shop = shop(kind)) {
            AtomicInteger done = new AtomicInteger();
            shop.deed().set(Optional.of(() -> {
                shop.rebuild();
                done.incrementAndGet();
            }));
            SwapReads.ALL.get(read).check(shop.node(), NAME, shop.chain());
            assertThat(done).hasValue(1);
        } finally {
            forget(kind);
        }
    }

    @ParameterizedTest
    @MethodSource("reads")
    void aReadThatABatchComesBetweenHasAsManyRowsAsItSays(Kind kind, String read) throws Exception {
        try (Shop shop = shop(kind)) {
            shop.deed().set(Optional.of(() -> {
                SwapReads.grow(shop.chain(), TRANSACTIONS);
                shop.node().steer(NAME, ProjectionAction.RESUME);
                shop.node().awaitState(NAME, state -> state.leaf() == 2 * TRANSACTIONS);
            }));
            SwapReads.ALL.get(read).check(shop.node(), NAME, shop.chain());
        } finally {
            forget(kind);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aComparisonThatASwapComesBetweenBeginsAnew(Kind kind) throws Exception {
        try (Shop shop = shop(kind)) {
            shop.chain().onVerify(shop::rebuild);
            shop.node().steer(NAME, ProjectionAction.VERIFY);
            VerifyState state = verified(shop.node());
            assertThat(state.failure()).isEmpty();
            assertThat(state.step()).isEqualTo(VerifyStep.DONE);
            assertThat(state.leaf()).isEqualTo(TRANSACTIONS);
            assertThat(state.found()).isEmpty();
        } finally {
            forget(kind);
        }
    }

    static VerifyState verified(ProjectionFixture node) {
        return node.awaitState(
                        NAME,
                        state -> state.verification()
                                .filter(last -> last.step() != VerifyStep.RUNNING)
                                .isPresent())
                .verification()
                .orElseThrow();
    }

    /** PostgreSQL is of all tests of this class. */
    private static void forget(Kind kind) throws SQLException {
        if (kind == Kind.POSTGRESQL) {
            DATABASES.execute("DROP SCHEMA IF EXISTS qbc CASCADE");
            DATABASES.execute("DO $$ DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace"
                    + " WHERE nspname LIKE '" + NAME + "%' LOOP EXECUTE format('DROP SCHEMA %I CASCADE', s);"
                    + " END LOOP; END $$");
        }
    }
}
