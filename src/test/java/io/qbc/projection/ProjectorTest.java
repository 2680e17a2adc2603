package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.bus.Catalogue.RowDifference;
import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.bus.Catalogue.VerifyStep;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.projection.Databases.Kind;
import io.qbc.projection.Projector.Step;
import io.qbc.projection.ScriptedChain.Entry;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.sql.OtherProjectorException;
import io.qbc.projection.sql.TableDatabase;
import io.qbc.projection.sql.TableSet;
import io.qbc.projection.sql.TableSets;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables are what a replay of the chain makes of it, whatever happened on the way. */
class ProjectorTest {
    private static final String TABLES = """
        "tables":[{"table":"order_line","when":{"type":"order.*"},"each":"/items",
          "columns":{"order_no":{"pointer":"/order","type":"bigint","required":true},
            "sku":{"each":"/sku","type":"text"},"price":{"each":"/price","type":"numeric"},
            "raw":{"pointer":"","type":"json"},"more":{"each":"","type":"jsonb"}}},
         {"table":"customer","when":{"type":"customer.*"},"mode":"latest","key":["/id"],
          "deleteWhen":{"type":"customer.gone"},
          "columns":{"name":{"pointer":"/name","type":"text"},"since":{"pointer":"/since","type":"timestamptz"},
            "vip":{"pointer":"/vip","type":"boolean","default":false},"photo":{"pointer":"/photo","type":"bytea"}}}]
        """;

    @RegisterExtension
    private static final Databases DATABASES = new Databases();

    @TempDir
    Path directory;

    private static Mapping mapping(String name, String members) {
        return Mapping.read(name, Bytes.utf8("{\"chain\":\"orders\"," + members + "," + TABLES + "}"));
    }

    private static NodeConfig.Projections limits(int batch) {
        return limits(batch, NodeConfig.Projections.USUAL.hosts());
    }

    static NodeConfig.Projections permitting(String host) {
        return limits(100, List.of(host));
    }

    private static NodeConfig.Projections limits(int batch, List<String> hosts) {
        NodeConfig.Projections usual = NodeConfig.Projections.USUAL;
        return new NodeConfig.Projections(
                usual.max(),
                "",
                "",
                hosts,
                batch,
                usual.batchBytes(),
                usual.cacheBytes(),
                usual.readers(),
                usual.retryMin(),
                usual.retryMax(),
                usual.timeout(),
                usual.queryTimeout(),
                usual.queryRows(),
                usual.queryBytes(),
                20);
    }

    private static Entry entry(Random random) {
        return switch (random.nextInt(4)) {
            case 0 ->
                new Entry(
                        "order.placed",
                        "{\"order\":" + random.nextInt(1000)
                                + ",\"items\":[{\"sku\":\"a\\n\\\\\",\"price\":1.50},{\"sku\":\"b\",\"price\":"
                                + random.nextInt(9) + "}]}");
            case 1 -> new Entry("customer.gone", "{\"id\":\"c" + random.nextInt(6) + "\"}");
            case 2 -> new Entry("other", "[1,2]");
            default ->
                new Entry(
                        "customer.changed",
                        "{\"id\":\"c" + random.nextInt(6) + "\",\"name\":\"n"
                                + random.nextInt(100) + "\",\"since\":\"2026-01-0" + (1 + random.nextInt(9))
                                + "T00:00:00Z\",\"photo\":\"AAEC\"}");
        };
    }

    private static void grow(ScriptedChain chain, Random random, int quants) {
        for (int i = 0; i < quants; i++) {
            List<Entry> entries = new ArrayList<>();
            int count = random.nextInt(5);
            for (int j = 0; j < count; j++) {
                entries.add(entry(random));
            }
            chain.quant(entries);
        }
    }

    private static void catchUp(Projector projector, Connection connection, TableSet set) throws Exception {
        Step step;
        do {
            step = projector.step(connection, set, ScriptedChain.ID);
            assertThat(step).isInstanceOf(Step.Moved.class);
        } while (((Step.Moved) step).more());
    }

