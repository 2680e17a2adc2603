package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.FindRows;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue.ReadPoint;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectionRoutesTest {
    private static final String SHOP = "/v1/projections/shop";

    private HttpFixture http;

    @BeforeEach
    void start() {
        http = new HttpFixture();
        fake().chains.put("shop", "main");
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @Test
    void aQueryIsPassedOnWithItsParameters() {
        HttpResponse<String> answer = http.post(
                SHOP + "/query?at=7&wait=2s", "{\"sql\":\"select ?\",\"parameters\":[1.50,null],\"limit\":5}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualToIgnoringNewLines(
                        "{\"columns\":[\"n\"],\"types\":[\"bigint\"],\"rows\":[[1]],\"more\":false,\"leaf\":10}");
        assertThat(fake().queries.get(0).parameters().text()).isEqualTo("[1.50,null]");
        assertThat(fake().queries.get(0).limit()).isEqualTo(5);
        assertThat(fake().queries.get(0).at()).contains(new ReadPoint.Leaf(7));
        assertThat(fake().queries.get(0).patience()).isEqualTo(Duration.ofSeconds(2));
        assertThat(http.post(SHOP + "/query", "{\"sql\":\"delete\"}").body()).contains("query_invalid");
        assertThat(http.post(SHOP + "/query", "{\"sql\":1}").statusCode()).isEqualTo(400);
        assertThat(http.post(SHOP + "/query", "{\"sql\":\"select 1\",\"x\":1}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatTheQueryNamesIsAColumn() {
        String rows = SHOP + "/tables/line/rows";
        assertThat(http.get(rows + "?sku=A%26B&order=-total&limit=3&after=x").statusCode())
                .isEqualTo(200);
        FindRows asked = fake().rows.get(0);
        assertThat(asked.equal()).isEqualTo(Map.of("sku", "A&B"));
        assertThat(asked.order()).isEqualTo("total");
        assertThat(asked.descending()).isTrue();
        assertThat(asked.limit()).isEqualTo(3);
        assertThat(http.get(rows + "?sku=a&sku=b").statusCode()).isEqualTo(400);
        assertThat(http.get(rows + "?limit=0").statusCode()).isEqualTo(400);
        assertThat(http.get(rows + "?wait=5s").statusCode()).isEqualTo(400);
        assertThat(http.get(rows + "?at=x").statusCode()).isEqualTo(400);
        assertThat(http.get(rows + "/a%2Fb").body()).contains("Ann");
        assertThat(fake().histories.get(0).key()).isEqualTo("a/b");
        assertThat(http.get(rows + "/7/history").body()).contains("\"next\":null");
    }

    @Test
    void whatIsNotThereYetIs504() {
        HttpResponse<String> answer = http.get(SHOP + "?at=10&wait=1ms");
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("projection_behind");
        assertThat(http.get(SHOP + "?at=9").statusCode()).isEqualTo(200);
    }

    @Test
    void whatOperatorsDoIsPassedOn() {
        for (String action : new String[] {"pause", "resume", "rebuild", "verify", "verify/cancel", "dead/retry"}) {
            assertThat(http.post(SHOP + "/" + action, "").statusCode())
                    .as(action)
                    .isEqualTo(202);
        }
        assertThat(fake().actions)
                .containsExactly(
                        ProjectionAction.PAUSE,
                        ProjectionAction.RESUME,
                        ProjectionAction.REBUILD,
                        ProjectionAction.VERIFY,
                        ProjectionAction.CANCEL_VERIFY,
                        ProjectionAction.RETRY_DEAD);
        assertThat(http.post("/v1/projections/none/pause", "").statusCode()).isEqualTo(404);
    }

    /** A time is written as in REST, or is a number of seconds. */
    @Test
    void theEventBusTakesTheSameTimes() {
        assertThat(waited("5s")).contains(Duration.ofSeconds(5));
        assertThat(waited("500ms")).contains(Duration.ofMillis(500));
        assertThat(waited(2)).contains(Duration.ofSeconds(2));
        assertThat(waited("2")).contains(Duration.ofSeconds(2));
        assertThat(waited("10000m"))
                .contains(Samples.config(Path.of("."), 0).http().waitMax());
        assertThat(waited(-1)).isEmpty();
        assertThat(waited(1.5)).isEmpty();
        assertThat(waited("soon")).isEmpty();
        assertThat(waited(true)).isEmpty();
        JsonObject unbounded = new JsonObject().put("wait", "5s");
        assertThat(refused("qbc.v1.projections.find", unbounded)).contains("wait needs at");
    }

    private Optional<Duration> waited(Object wait) {
        fake().rows.clear();
        JsonObject ask = new JsonObject().put("table", "line").put("at", 7).put("wait", wait);
        String refusal = refused("qbc.v1.projections.rows", ask);
        assertThat(refusal).matches("|.*request_invalid.*");
        return fake().rows.stream().map(FindRows::patience).findFirst();
    }

    /** The problem that a question over the event bus ends in, or an empty text. */
    private String refused(String address, JsonObject ask) {
        return HttpFixture.wait(http.vertx
                .eventBus()
                .request(address, ask.put("name", "shop"))
                .map(answer -> "")
                .otherwise(Throwable::getMessage));
    }

    private FakeProjections fake() {
        return http.chains.projections;
    }
}
