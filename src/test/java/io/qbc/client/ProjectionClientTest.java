package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.client.ClientFixture.Way;
import io.qbc.client.answer.ProjectionInfo;
import io.qbc.client.answer.QueryResult;
import io.qbc.client.answer.RowPage;
import io.qbc.client.request.ReadSince;
import io.qbc.client.request.RowQuery;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of chains by the client, over both ways. */
class ProjectionClientTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static ClientFixture fixture;

    @TempDir
    static Path data;

    @BeforeAll
    static void start() {
        fixture = new ClientFixture(data.resolve("node"));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static String mapping(String chain) {
        return "{\"chain\":\"" + chain + "\",\"tables\":[{\"table\":\"number\",\"when\":{\"type\":\"order.*\"},"
                + "\"mode\":\"latest\",\"key\":[\"/n\"],"
                + "\"columns\":{\"exact\":{\"pointer\":\"/exact\",\"type\":\"numeric\"}}}]}";
    }

    @ParameterizedTest
    @EnumSource
    void tablesAreMadeReadAndRemoved(Way way) {
        String chain = fixture.chain();
        String name = "p" + chain;
        ProjectionClient tables = fixture.client(way).projections();
        assertThat(Patience.get(tables.find(name, ReadSince.ANY))).isEmpty();
        assertThat(Patience.get(tables.remove(name, false))).isFalse();
        assertThat(Patience.get(tables.put(name, mapping(chain))).name()).isEqualTo(name);
        fixture.seal(chain, 0, 3);
        ProjectionInfo there =
                Patience.get(tables.find(name, ReadSince.leaf(2, WAIT))).orElseThrow();
        assertThat(there.leaf()).hasValue(3);
        assertThat(there.json()).contains("mapping");
        assertThat(Patience.get(tables.list())).extracting(ProjectionInfo::name).contains(name);

        RowPage page = Patience.get(tables.rows(name, "number", RowQuery.all().withLimit(2)));
        assertThat(page.rows()).hasSize(2);
        RowPage rest = Patience.get(tables.rows(
                name, "number", RowQuery.all().withLimit(2).goingOn(page.next().orElseThrow())));
        assertThat(rest.rows()).hasSize(1);
        assertThat(rest.next()).isEmpty();
        assertThat(Patience.get(tables.rows(name, "number", RowQuery.all().where("exact", "1.5")))
                        .rows())
                .hasSize(3);
        assertThat(Patience.get(tables.rows(name, "number", RowQuery.all().where("exact", "7")))
                        .rows())
                .isEmpty();
        assertThat(Patience.get(tables.row(name, "number", "1", ReadSince.ANY)).orElseThrow())
                .contains("_leaf");
        assertThat(Patience.get(tables.row(name, "number", "77", ReadSince.ANY)))
                .isEmpty();
        assertThat(Patience.get(tables.history(name, "number", "1", RowQuery.all()))
                        .rows())
                .hasSize(1);
        QueryResult found = Patience.get(tables.query(
                name,
                "SELECT \"_leaf\" FROM \"number\" WHERE \"_leaf\" > ?",
                new JsonArray().add(0),
                1,
                ReadSince.ANY));
        assertThat(found.rows()).hasSize(1);
        assertThat(found.more()).isTrue();
        assertThat(Patience.get(tables.remove(name, false))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void tablesAreSteeredAndCompared(Way way) {
        String chain = fixture.chain();
        String name = "p" + chain;
        ProjectionClient tables = fixture.client(way).projections();
        fixture.seal(chain, 0, 2);
        Patience.get(tables.put(name, mapping(chain)));
        Patience.get(tables.find(name, ReadSince.leaf(1, WAIT)));
        Patience.get(tables.pause(name));
        await().until(() -> Patience.get(tables.find(name, ReadSince.ANY))
                .orElseThrow()
                .state()
                .equals("paused"));
        Patience.get(tables.resume(name));
        Patience.get(tables.verify(name));
        await().until(() -> Patience.get(tables.find(name, ReadSince.ANY))
                .orElseThrow()
                .verification()
                .filter(text -> text.contains("finishedAt"))
                .isPresent());
        assertThat(Patience.get(tables.dead(name, 0, 10)).rows()).isEmpty();
        Patience.get(tables.rebuild(name));
        assertThat(ClientFixture.code(tables.find(name, ReadSince.leaf(99, Duration.ofSeconds(1)))))
                .isEqualTo("projection_behind");
        Patience.get(tables.remove(name, true));
    }
}