    private SortedMap<String, List<String>> replay(Kind kind, ScriptedChain chain, Mapping mapping, String name)
            throws Exception {
        try (TableDatabase database = DATABASES.open(kind, directory, name);
                Connection connection = database.writer()) {
            assertThat(database.lock(connection)).isTrue();
            TableSets sets = TableSets.load(database, connection, name);
            TableSet set = sets.create(connection, mapping, ScriptedChain.ID, Instant.EPOCH);
            catchUp(new Projector(chain, limits(1000)), connection, set);
            return TableDump.of(connection, set);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fiftyReorganisationsEqualAReplay(Kind kind) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ScriptedChain chain = new ScriptedChain();
        Mapping mapping = mapping("shop", "\"from\":\"head\"");
        try (TableDatabase database = DATABASES.open(kind, directory, "shop");
                Connection connection = database.writer()) {
            assertThat(database.lock(connection)).isTrue();
            TableSets sets = TableSets.load(database, connection, "shop");
            TableSet set = sets.create(connection, mapping, ScriptedChain.ID, Instant.EPOCH);
            Projector projector = new Projector(chain, limits(3));
            grow(chain, random, 30);
            for (int i = 0; i < 50; i++) {
                int steps = random.nextInt(12);
                for (int j = 0; j < steps; j++) {
                    projector.step(connection, set, ScriptedChain.ID);
                }
                chain.seen();
                int depth = 1 + random.nextInt(8);
                chain.revert(depth);
                chain.keeps(chain.height());
                grow(chain, random, depth + random.nextInt(4));
                projector.step(connection, set, ScriptedChain.ID);
                chain.seen();
            }
            catchUp(projector, connection, set);
            SortedMap<String, List<String>> dump = TableDump.of(connection, set);
            assertThat(dump.get("customer")).isNotEmpty();
            assertThat(dump).isEqualTo(replay(kind, chain, mapping, "shop_again"));
            sets.counts(connection)
                    .forEach((table, rows) ->
                            assertThat(rows).isEqualTo(dump.get(table).size()));
            connection.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverStepFailsNoRowIsLostAndNoneIsThereTwice(Kind kind) throws Exception {
        ScriptedChain chain = new ScriptedChain();
        grow(chain, new Random(7), 20);
        Mapping mapping = mapping("steps", "\"depth\":0");
        try (TableDatabase database = DATABASES.open(kind, directory, "steps")) {
            try (Connection connection = database.writer()) {
                assertThat(database.lock(connection)).isTrue();
                TableSets.load(database, connection, "steps")
                        .create(connection, mapping, ScriptedChain.ID, Instant.EPOCH);
            }
            boolean done = false;
            int failures = 0;
            for (int n = 1; !done; n++) {
                AtomicInteger left = new AtomicInteger(n);
                try (Connection real = database.writer()) {
                    Connection connection = failing(real, left);
                    TableSet set =
                            TableSets.load(database, real, "steps").live().orElseThrow();
                    catchUp(new Projector(chain, limits(5)), connection, set);
                    done = true;
                } catch (SQLException e) {
                    failures++;
                }
            }
            assertThat(failures).isGreaterThan(20);
            try (Connection connection = database.writer()) {
                TableSet set =
                        TableSets.load(database, connection, "steps").live().orElseThrow();
                assertThat(TableDump.of(connection, set)).isEqualTo(replay(kind, chain, mapping, "steps_again"));
            }
        }
    }

    /** A connection that fails at its n-th use: before a statement runs, or after a commit did. */
    private static Connection failing(Connection real, AtomicInteger left) {
        return (Connection) Proxy.newProxyInstance(
                ProjectorTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    if (method.getName().equals("rollback")) {
                        return method.invoke(real, args);
                    }
                    boolean last = left.decrementAndGet() <= 0;
                    if (last && !method.getName().equals("commit")) {
                        throw new SQLException("the test ends it", "08006");
                    }
                    try {
                        Object result = method.invoke(real, args);
                        if (last) {
                            throw new SQLException("the test ends it", "08006");
                        }
                        return result instanceof PreparedStatement statement ? failing(statement, left) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static PreparedStatement failing(PreparedStatement real, AtomicInteger left) {
        return (PreparedStatement) Proxy.newProxyInstance(
                ProjectorTest.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (proxy, method, args) -> {
                    if (method.getName().startsWith("execute") && left.decrementAndGet() <= 0) {
                        throw new SQLException("the test ends it", "08006");
                    }
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void theSecondOfTwoProjectorsMovesNothing(Kind kind) throws Exception {
        ScriptedChain chain = new ScriptedChain();
        grow(chain, new Random(3), 10);
        Mapping mapping = mapping("twice", "\"depth\":0");
        try (TableDatabase database = DATABASES.open(kind, directory, "twice");
                Connection one = database.writer();
                Connection other = database.writer()) {
            assertThat(database.lock(one)).isTrue();
            TableSet first =
                    TableSets.load(database, one, "twice").create(one, mapping, ScriptedChain.ID, Instant.EPOCH);
            TableSet second = TableSets.load(database, other, "twice").live().orElseThrow();
            if (kind == Kind.POSTGRESQL) {
                assertThat(database.lock(other)).isFalse();
            }
            new Projector(chain, limits(2)).step(one, first, ScriptedChain.ID);
            assertThatThrownBy(() -> new Projector(chain, limits(2)).step(other, second, ScriptedChain.ID))
                    .isInstanceOf(OtherProjectorException.class);
            other.rollback();
            catchUp(new Projector(chain, limits(2)), one, first);
            assertThat(TableDump.of(one, first)).isEqualTo(replay(kind, chain, mapping, "twice_again"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRebuildBesideIsTheSameAndTakesThePlace(Kind kind) throws Exception {
        ScriptedChain chain = new ScriptedChain();
        Random random = new Random(5);
        grow(chain, random, 20);
        Mapping mapping = mapping("anew", "\"depth\":0");
        try (TableDatabase database = DATABASES.open(kind, directory, "anew");
                Connection connection = database.writer()) {
            assertThat(database.lock(connection)).isTrue();
            TableSets sets = TableSets.load(database, connection, "anew");
            TableSet live = sets.create(connection, mapping, ScriptedChain.ID, Instant.EPOCH);
            Projector projector = new Projector(chain, limits(4));
            catchUp(projector, connection, live);
            TableSet next = sets.create(connection, mapping, ScriptedChain.ID, Instant.EPOCH);
            Projector builder = new Projector(chain, limits(4));
            while (next.progress().position().leaf() < chain.size()) {
                grow(chain, random, random.nextInt(2));
                projector.step(connection, live, ScriptedChain.ID);
                builder.step(connection, next, ScriptedChain.ID);
            }
            catchUp(projector, connection, live);
            catchUp(builder, connection, next);
            SortedMap<String, List<String>> dump = TableDump.of(connection, live);
            assertThat(TableDump.of(connection, next)).isEqualTo(dump);
            sets.swap(connection);
            sets.old().drop(connection, Duration.ZERO);
            assertThat(sets.old().size()).isZero();
            TableSet swapped = sets.live().orElseThrow();
            assertThat(TableDump.of(connection, swapped)).isEqualTo(dump);
            grow(chain, random, 3);
            catchUp(projector, connection, swapped);
            assertThat(TableDump.of(connection, swapped)).isEqualTo(replay(kind, chain, mapping, "anew_again"));
            assertThat(TableSets.load(database, connection, "anew").all()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotFitStopsTheTablesOrIsKeptAside(Kind kind) throws Exception {
        ScriptedChain chain = new ScriptedChain();
        chain.quant(List.of(
                new Entry("customer.new", "{\"id\":1,\"name\":\"a\"}"),
                new Entry("order.placed", "{\"order\":\"x\",\"items\":[{}]}"),
                new Entry("customer.new", "{\"id\":2,\"name\":\"b\"}")));
        try (TableDatabase database = DATABASES.open(kind, directory, "odd");
                Connection connection = database.writer()) {
            assertThat(database.lock(connection)).isTrue();
            TableSets sets = TableSets.load(database, connection, "odd");
            TableSet set = sets.create(connection, mapping("odd", "\"depth\":0"), ScriptedChain.ID, Instant.EPOCH);
            Step step = new Projector(chain, limits(10)).step(connection, set, ScriptedChain.ID);
            assertThat(step).isInstanceOf(Step.Stuck.class);
            assertThat(((Step.Stuck) step).row().pointer()).isEqualTo("/order");
            assertThat(set.progress().position().leaf()).isEqualTo(1);
            TableSet aside = sets.create(
                    connection, mapping("odd", "\"depth\":0,\"onError\":\"dead\""), ScriptedChain.ID, Instant.EPOCH);
            catchUp(new Projector(chain, limits(10)), connection, aside);
            sets.swap(connection);
            assertThat(sets.deadCount(connection)).isEqualTo(1);
            assertThat(TableSets.dead(connection, "odd", 0, 10).get(0).leaf()).isEqualTo(1);
            assertThat(TableDump.of(connection, sets.live().orElseThrow()).get("customer"))
                    .hasSize(2);
            connection.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatSomebodyElseChangedIsFoundRowByRow(Kind kind) throws Exception {
        ScriptedChain chain = new ScriptedChain();
        grow(chain, new Random(11), 40);
        chain.quant(List.of(
                new Entry("customer.new", "{\"id\":\"x\",\"name\":\"a\"}"),
                new Entry("customer.new", "{\"id\":\"y\",\"name\":\"b\"}"),
                new Entry("order.placed", "{\"order\":1,\"items\":[{\"sku\":\"a\"},{\"sku\":\"b\"}]}")));
        long last = chain.size() - 1;
        try (TableDatabase database = DATABASES.open(kind, directory, "forged");
                Connection connection = database.writer()) {
            assertThat(database.lock(connection)).isTrue();
            TableSets sets = TableSets.load(database, connection, "forged");
            TableSet set = sets.create(connection, mapping("forged", "\"depth\":0"), ScriptedChain.ID, Instant.EPOCH);
            catchUp(new Projector(chain, limits(10)), connection, set);
            assertThat(verified(chain, database, "forged").found()).isEmpty();
            String schema = "\"" + set.schema() + "\".";
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "UPDATE " + schema + "order_line SET sku = 'z' WHERE _leaf = " + last + " AND _n = 1");
                statement.execute("DELETE FROM " + schema + "order_line WHERE _leaf = " + last + " AND _n = 0");
                statement.execute("UPDATE " + schema + "customer SET name = 'evil' WHERE _key = 'x'");
                statement.execute("DELETE FROM " + schema + "customer WHERE _key = 'y'");
                statement.execute("INSERT INTO " + schema + "customer (_key, _leaf, _n, _height, _tx, _at, _erased)"
                        + " SELECT 'added', _leaf, _n, _height, _tx, _at, _erased FROM " + schema
                        + "customer WHERE _key = 'x'");
                statement.execute("DELETE FROM " + schema + "qbc_quant WHERE height = 3");
                statement.execute("UPDATE " + schema + "qbc_transaction SET type = 'forged' WHERE leaf = 2");
                statement.execute("UPDATE " + schema + "qbc_transaction SET leaf = 100000 WHERE leaf = 4");
                connection.commit();
            }
            VerifyState state = verified(chain, database, "forged");
            assertThat(state.step()).isEqualTo(VerifyStep.DONE);
            assertThat(state.found())
                    .containsExactlyInAnyOrder(
                            new RowDifference("order_line", "changed", last + "/1", List.of("sku")),
                            new RowDifference("order_line", "removed", last + "/0", List.of()),
                            new RowDifference("customer", "changed", "x", List.of("name")),
                            new RowDifference("customer", "removed", "y", List.of()),
                            new RowDifference("customer", "added", "added", List.of()),
                            new RowDifference("qbc_quant", "removed", "3", List.of()),
                            new RowDifference("qbc_transaction", "changed", "2", List.of("type")),
                            new RowDifference("qbc_transaction", "removed", "4", List.of()),
                            new RowDifference("qbc_transaction", "added", "100000", List.of()));
            assertThat(state.changed()).isEqualTo(3);
        }
    }

    private static VerifyState verified(ScriptedChain chain, TableDatabase database, String schema) {
        AtomicReference<VerifyState> last = new AtomicReference<>();
        new VerifyRun(chain, database, schema, limits(7), InstantSource.system(), last::set).run();
        assertThat(last.get().failure()).isEmpty();
        return last.get();
    }
}
