package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.api.Problems;
import io.qbc.api.json.JsonBuffer;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionRoutesTest {
    /** Long enough for the quant to come, and not over what the server grants. */
    private static final String LONG = "wait=" + Patience.ANSWER.toSeconds() / 2;

    private static final String PATH = "/v1/chains/main/transactions";
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    @ParameterizedTest
    @CsvSource({
        "order=any, request_invalid",
        "limit=0, request_invalid",
        "author=12, request_invalid",
        "author=zz, request_invalid",
        "type=, request_invalid",
        "from=soon, request_invalid",
        "from=2026-11-28T08:00:00Z&to=2026-11-27T08:00:00Z, request_invalid",
        "key=, key_invalid",
        "after=*, cursor_invalid",
        "after=AAAA, cursor_invalid",
        "after=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, cursor_invalid",
    })
    void aListThatCannotBeIsRefused(String query, String code) {
        HttpResponse<String> answer = httpFixture.get(PATH + "?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(HttpFixture.json(answer).getString("code")).isEqualTo(code);
    }

    @Test
    void aListGoesOnWhereItsCursorIsAndOnlyThere() {
        for (int n = 0; n < 3; n++) {
            httpFixture.post(PATH, "{\"data\":" + n + ",\"type\":\"listed\",\"key\":\"listed-" + n + "\"}");
        }
        JsonObject waiting = HttpFixture.json(httpFixture.get(PATH + "?key=listed-1"));
        assertThat(waiting.getJsonArray("transactions").getJsonObject(0).getString("state"))
                .isEqualTo("pending");
        httpFixture.node.leaped();
        JsonObject first = HttpFixture.json(httpFixture.get(PATH + "?type=listed&limit=2"));
        assertThat(first.getJsonArray("transactions")).hasSize(2);
        JsonObject shown = first.getJsonArray("transactions").getJsonObject(0);
        assertThat(shown).isEqualTo(HttpFixture.json(httpFixture.get(PATH + "/" + shown.getString("id"))));
        String after = "&after=" + first.getString("next");
        JsonObject last = HttpFixture.json(httpFixture.get(PATH + "?type=listed" + after));
        assertThat(last.getJsonArray("transactions")).hasSize(1);
        assertThat(last.containsKey("next")).isFalse();
        assertThat(HttpFixture.json(httpFixture.get(PATH + "?type=other" + after))
                        .getString("code"))
                .isEqualTo("cursor_invalid");
        assertThat(HttpFixture.json(httpFixture.get(PATH + "?type=listed&order=newest" + after))
                        .getString("code"))
                .isEqualTo("cursor_invalid");
    }

    @Test
    void aReplayOfWhatIsInAQuantIsAnsweredWithItsPlace() {
        String[] key = {"Idempotency-Key", "replayed"};
        HttpResponse<String> first = httpFixture.post(PATH, "{\"data\":1}", key);
        assertThat(first.statusCode()).isEqualTo(202);
        HttpResponse<String> waiting = httpFixture.post(PATH, "{\"data\":1}", key);
        assertThat(waiting.statusCode()).isEqualTo(202);
        httpFixture.node.leaped();
        HttpResponse<String> replay = httpFixture.post(PATH, "{\"data\":1}", key);
        assertThat(replay.statusCode()).isEqualTo(200);
        JsonObject answer = HttpFixture.json(replay);
        assertThat(answer.getString("id")).isEqualTo(HttpFixture.json(first).getString("id"));
        assertThat(answer.getString("state")).isEqualTo("committed");
        assertThat(answer.getLong("height"))
                .isEqualTo(httpFixture.node.head().header().height());
        assertThat(replay.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(httpFixture
                        .post(PATH, "{\"data\":1}", "Idempotency-Key", "replayed", "Prefer", "wait=5")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void takesATransactionAndGivesItBackByteForByte() {
        HttpResponse<String> taken = httpFixture.post(PATH, "{\"data\": {\"b\":1,  \"a\":[1.10,\"\\u00e9\"]}}");
        assertThat(taken.statusCode()).isEqualTo(202);
        JsonObject answer = HttpFixture.json(taken);
        assertThat(answer.getString("state")).isEqualTo("pending");
        assertThat(answer.getString("chain"))
                .isEqualTo(httpFixture.node.spec.id().hex());
        String location = taken.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo(PATH + "/" + answer.getString("id"));
        HttpResponse<String> found = httpFixture.get(location);
        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(found.body()).endsWith(",\"data\":{\"b\":1,  \"a\":[1.10,\"\\u00e9\"]}}\n");
        assertThat(HttpFixture.json(found).getString("state")).isEqualTo("pending");
        httpFixture.node.leap(List.of());
        JsonObject committed = HttpFixture.json(httpFixture.get(location));
        assertThat(committed.getString("state")).isEqualTo("committed");
        assertThat(committed.getLong("height"))
                .isEqualTo(httpFixture.node.head().header().height());
        assertThat(committed.getString("quant"))
                .isEqualTo(httpFixture.node.head().header().hash().hex());
    }

    /** The rule on numbers is a rule for what comes in, not one that makes a quant invalid. */
    @Test
    void aNumberIsBounded() {
        for (String worst : List.of("9".repeat(1000), "[-1e9999,1E-9999]", "1" + "0".repeat(995) + "e999")) {
            assertThat(httpFixture.post(PATH, "{\"data\":" + worst + "}").statusCode())
                    .isEqualTo(202);
        }
        for (String beyond : List.of("9".repeat(1001), "1e2147483648", "{\"a\":[1E-10000]}", "0." + "1".repeat(999))) {
            for (String door : List.of(PATH, "/inject")) {
                HttpResponse<String> refused = httpFixture.post(door, "{\"data\":" + beyond + "}");
                assertThat(refused.statusCode()).isEqualTo(422);
                assertThat(HttpFixture.json(refused).getString("code")).isEqualTo("payload_invalid");
            }
        }
    }

    @Test
    void theIdFollowsFromTheAnswersFields() {
        String id = HttpFixture.json(httpFixture.post(PATH, "{\"data\":[1]}")).getString("id");
        JsonObject found = HttpFixture.json(httpFixture.get(PATH + "/" + id));
        Bytes salt = Bytes.hex(found.getString("salt"));
        assertThat(Canonical.commitment(salt, Bytes.utf8("[1]")).hex()).isEqualTo(found.getString("commitment"));
        Body body = new Body(
                1,
                httpFixture.node.spec.id(),
                found.getLong("timestamp"),
                Bytes.hex(found.getString("key")),
                Bytes.EMPTY,
                Bytes.EMPTY,
                0,
                Hash.parse(found.getString("commitment")).orElseThrow(),
                3);
        assertThat(Transaction.of(body, salt, Bytes.EMPTY, Bytes.utf8("[1]"))
                        .id()
                        .hex())
                .isEqualTo(id);
    }

    @Test
    void theSameKeyAndDataGiveTheSameAnswerAndOtherDataARefusal() {
        JsonObject first = HttpFixture.json(httpFixture.post(PATH, "{\"data\":1}", "Idempotency-Key", "\"order 7\""));
        JsonObject again = HttpFixture.json(httpFixture.post(PATH, "{\"data\":1,\"key\":\"order 7\"}"));
        assertThat(again).isEqualTo(first);
        HttpResponse<String> other = httpFixture.post(PATH, "{\"data\":2}", "Idempotency-Key", "\"order 7\"");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(HttpFixture.json(other).getString("code")).isEqualTo("key_reused");
        assertThat(httpFixture
                        .post(PATH, "{\"data\":2,\"key\":\"a\"}", "Idempotency-Key", "b")
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|400|payload_missing",
                "{\"data\":1,\"data\":2}|400|json_invalid",
                "{\"data\":NaN}|400|json_invalid",
                "[1]|400|json_invalid",
                "''|400|json_invalid",
                "{\"data\":1,\"colour\":2}|400|request_invalid",
                "{\"data\":1,\"key\":5}|400|key_invalid",
                "{\"data\":1,\"key\":\"\"}|400|key_invalid",
                "{\"data\":1,\"salt\":\"00\"}|400|request_invalid",
                "{\"data\":1,\"version\":1}|400|request_invalid",
                "{\"data\":1,\"id\":\"00\"}|400|request_invalid",
                "{\"data\":1,\"author\":\"00\"}|400|request_invalid",
                "{\"data\":1,\"commitment\":\"00\"}|400|request_invalid",
                "{\"data\":1,\"length\":1}|400|request_invalid",
                "{\"data\":1,\"timestamp\":1}|400|request_invalid",
                "{\"data\":1,\"signature\":\"00\"}|400|request_invalid",
                "{\"data\":1,\"salt\":\"00\",\"timestamp\":1,\"key\":\"00\"}|400|request_invalid",
                "{\"data\":1,\"salt\":\"00\",\"timestamp\":1,\"key\":\"00\",\"author\":\"00\",\"signature\":\"00\"}"
                        + "|400|transaction_malformed",
                "{\"data\":1,\"schema\":-1}|400|transaction_malformed",
            })
    void refusesWhatIsNotAcceptable(String body, int status, String code) {
        HttpResponse<String> response = httpFixture.post(PATH, body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains(Problems.TYPE);
        JsonObject problem = HttpFixture.json(response);
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getString("type")).isEqualTo("urn:qbc:problem:" + code);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("chain")).isEqualTo("main");
        assertThat(problem.getBoolean("retryable")).isFalse();
    }

    @Test
    void refusesOtherFormsAndUnknownChains() {
        assertThat(httpFixture
                        .post(PATH, "{\"data\":1}", "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
        assertThat(httpFixture
                        .post(PATH, "{\"data\":1}", "Content-Type", "application/json; charset=latin1")
                        .statusCode())
                .isEqualTo(415);
        HttpResponse<String> unknown = httpFixture.post("/v1/chains/other/transactions", "{\"data\":1}");
        assertThat(HttpFixture.json(unknown).getString("code")).isEqualTo("chain_unknown");
        String none = "00".repeat(32);
        assertThat(HttpFixture.json(httpFixture.get(PATH + "/" + none)).getString("code"))
                .isEqualTo("transaction_unknown");
        assertThat(httpFixture.get(PATH + "/nonsense").statusCode()).isEqualTo(404);
        String byId = "/v1/chains/" + httpFixture.node.spec.id().hex() + "/transactions";
        assertThat(httpFixture.post(byId, "{\"data\":1}").statusCode()).isEqualTo(202);
    }

    @Test
    void takesACompleteSignedTransactionAndChecksIt() {
        Bytes data = Bytes.utf8("{\"signed\":true}");
        Bytes salt = Bytes.wrap(Samples.seed("salt")).slice(0, 16);
        Body body = new Body(
                1,
                httpFixture.node.spec.id(),
                1234,
                Bytes.hex("0102"),
                Samples.OTHER.key(),
                Bytes.utf8("order"),
                3,
                Canonical.commitment(salt, data),
                data.size());
        Hash id = Transaction.of(body, salt, Bytes.EMPTY, data).id();
        Bytes signature = Samples.OTHER.sign(Canonical.transactionSigned(id));
        String complete = "{\"id\":\"" + id.hex() + "\",\"timestamp\":1234,\"key\":\"0102\",\"salt\":\"" + salt.hex()
                + "\",\"author\":\"" + Samples.OTHER.key().hex() + "\",\"type\":\"order\",\"schema\":3,\"signature\":\""
                + signature.hex() + "\",\"data\":{\"signed\":true}}";
        HttpResponse<String> taken = httpFixture.post(PATH, complete);
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        assertThat(HttpFixture.json(taken).getString("id")).isEqualTo(id.hex());
        assertThat(httpFixture.post(PATH, complete).body()).isEqualTo(taken.body());
        HttpResponse<String> forged = httpFixture.post(PATH, complete.replace("\"schema\":3", "\"schema\":4"));
        assertThat(HttpFixture.json(forged).getString("code")).isEqualTo("transaction_id");
        String noId = complete.replace("\"id\":\"" + id.hex() + "\",", "");
        assertThat(HttpFixture.json(httpFixture.post(PATH, noId.replace("1234", "1235")))
                        .getString("code"))
                .isEqualTo("signature_invalid");
        String wrong = noId.replace("\"salt\"", "\"commitment\":\"" + "00".repeat(32) + "\",\"salt\"");
        assertThat(HttpFixture.json(httpFixture.post(PATH, wrong)).getString("code"))
                .isEqualTo("commitment_mismatch");
    }

    @Test
    void waitsUntilTheTransactionIsInAQuant() {
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(
                () -> httpFixture.post(PATH, "{\"data\":\"wait\"}", "Prefer", "respond-async, " + LONG));
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 1);
        httpFixture.node.leap(List.of());
        HttpResponse<String> answer = waiting.join();
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Preference-Applied")).contains(LONG);
        assertThat(HttpFixture.json(answer).getString("quant"))
                .isEqualTo(httpFixture.node.head().header().hash().hex());
        HttpResponse<String> late = httpFixture.post(PATH, "{\"data\":\"late\"}", "Prefer", "wait=1");
        assertThat(late.statusCode()).isEqualTo(202);
        assertThat(HttpFixture.json(late).getString("state")).isEqualTo("pending");
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 0);
    }

    @Test
    void whoWaitsIsToldThatAnotherTransactionStands() {
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(
                () -> httpFixture.post(PATH, "{\"data\":\"beaten\",\"key\":\"beaten\"}", "Prefer", LONG));
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 1);
        Hash mine = httpFixture.node.pending("\"beaten\"");
        Hash standing = Samples.transaction(httpFixture.node.spec, 903).id();
        httpFixture.node.supersede(mine, standing, true);
        HttpResponse<String> answer = waiting.join();
        assertThat(answer.statusCode()).isEqualTo(202);
        JsonObject told = HttpFixture.json(answer);
        assertThat(told.getString("id")).isEqualTo(mine.hex());
        assertThat(told.getString("state")).isEqualTo("superseded");
        assertThat(told.getString("standing")).isEqualTo(standing.hex());
        // The key again tells the same.
        assertThat(HttpFixture.json(httpFixture.post(PATH, "{\"data\":\"beaten\",\"key\":\"beaten\"}")))
                .isEqualTo(told);
        String metrics = httpFixture.get("/metrics").body();
        assertThat(metrics).contains("# TYPE qbc_superseded_total counter");
    }

    @Test
    void tellsWhenAnotherTransactionStands() {
        Transaction lost = Samples.transaction(httpFixture.node.spec, 901);
        Hash standing = Samples.transaction(httpFixture.node.spec, 902).id();
        httpFixture.node.place(lost, new Superseded(lost, standing, false));
        JsonObject conflict =
                HttpFixture.json(httpFixture.get(PATH + "/" + lost.id().hex()));
        assertThat(conflict.getString("state")).isEqualTo("conflict");
        assertThat(conflict.getString("standing")).isEqualTo(standing.hex());
        httpFixture.node.place(lost, new Superseded(lost, standing, true));
        assertThat(HttpFixture.json(httpFixture.get(PATH + "/" + lost.id().hex()))
                        .getString("state"))
                .isEqualTo("superseded");
    }

    @Test
    void aPoolThatIsFullIsToldWithWhenToRetry() {
        try (HttpFixture full = new HttpFixture()) {
            full.node.refuse(Reason.POOL_FULL);
            HttpResponse<String> response = full.post(PATH, "{\"data\":1}");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
            assertThat(HttpFixture.json(response).getBoolean("retryable")).isTrue();
        }
    }

    @Test
    void collectsWhatComesInOneTurnInOneMessage() {
        int before = httpFixture.node.injects.size();
        String body = "{\"data\":\"turn\"}";
        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 200)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> httpFixture.post(PATH, body)))
                .toList();
        assertThat(all).allMatch(answer -> answer.join().statusCode() == 202);
        assertThat(httpFixture.node.injects.size() - before).isLessThanOrEqualTo(200);
        assertThat(httpFixture.node.injects).allMatch(inject -> inject.origin() == Origin.CLIENT);
        long ids = all.stream()
                .map(answer -> HttpFixture.json(answer.join()).getString("id"))
                .distinct()
                .count();
        assertThat(ids).isEqualTo(200);
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        byte[] large = ("{\"data\":\"" + "x".repeat(1 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> stated = httpFixture.sendTooMuch(json().POST(BodyPublishers.ofByteArray(large)));
        assertThat(stated.statusCode()).isEqualTo(413);
        HttpResponse<String> chunked = httpFixture.sendTooMuch(
                json().POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))));
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(HttpFixture.json(chunked).getString("code")).isEqualTo("body_too_large");
    }

    private static HttpRequest.Builder json() {
        return httpFixture.request(PATH).header("Content-Type", "application/json");
    }

    @Test
    void hexInAnswersIsLowerCase() {
        JsonBuffer out = new JsonBuffer(1).hex(Bytes.wrap(HexFormat.of().parseHex("00ffA9")));
        assertThat(out.toBytes().text()).isEqualTo("\"00ffa9\"");
        assertThat(new JsonBuffer(1)
                        .text("a\"\\\n\u0001é\ud83d\ude00\ud800")
                        .toBytes()
                        .text())
                .isEqualTo("\"a\\\"\\\\\\n\\u0001é\ud83d\ude00\ufffd\"");
    }
}
