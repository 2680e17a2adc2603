package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How figures are asked for, and in which forms they come. */
class AnalyticsRoutesTest {
    private static final String PATH = "/v1/chains/main/analytics";
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    @Test
    void figuresComeAsAListForEachSeries() {
        JsonObject found =
                HttpFixture.json(httpFixture.get(PATH + "?from=2026-11-28T10:00:30Z&to=2026-11-28T10:02:00Z&by=type"));
        assertThat(found.getString("from")).isEqualTo("2026-11-28T10:00:00Z");
        assertThat(found.getString("to")).isEqualTo("2026-11-28T10:02:00Z");
        assertThat(found.getString("step")).isEqualTo("minute");
        assertThat(found.getString("by")).isEqualTo("type");
        assertThat(found.getLong("height")).isEqualTo(7);
        JsonArray series = found.getJsonArray("series");
        assertThat(series).hasSize(3);
        assertThat(series.getJsonObject(0))
                .isEqualTo(new JsonObject("{\"name\":\"=1+\\\"x\\\"\",\"kind\":\"value\","
                        + "\"times\":[\"2026-11-28T10:00:00Z\",\"2026-11-28T10:01:00Z\"],"
                        + "\"transactions\":[3,3],\"bytes\":[300,300],\"quants\":[1,1],"
                        + "\"waitP50Millis\":[20,20],\"waitP99Millis\":[null,null],"
                        + "\"waitMillis\":[60,60],"
                        + "\"finalityP50Millis\":[null,null],\"finalityP99Millis\":[5,5]}"));
        assertThat(series.getJsonObject(1).getString("name")).isEmpty();
        assertThat(series.getJsonObject(1).getString("kind")).isEqualTo("value");
        assertThat(series.getJsonObject(2).getString("kind")).isEqualTo("other");
    }

    /** What a table calculator would take for a formula is marked as text. */
    @Test
    void figuresComeAsATableToo() {
        HttpResponse<String> table = httpFixture.send(httpFixture
                .request(PATH + "?from=2026-11-28T10:00:00Z&to=2026-11-28T10:01:00Z&by=type")
                .header("Accept", "text/csv"));
        assertThat(table.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
        assertThat(table.body())
                .isEqualTo("time,series,kind,transactions,bytes,quants,waitP50Millis,waitP99Millis,"
                        + "waitMillis,finalityP50Millis,finalityP99Millis\r\n"
                        + "2026-11-28T10:00:00Z,\"'=1+\"\"x\"\"\",value,3,300,1,20,,60,,5\r\n"
                        + "2026-11-28T10:00:00Z,,value,3,300,1,20,,60,,5\r\n"
                        + "2026-11-28T10:00:00Z,other,other,3,300,1,20,,60,,5\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "PT1H, minute",
        "PT6H, minute",
        "PT7H, hour",
        "P14D, hour",
        "P15D, day",
        "P400D, day",
    })
    void theStepFollowsTheRange(String range, String step) {
        Instant to = Instant.parse("2026-11-28T10:00:00Z");
        Instant from = to.minus(Duration.parse(range));
        JsonObject found = HttpFixture.json(httpFixture.get(PATH + "?from=" + from + "&to=" + to.toEpochMilli()));
        assertThat(found.getString("step")).isEqualTo(step);
        assertThat(found.getJsonArray("series").getJsonObject(0).getString("kind"))
                .isEqualTo("all");
    }

    @Test
    void withoutARangeItIsTheLastDay() {
        JsonObject found = HttpFixture.json(httpFixture.get(PATH));
        Duration range = Duration.between(Instant.parse(found.getString("from")), Instant.parse(found.getString("to")));
        assertThat(range).isBetween(Duration.ofHours(24), Duration.ofHours(25));
        assertThat(HttpFixture.json(httpFixture.get(PATH + "?step=PT15M")).getString("step"))
                .isEqualTo("PT15M");
        assertThat(HttpFixture.json(httpFixture.get(PATH + "?step=PT60M")).getString("step"))
                .isEqualTo("hour");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=yesterday",
                "from=-1",
                "from=99999999999999999999",
                "from=2026-11-28",
                "to=",
                "from=2026-11-28T10:00:00Z&to=2026-11-28T10:00:00Z",
                "from=+999999999-12-31T23:59:59Z",
                "step=second",
                "step=PT0S",
                "step=PT30S",
                "step=PT-1M",
                "step=P367D",
                "step=P1M",
                "step=PT9999999999999999H",
                "by=key",
                "by=",
            })
    void whatIsNoRangeIsRefused(String query) {
        HttpResponse<String> refused = httpFixture.get(PATH + "?" + query.replace("+", "%2B"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(HttpFixture.json(refused).getString("code")).isEqualTo("request_invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=2026-11-26T00:00:00Z&to=2026-11-28T00:00:00Z&step=minute",
                "from=2025-11-28T00:00:00Z&to=2026-11-28T00:00:00Z&step=hour",
                "from=2016-11-28T00:00:00Z&to=2026-11-28T00:00:00Z&step=day",
                "from=2025-11-28T00:00:00Z&to=2026-11-28T00:00:00Z&step=PT1441M",
                "from=0&to=253000000000000&step=minute",
            })
    void whatHasTooManyPointsIsRefusedByACodeOfItsOwn(String query) {
        HttpResponse<String> refused = httpFixture.get(PATH + "?" + query);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(HttpFixture.json(refused).getString("code")).isEqualTo("range_too_large");
    }

    @Test
    void aChainThatIsNotHereHasNone() {
        assertThat(httpFixture.get("/v1/chains/none/analytics").statusCode()).isEqualTo(404);
    }
}
