package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.bus.Catalogue.VerifyStep;
import io.qbc.config.NodeConfig;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import io.qbc.projection.Databases.Kind;
import io.qbc.projection.Projector.Step;
import io.qbc.projection.ScriptedChain.Entry;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.sql.TableDatabase;
import io.qbc.projection.sql.TableSet;
import io.qbc.projection.sql.TableSets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches large enough for COPY have the very values of small ones. */
class CopyTest {
    private static final String TABLES = """
        {"chain":"orders","depth":0,"onError":"dead","tables":[{"table":"word",
          "columns":{"word":{"pointer":"/word","type":"text"},"n":{"pointer":"/n","type":"numeric"},
            "on":{"pointer":"/on","type":"boolean"},"at":{"pointer":"/at","type":"timestamptz"},
            "bytes":{"pointer":"/bytes","type":"bytea"},"raw":{"pointer":"","type":"json"},
            "tree":{"pointer":"","type":"jsonb"}}}]}""";
    private static final List<String> WORDS = List.of(
            "",
            "\\",
            "\\N",
            "\\.",
            "a\tb\nc\rd",
            "\\n",
            "\b\f\u000b\u0001\u001f\u007f\u0085\u2028",
            "\"'`$1 ?",
            "\u00e9\u4e2d\ud83d\ude00\uffff\ufeff",
            "NULL",
            "\\x00");
    private static final int TIMES = 300;

    @RegisterExtension
    private static final Databases DATABASES = new Databases();

    @TempDir
    Path directory;

    private static String payload(int i, String word) {
        String spelled = JsonTree.write(word);
        return "{\"word\":" + spelled + ",\"n\":" + (i % 3 == 0 ? "null" : i + ".50e-3") + ",\"on\":" + (i % 2 == 0)
                + ",\"at\":\"2026-01-02T03:04:05." + (100_000 + i) + "Z\",\"bytes\":\"AFwA/w==\",\"more\":[" + spelled
                + "]}";
    }

    @ParameterizedTest
    @EnumSource
    void everyTextComesBackAsItWas(Kind kind) throws Exception {
        ScriptedChain chain = new ScriptedChain();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            entries.add(new Entry("word", payload(i, WORDS.get(i % WORDS.size()))));
        }
        entries.set(7, new Entry("word", "{\"word\":\"a\\u0000b\"}"));
        entries.set(9, new Entry("word", "{\"word\":\"b\",\"raw\":\"\\u0000\"}"));
        chain.quant(entries);
        try (TableDatabase database = DATABASES.open(kind, directory, "words");
                Connection connection = database.writer()) {
            assertThat(database.lock(connection)).isTrue();
            TableSets sets = TableSets.load(database, connection, "words");
            TableSet set =
                    sets.create(connection, Mapping.read("words", Bytes.utf8(TABLES)), ScriptedChain.ID, Instant.EPOCH);
            Step step = new Projector(chain, NodeConfig.Projections.USUAL).step(connection, set, ScriptedChain.ID);
            assertThat(step).isInstanceOf(Step.Moved.class);
            assertThat(TableSets.dead(connection, "words", 0, 10))
                    .extracting(row -> row.leaf())
                    .containsExactly(7L, 9L);
            try (PreparedStatement statement = connection.prepareStatement(
                            "SELECT \"_leaf\", \"word\" FROM \"" + set.schema() + "\".\"word\" ORDER BY \"_leaf\"");
                    ResultSet row = statement.executeQuery()) {
                int rows = 0;
                for (; row.next(); rows++) {
                    assertThat(row.getString(2)).isEqualTo(WORDS.get((int) (row.getLong(1) % WORDS.size())));
                }
                assertThat(rows).isEqualTo(TIMES - 2);
            }
            connection.rollback();
            AtomicReference<VerifyState> last = new AtomicReference<>();
            new VerifyRun(chain, database, "words", NodeConfig.Projections.USUAL, InstantSource.system(), last::set)
                    .run();
            assertThat(last.get().step()).isEqualTo(VerifyStep.DONE);
            assertThat(last.get().found()).isEmpty();
        }
    }

    /** What the database refuses in a COPY is looked for, and the tables stand as before until it is found. */
    @ParameterizedTest
    @EnumSource
    void aRowThatTheDatabaseRefusesIsFoundAndKeptAside(Kind kind) throws Exception {
        ScriptedChain chain = new ScriptedChain();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            entries.add(new Entry("word", payload(i, i == 99 ? "refused" : "taken")));
        }
        chain.quant(entries);
        try (TableDatabase database = DATABASES.open(kind, directory, "refusals");
                Connection connection = database.writer()) {
            assertThat(database.lock(connection)).isTrue();
            TableSets sets = TableSets.load(database, connection, "refusals");
            TableSet set = sets.create(
                    connection, Mapping.read("refusals", Bytes.utf8(TABLES)), ScriptedChain.ID, Instant.EPOCH);
            try (PreparedStatement statement = connection.prepareStatement(
                    "ALTER TABLE \"" + set.schema() + "\".\"word\" ADD CONSTRAINT c CHECK (\"word\" <> 'refused')")) {
                statement.execute();
                connection.commit();
            }
            Projector projector = new Projector(chain, NodeConfig.Projections.USUAL);
            Step step;
            do {
                step = projector.step(connection, set, ScriptedChain.ID);
                assertThat(step).isInstanceOf(Step.Moved.class);
            } while (((Step.Moved) step).more());
            assertThat(TableSets.dead(connection, "refusals", 0, 10))
                    .extracting(row -> row.leaf())
                    .containsExactly(99L);
            assertThat(sets.counts(connection))
                    .containsEntry("word", TIMES - 1L)
                    .containsEntry("qbc_transaction", (long) TIMES);
            assertThat(TableDump.of(connection, set).get("word")).hasSize(TIMES - 1);
            connection.rollback();
        }
    }
}
