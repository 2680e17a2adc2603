package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.config.NodeConfig;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final String PATH = "/v1/chains/main/transactions";
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture(
                base -> HttpFixture.with(base, base.http(), new NodeConfig.Limits(2048, 1 << 20, 32, 100, 512)));
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    private static HttpResponse<String> batch(String lines) {
        return httpFixture.post(PATH, lines, "Content-Type", "application/x-ndjson");
    }

    private static List<JsonObject> answers(HttpResponse<String> response) {
        return response.body().lines().map(JsonObject::new).toList();
    }

    @Test
    void answersEachLineInOrderAndAnInvalidOneFailsAlone() {
        String large = "{\"data\":\"" + "x".repeat(3000) + "\"}";
        HttpResponse<String> response = batch("{\"data\":1}\n\n{\"data\":\n{\"key\":\"k\",\"data\":2}\r\n" + large
                + "\n{\"key\":\"k\",\"data\":3}\n{\"key\":\"k\",\"data\":2}\n{\"data\":1,\"odd\":1}\n{\"data\":4}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        List<JsonObject> answers = answers(response);
        assertThat(answers)
                .extracting(answer -> answer.getString("code", answer.getString("state")))
                .containsExactly(
                        "pending",
                        "json_invalid",
                        "pending",
                        "body_too_large",
                        "key_reused",
                        "pending",
                        "request_invalid",
                        "pending");
        assertThat(answers.get(1).getInteger("line")).isEqualTo(3);
        assertThat(answers.get(4).getInteger("line")).isEqualTo(6);
        assertThat(answers.get(5).getString("id")).isEqualTo(answers.get(2).getString("id"));
    }

    @Test
    void takesThousandsOfLinesInGroups() {
        int before = httpFixture.node.injects.size();
        String lines = IntStream.range(0, 20_000)
                .mapToObj(n -> "{\"data\":" + n + "}\n")
                .collect(Collectors.joining());
        List<JsonObject> answers = answers(batch(lines));
        assertThat(answers)
                .hasSize(20_000)
                .allMatch(answer -> answer.getString("state").equals("pending"));
        assertThat(httpFixture.node.injects.size() - before).isBetween(20, 400);
        JsonObject last = HttpFixture.json(
                httpFixture.get(PATH + "/" + answers.get(19_999).getString("id")));
        assertThat(last.getInteger("data")).isEqualTo(19_999);
    }

    @Test
    void aBatchThatIsTooLargeIsRefused() {
        String lines = "{\"data\":1}\n".repeat(100_000);
        assertThat(batch(lines).statusCode()).isEqualTo(413);
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> chunked = httpFixture.send(httpFixture
                .request(PATH)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(bytes))));
        List<JsonObject> answers = answers(chunked);
        assertThat(answers.get(0).getString("state")).isEqualTo("pending");
        assertThat(answers.get(answers.size() - 1).getString("code")).isEqualTo("body_too_large");
    }

    @Test
    void refusesAKeyForAllAndAnUnknownChain() {
        assertThat(httpFixture
                        .post(PATH, "{\"data\":1}", "Content-Type", "application/x-ndjson", "Idempotency-Key", "all")
                        .statusCode())
                .isEqualTo(400);
        assertThat(httpFixture
                        .post("/v1/chains/none/transactions", "{\"data\":1}", "Content-Type", "application/x-ndjson")
                        .statusCode())
                .isEqualTo(404);
        assertThat(batch("").body()).isEmpty();
    }
}
