package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.qbc.Patience;
import io.qbc.api.Problems;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Reason;
import io.qbc.model.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import net.razorvine.pickle.Unpickler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LegacyRoutesTest {
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        httpFixture = new HttpFixture();
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    @Test
    void injectsLeapsAndReadsTheChain() {
        HttpResponse<String> injected = httpFixture.post("/inject", "{\"data\":\"{\\\"a\\\":1}\",\"other\":true}");
        assertThat(injected.statusCode()).isEqualTo(200);
        JsonObject answer = HttpFixture.json(injected);
        assertThat(answer.getString("message")).isEqualTo("Transaction submission successful");
        assertThat(answer.getString("state")).isEqualTo("pending");
        assertThat(answer.getString("id")).hasSize(64);
        JsonObject leapt = HttpFixture.json(httpFixture.get("/leap"));
        assertThat(leapt.getString("message")).isEqualTo("block creation successful");
        assertThat(leapt.getLong("index")).isEqualTo(1);
        assertThat(leapt.getLong("count")).isEqualTo(1);
        JsonArray chain = new JsonArray(httpFixture.get("/json-chain").body());
        JsonObject quant = chain.getJsonObject(1);
        assertThat(quant.fieldNames()).containsExactly("index", "timestamp", "data", "hash", "proof");
        assertThat(quant.getString("index")).isEqualTo("1");
        assertThat(quant.getString("proof")).isEqualTo("0");
        assertThat(quant.getJsonArray("data").getString(0)).isEqualTo("{\"a\":1}");
        JsonObject stats = HttpFixture.json(httpFixture.get("/stats"));
        assertThat(stats.getLong("length")).isEqualTo(2);
        assertThat(stats.getString("hash")).isEqualTo(leapt.getString("hash"));
        assertThat(HttpFixture.json(httpFixture.get("/leap")).getLong("count")).isZero();
        assertThat(httpFixture
                        .send(httpFixture.request("/leap").method("HEAD", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(HttpFixture.json(httpFixture.get("/stats")).getLong("length"))
                .isEqualTo(3);
    }

    @Test
    void anEchoCountsOnceAndIsNotAnnounced() {
        JsonObject first = put("{\"data\":{\"n\":1}}");
        assertThat(put("{\"data\":{\"n\":1}}")).isEqualTo(first);
        assertThat(put("{\"data\":{\"n\":2}}")).isNotEqualTo(first);
        assertThat(httpFixture.node.injects).allMatch(inject -> inject.origin() == Origin.QUIET);
    }

    private JsonObject put(String json) {
        HttpResponse<String> response =
                httpFixture.send(httpFixture.request("/inject").PUT(BodyPublishers.ofString(json)));
        assertThat(response.statusCode()).isEqualTo(200);
        return HttpFixture.json(response);
    }

    @Test
    void takesForms() {
        assertThat(form("data=%7B%22a%22%3A1%7D&x=1").statusCode()).isEqualTo(200);
        assertThat(form("data=plain+text+%22q%22").statusCode()).isEqualTo(200);
        assertThat(HttpFixture.json(form("other=1")).getString("code")).isEqualTo("payload_missing");
        for (String malformed : List.of("data=%zz", "data=%F", "data=%", "data=%FF", "data=%C3", "data=a&data=b")) {
            HttpResponse<String> refused = form(malformed);
            assertThat(refused.statusCode()).as(malformed).isEqualTo(400);
            assertThat(HttpFixture.json(refused).getString("code"))
                    .as(malformed)
                    .isEqualTo("request_invalid");
        }
        assertThat(form("d%61ta=%C3%A9+%26&&x").statusCode()).isEqualTo(200);
        httpFixture.get("/leap");
        JsonArray data = new JsonArray(httpFixture.get("/json-chain").body())
                .getJsonObject(1)
                .getJsonArray("data");
        assertThat(data.encode()).isEqualTo("[{\"a\":1},\"plain text \\\"q\\\"\",\"é &\"]");
        assertThat(HttpFixture.json(httpFixture.post("/inject", "{}")).getString("code"))
                .isEqualTo("payload_missing");
    }

    private HttpResponse<String> form(String body) {
        return httpFixture.post("/inject", body, "Content-Type", "application/x-www-form-urlencoded");
    }

    private void odd() {
        httpFixture.post(
                "/inject",
                "{\"data\":{\"t\":true,\"n\":null,\"i\":-5,\"big\":123456789012345678901234567890,\"d\":1.5,"
                        + "\"s\":\"\\u00e9\\ud83d\\ude00\",\"l\":[[],{},[1,[2]]]}}");
        httpFixture.post("/inject", "{\"data\":1e400}");
        httpFixture.node.leap(List.of());
        httpFixture.node.leap(List.of());
    }

    @Test
    void theChainIsCbor() throws Exception {
        odd();
        HttpResponse<byte[]> response = httpFixture.send(httpFixture.request("/chain"), BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("Content-Type")).contains("application/cbor");
        List<?> chain = new CBORMapper().readValue(response.body(), List.class);
        assertThat(chain).hasSize(3);
        Map<?, ?> quant = (Map<?, ?>) chain.get(1);
        assertThat(quant.get("index")).isEqualTo("1");
        Map<?, ?> payload = (Map<?, ?>) ((List<?>) quant.get("data")).get(0);
        assertThat(payload.get("big")).isEqualTo(new BigInteger("123456789012345678901234567890"));
        assertThat(payload.get("s")).isEqualTo("é\ud83d\ude00");
        assertThat(payload.get("l")).isEqualTo(List.of(List.of(), Map.of(), List.of(1, List.of(2))));
    }

    @Test
    void theChainIsAPickleForThoseWhoWantOne(@TempDir Path directory) throws Exception {
        odd();
        HttpResponse<byte[]> response = httpFixture.send(
                httpFixture.request("/chain").header("Accept", "application/x-python-pickle"),
                BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-python-pickle");
        List<?> chain = (List<?>) new Unpickler().loads(response.body());
        assertThat(chain).hasSize(3);
        assertThat(((Map<?, ?>) chain.get(1)).get("index")).isEqualTo("1");
        Path file = Files.write(directory.resolve("chain.pickle"), response.body());
        String script = """
                import pickle, sys
                c = pickle.load(open(sys.argv[1], 'rb'))
                d = c[1]['data'][0]
                assert type(c) is list and type(c[1]) is dict
                print(len(c), d['big'], d['n'], d['t'], d['d'], d['l'], c[2]['data'], ascii(d['s']))
                """;
        assumeThat(Files.isExecutable(Path.of("/usr/bin/python3"))).isTrue();
        Process python = new ProcessBuilder("/usr/bin/python3", "-c", script, file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Patience.ended(python)).isTrue();
        assertThat(said.strip())
                .isEqualTo("3 123456789012345678901234567890 None True 1.5 [[], {}, [1, [2]]] [] '\\xe9\\U0001f600'");
    }

    @Test
    void discoversNodes() {
        JsonObject found = HttpFixture.json(httpFixture.post("/discover", "{\"host\":\"http://127.0.0.1:7\"}"));
        assertThat(found.getJsonArray("live_nodes")).containsExactly("http://127.0.0.1:7");
        assertThat(found.getJsonObject("stats").getLong("length")).isEqualTo(1);
        assertThat(httpFixture.get("/discover").body()).isEqualTo("[\"http://127.0.0.1:7\"]\n");
        assertThat(httpFixture
                        .post("/discover", "{\"host\":\"http://10.0.0.1\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(httpFixture.post("/discover", "{\"host\":5}").statusCode()).isEqualTo(400);
        assertThat(httpFixture.post("/discover", "nonsense").statusCode()).isEqualTo(400);
    }

    /** As the README of the original shows it: host=address, as JSON or a form. */
    @Test
    void discoversNodesAsTheOriginalDid() {
        for (String body : List.of("host=127.0.0.1:9", "host=http%3A%2F%2F127.0.0.1%3A9")) {
            HttpResponse<String> found =
                    httpFixture.post("/discover", body, "Content-Type", "application/x-www-form-urlencoded");
            assertThat(found.statusCode()).as(body).isEqualTo(200);
        }
        assertThat(httpFixture.post("/discover", "{\"host\":\"127.0.0.1:9\"}").statusCode())
                .isEqualTo(200);
        assertThat(new JsonArray(httpFixture.get("/discover").body())).containsExactly("http://127.0.0.1:9");
        HttpResponse<String> none =
                httpFixture.post("/discover", "node=x", "Content-Type", "application/x-www-form-urlencoded");
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(httpFixture
                        .post("/discover", "host=x", "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void aQuantComesInByAddBlockWithTheBytesItHad() {
        httpFixture.node.leap(httpFixture.node.transactions(1, 3, 5));
        String json = httpFixture.get("/v1/chains/main/quants/1").body();
        AtomicReference<Append> offered = new AtomicReference<>();
        httpFixture.node.judge(append -> {
            offered.set(append);
            return new Verdict.Extended(
                    new Head(append.compactQuant().hash(), append.compactQuant().header(), BigInteger.ONE));
        });
        HttpResponse<String> taken = httpFixture.post("/add-block", json);
        assertThat(taken.statusCode()).isEqualTo(200);
        assertThat(HttpFixture.json(taken).getString("message")).isEqualTo("Success");
        assertThat(HttpFixture.json(taken).getString("verdict")).isEqualTo("extended");
        assertThat(offered.get().compactQuant())
                .isEqualTo(httpFixture.node.quant(1).compactQuant());
        assertThat(offered.get().supplied()).isEqualTo(httpFixture.node.quant(1).transactions());
        String hash = httpFixture.node.quant(1).header().hash().hex();
        assertThat(code(json.replace(hash, "ab".repeat(32)))).isEqualTo("quant_hash");
        assertThat(code(json.replace("\"height\":1", "\"height\":\"x\""))).isEqualTo("quant_malformed");
        assertThat(code(json.replace("\"seals\":[", "\"seals\":[7,"))).isEqualTo("quant_malformed");
        assertThat(code(json.replace("\"n\":1,", "\"n\":7,"))).isEqualTo("200");
        assertThat(code(json.replace("\"schema\":0", "\"schema\":1"))).isEqualTo("transaction_id");
        assertThat(code(json.replace("\"n\":1,", "\"n\":1e10000,"))).isEqualTo("payload_invalid");
        assertThat(code(json.replace("\"n\":1,", "\"n\":" + "1".repeat(1001) + ",")))
                .isEqualTo("payload_invalid");
        assertThat(code("{\"quant\":\"gASV\"}")).isEqualTo("quant_malformed");
        assertThat(code("{")).isEqualTo("json_invalid");
    }

    @Test
    void aVerdictThatIsNoSuccessIsNever200() {
        String json = httpFixture.get("/v1/chains/main/quants/0").body();
        httpFixture.node.judge(append -> new Verdict.Known(append.compactQuant().hash()));
        assertThat(code(json)).isEqualTo("200");
        httpFixture.node.judge(append -> new Verdict.Orphan(Hash.ZERO));
        assertThat(httpFixture.post("/add-block", json).statusCode()).isEqualTo(409);
        assertThat(code(json)).isEqualTo("parent_unknown");
        httpFixture.node.judge(append -> new Verdict.Missing(List.of(Hash.ZERO)));
        assertThat(code(json)).isEqualTo("transactions_missing");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasAStatusOfItsOwnKind(Reason reason) {
        String json = httpFixture.get("/v1/chains/main/quants/0").body();
        httpFixture.node.judge(append -> new Verdict.Refused(reason.refusal("as the test wants")));
        HttpResponse<String> response = httpFixture.post("/add-block", json);
        assertThat(response.statusCode()).isBetween(400, 599).isEqualTo(Problems.status(reason));
        JsonObject problem = HttpFixture.json(response);
        assertThat(problem.getString("code")).isEqualTo(reason.code());
        assertThat(problem.getString("title")).isEqualTo(reason.title());
        assertThat(problem.getBoolean("retryable")).isEqualTo(reason.retryable());
        boolean later = List.of(429, 503, 504, 507).contains(response.statusCode());
        assertThat(response.headers().firstValue("Retry-After").isPresent()).isEqualTo(later);
    }

    private String code(String json) {
        HttpResponse<String> response = httpFixture.post("/add-block", json);
        return response.statusCode() == 200 ? "200" : HttpFixture.json(response).getString("code");
    }
}
