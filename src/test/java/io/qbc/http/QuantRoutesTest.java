package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonForms;
import io.qbc.api.json.QuantReader;
import io.qbc.model.Bytes;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class QuantRoutesTest {
    private static final String PATH = "/v1/chains/main/quants";
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
        for (int i = 0; i < 150; i++) {
            httpFixture.node.leap(httpFixture.node.transactions(10 * i, i % 3, 10));
        }
        httpFixture.node.leap(httpFixture.node.transactions(5000, 3000, 1000));
        httpFixture.node.leap(List.of());
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    @Test
    void aPageHasQuantsInOrderAndWhereToGoOn() {
        JsonObject first = HttpFixture.json(httpFixture.get(PATH + "?limit=2"));
        assertThat(first.getLong("next")).isEqualTo(2);
        assertThat(first.getJsonArray("quants").getJsonObject(0).getString("chain"))
                .isEqualTo("00".repeat(32));
        JsonObject all = HttpFixture.json(httpFixture.get(PATH));
        assertThat(all.getJsonArray("quants")).hasSize(100);
        assertThat(all.getLong("next")).isEqualTo(100);
        JsonObject rest = HttpFixture.json(httpFixture.get(PATH + "?from=100"));
        assertThat(rest.getJsonArray("quants").size()).isEqualTo(53);
        assertThat(rest.getValue("next")).isNull();
        assertThat(HttpFixture.json(httpFixture.get(PATH + "?from=99999")).encode())
                .isEqualTo("{\"quants\":[],\"next\":null}");
        assertThat(httpFixture.get(PATH + "?from=x").statusCode()).isEqualTo(400);
        assertThat(httpFixture.get(PATH + "?limit=0").statusCode()).isEqualTo(400);
    }

    @Test
    void aPayloadWithLineBreaksStaysOnItsLineAndKeepsItsBytes() {
        Transaction broken = Samples.transaction(httpFixture.node.spec, 7, "{\"a\":1,\r\n \"b\":[2,\n3]}");
        JsonBuffer out = new JsonBuffer(512).raw("{");
        JsonForms.transactionLine(out, broken, OptionalLong.of(0));
        String line = out.raw("}").toBytes().text();
        assertThat(line).doesNotContain("\n", "\r").endsWith(",\"data\":{\"a\":1,   \"b\":[2, 3]}}");
        assertThat(line).contains("\"raw\":\"" + broken.payload().hex() + "\"");
        JsonBuffer plain = new JsonBuffer(512);
        JsonForms.transactionLine(plain, Samples.transaction(httpFixture.node.spec, 8), OptionalLong.of(0));
        assertThat(plain.toBytes().text()).doesNotContain("\"raw\"").endsWith(",\"data\":{\"n\":8}");
    }

    @Test
    void aQuantIsReadBackExactlyWhateverItsSize() {
        Quant large = httpFixture.node.quant(151);
        HttpResponse<String> response =
                httpFixture.get(PATH + "/" + large.header().hash().hex());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        Quant read = new QuantReader(64 << 20, 32)
                .read(Bytes.utf8(response.body()), large.header().chain());
        assertThat(read).isEqualTo(large);
        JsonArray transactions = HttpFixture.json(response).getJsonArray("transactions");
        long first = large.header().treeSize() - large.header().count();
        assertThat(transactions.getJsonObject(0).getLong("index")).isEqualTo(first);
        assertThat(transactions.getJsonObject(2999).getLong("index")).isEqualTo(first + 2999);
        assertThat(httpFixture.get(PATH + "/151").body()).isEqualTo(response.body());
    }

    @Test
    void aQuantThatIsKnownToTheCallerIsNotSentAgain() {
        HttpResponse<String> head = httpFixture.get(PATH + "/head");
        String tag = head.headers().firstValue("ETag").orElseThrow();
        assertThat(tag).isEqualTo('"' + HttpFixture.json(head).getString("hash") + '"');
        assertThat(head.headers().firstValue("Cache-Control")).contains("no-cache");
        HttpResponse<String> again =
                httpFixture.send(httpFixture.request(PATH + "/head").header("If-None-Match", tag));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        HttpResponse<String> bare =
                httpFixture.send(httpFixture.request(PATH + "/head").method("HEAD", BodyPublishers.noBody()));
        assertThat(bare.statusCode()).isEqualTo(200);
        assertThat(bare.headers().firstValue("ETag")).contains(tag);
        for (String name : List.of("99999", "ab".repeat(32), "latest")) {
            assertThat(HttpFixture.json(httpFixture.get(PATH + "/" + name)).getString("code"))
                    .isEqualTo("quant_unknown");
        }
    }

    @Test
    void linesGoToTheHead() {
        HttpResponse<String> lines =
                httpFixture.send(httpFixture.request(PATH + "?from=1").header("Accept", "application/x-ndjson"));
        List<JsonObject> quants = lines.body().lines().map(JsonObject::new).toList();
        assertThat(quants).hasSize(152);
        for (int i = 0; i < quants.size(); i++) {
            assertThat(quants.get(i).getString("hash"))
                    .isEqualTo(httpFixture.node.quant(i + 1).header().hash().hex());
        }
    }

    @Test
    void aSlowReaderHoldsTheReadingUp() throws Exception {
        try (HttpFixture large = new HttpFixture()) {
            for (int i = 0; i < 16; i++) {
                large.node.leap(large.node.transactions(100 * i, 100, 20_000));
            }
            HttpResponse<InputStream> slow = large.send(
                    large.request(PATH).header("Accept", "application/x-ndjson"), BodyHandlers.ofInputStream());
            await().until(() ->
                    large.node.reads.get() > 0 && large.sharedLimits.streams().inUse() == 1);
            int held = settled(large);
            // 32 MB in pages of a quarter: far fewer are read while nobody takes them.
            assertThat(held).isLessThan(90);
            try (InputStream body = slow.body()) {
                assertThat(body.readAllBytes().length).isGreaterThan(32_000_000);
            }
            assertThat(large.node.reads.get()).isGreaterThanOrEqualTo(16);
            await().until(() -> large.sharedLimits.streams().inUse() == 0);
        }
    }

    /** How many reads there were once no more come. */
    private static int settled(HttpFixture large) {
        int[] last = {-1};
        await().until(() -> {
            int now = large.node.reads.get();
            boolean same = now == last[0];
            last[0] = now;
            return same;
        });
        return last[0];
    }

    @Test
    void aStreamIsCutOffWhenTheChainIsReorganisedUnderIt() throws Exception {
        try (HttpFixture large = new HttpFixture()) {
            for (int i = 0; i < 16; i++) {
                // The first page reaches beyond where the chain will fork, and the rest is more than fits on the way.
                large.node.leap(large.node.transactions(100 * i, 100, i < 2 ? 10 : 20_000));
            }
            HttpResponse<InputStream> slow = large.send(large.request("/json-chain"), BodyHandlers.ofInputStream());
            await().until(() -> large.node.reads.get() > 0);
            large.node.reorganise(15, 20);
            try (InputStream body = slow.body()) {
                assertThatThrownBy(body::readAllBytes).isInstanceOf(java.io.IOException.class);
            }
            await().until(() -> large.sharedLimits.streams().inUse() == 0);
        }
    }
}
