package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header fields of answers, and the form that the fields of a request ask for. */
class FieldsTest {
    private static final String MAIN = "/v1/chains/main";
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
        httpFixture.node.leap(httpFixture.node.transactions(1, 200, 50));
        httpFixture.node.leap(List.of());
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    private static HttpResponse<byte[]> read(String path, String... fields) {
        var request = httpFixture.request(path);
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return httpFixture.send(request, BodyHandlers.ofByteArray());
    }

    private static byte[] unzipped(byte[] body) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MAIN, MAIN + "/quants", "/none", "/health/live", MAIN + "/quants/head"})
    void everyAnswerHasADate(String path) {
        String date = httpFixture.get(path).headers().firstValue("Date").orElseThrow();
        Instant told =
                ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        assertThat(Duration.between(told, Instant.now())).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(date).matches("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT");
    }

    @Test
    void theDateGoesOn() {
        String path = "/health/live";
        String date = httpFixture.get(path).headers().firstValue("Date").orElseThrow();
        await().until(() -> !httpFixture
                .get(path)
                .headers()
                .firstValue("Date")
                .orElseThrow()
                .equals(date));
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics, application/problem+json, text/plain",
        "/health/live, text/plain, application/json",
        "/health/ready, image/png, application/json",
        "/v1/chains/main, text/html, application/json",
        "/v1/chains/none, text/html, application/problem+json",
    })
    void theOnlyFormThereIsIsServedWhateverIsAccepted(String path, String accept, String type) {
        HttpResponse<byte[]> response = read(path, "Accept", accept);
        assertThat(response.statusCode()).isNotEqualTo(406);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(type);
        assertThat(response.headers().allValues("Vary")).doesNotContain("accept");
    }

    @Test
    void whereThereAreFormsToChooseFromTheAnswerSaysSo() {
        for (String path : List.of("/chain", MAIN + "/quants")) {
            HttpResponse<byte[]> refused = read(path, "Accept", "text/html");
            assertThat(refused.statusCode()).isEqualTo(406);
            assertThat(refused.headers().allValues("Vary")).contains("accept");
            assertThat(read(path).headers().allValues("Vary")).contains("accept");
        }
        assertThat(httpFixture
                        .post(MAIN + "/transactions", "{\"data\":1}", "Accept", "text/html")
                        .statusCode())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MAIN + "/quants",
                MAIN + "/quants/1",
                "/json-chain",
                "/chain",
                "/openapi.json",
                MAIN + "/quants?limit=1&from=1"
            })
    void largeAnswersAreCompressedForWhoAcceptsIt(String path) {
        byte[] plain = read(path).body();
        assertThat(plain.length).isGreaterThan(1024);
        for (String accepted : List.of("gzip", "br, gzip;q=0.5", "*")) {
            HttpResponse<byte[]> response = read(path, "Accept-Encoding", accepted);
            assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(response.headers().allValues("Vary")).contains("accept-encoding");
            assertThat(response.body().length).isLessThan(plain.length);
            assertThat(unzipped(response.body())).isEqualTo(plain);
        }
        for (String accepted : List.of("br", "gzip;q=0", "identity", "*, gzip;q=0")) {
            HttpResponse<byte[]> response = read(path, "Accept-Encoding", accepted);
            assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(response.headers().allValues("Vary")).contains("accept-encoding");
            assertThat(response.body()).isEqualTo(plain);
        }
    }

    @Test
    void smallAnswersAreNotCompressed() {
        for (String path : List.of(MAIN, MAIN + "/quants/2", MAIN + "/quants?from=2", "/health/live")) {
            HttpResponse<byte[]> response = read(path, "Accept-Encoding", "gzip");
            assertThat(response.body().length).isLessThanOrEqualTo(1024);
            assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        }
    }

    @Test
    void aStreamOfEventsIsNeverCompressed() throws IOException {
        var response = httpFixture.send(
                httpFixture.request(MAIN + "/events?from=0").header("Accept-Encoding", "gzip"),
                BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        byte[] first = response.body().readNBytes(6);
        assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("retry:");
        response.body().close();
    }

    /** The bytes differ, so only the weak form of the tag is the same. */
    @Test
    void aCompressedQuantHasAWeakTagThatIsKnownAgain() {
        HttpResponse<byte[]> plain = read(MAIN + "/quants/1");
        HttpResponse<byte[]> small = read(MAIN + "/quants/1", "Accept-Encoding", "gzip");
        String tag = plain.headers().firstValue("ETag").orElseThrow();
        assertThat(tag).startsWith("\"");
        assertThat(small.headers().firstValue("ETag")).contains("W/" + tag);
        for (String known : List.of(tag, "W/" + tag)) {
            assertThat(read(MAIN + "/quants/1", "If-None-Match", known).statusCode())
                    .isEqualTo(304);
        }
    }

    @Test
    void jsonEndsWithALineFeed() {
        for (String path : List.of(
                MAIN, MAIN + "/quants", MAIN + "/quants/1", "/json-chain", "/none", "/openapi.json", "/discover")) {
            String body = httpFixture.get(path).body();
            assertThat(body).as(path).endsWith("\n").doesNotEndWith("\n\n");
            String length = httpFixture
                    .send(httpFixture.request(path).method("HEAD", BodyPublishers.noBody()))
                    .headers()
                    .firstValue("Content-Length")
                    .orElse(Integer.toString(body.length()));
            assertThat(length).isEqualTo(Integer.toString(body.length()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "identity, gzip"})
    void aBodyInACodingIsRefused(String coding) {
        for (String path : List.of(MAIN + "/transactions", "/inject", "/v1/chains", "/v1/peer/hello")) {
            HttpResponse<String> response = httpFixture.post(path, "{\"data\":1}", "Content-Encoding", coding);
            assertThat(response.statusCode()).as(path).isEqualTo(415);
            assertThat(response.headers().firstValue("Accept-Encoding")).contains("identity");
            assertThat(new JsonObject(response.body()).getString("code")).isEqualTo("media_type_unsupported");
        }
        assertThat(httpFixture
                        .post("/inject", "{\"data\":1}", "Content-Encoding", "Identity")
                        .statusCode())
                .isEqualTo(200);
    }
}
