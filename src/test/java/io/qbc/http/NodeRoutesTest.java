package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.api.stream.EventFeed;
import io.qbc.bus.Catalogue.Backup;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.PeerView;
import io.qbc.bus.Catalogue.StoreState;
import io.qbc.bus.Catalogue.Warning;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RequestKey;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NodeRoutesTest {
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
    void theBillOfMaterialsIsGivenInTheFormThatIsAskedFor() {
        HttpResponse<String> usual = httpFixture.get("/v1/node/sbom");
        assertThat(usual.statusCode()).isEqualTo(200);
        assertThat(usual.headers().firstValue("Content-Type")).contains("application/vnd.cyclonedx+json");
        assertThat(HttpFixture.json(usual).getString("bomFormat")).isEqualTo("CycloneDX");
        HttpResponse<String> plain =
                httpFixture.send(httpFixture.request("/v1/node/sbom").header("Accept", "application/json"));
        assertThat(plain.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(HttpFixture.json(plain)).isEqualTo(HttpFixture.json(usual));
        assertThat(httpFixture
                        .send(httpFixture.request("/v1/node/sbom").header("Accept", "text/html"))
                        .statusCode())
                .isEqualTo(406);
    }

    @Test
    void showsChainsWithHeadAndPool() {
        httpFixture.node.leap(httpFixture.node.transactions(1, 4, 10));
        JsonObject chain = HttpFixture.json(httpFixture.get("/v1/chains/main"));
        assertThat(chain.getString("id")).isEqualTo(httpFixture.node.spec.id().hex());
        assertThat(chain.getJsonObject("spec").getJsonObject("consensus").getString("engine"))
                .isEqualTo("dbc");
        JsonObject head = chain.getJsonObject("head");
        assertThat(head.getString("hash"))
                .isEqualTo(httpFixture.node.head().header().hash().hex());
        assertThat(head.getLong("treeSize"))
                .isEqualTo(httpFixture.node.head().header().treeSize());
        assertThat(chain.getJsonObject("pool").getLong("transactions")).isZero();
        assertThat(HttpFixture.json(httpFixture.get("/v1/chains"))
                        .getJsonArray("chains")
                        .getJsonObject(0))
                .isEqualTo(chain);
        assertThat(httpFixture.get("/v1/chains/none").statusCode()).isEqualTo(404);
    }

    @Test
    void leapsOnRequest() {
        HttpResponse<String> leapt = httpFixture.post("/v1/chains/main/leaps", "");
        assertThat(leapt.statusCode()).isEqualTo(201);
        String hash = HttpFixture.json(leapt).getString("hash");
        assertThat(leapt.headers().firstValue("Location")).contains("/v1/chains/main/quants/" + hash);
        assertThat(HttpFixture.json(leapt).getLong("height"))
                .isEqualTo(httpFixture.node.head().header().height());
    }

    @Test
    void showsTheNodeAndItsPeers() {
        JsonObject node = HttpFixture.json(httpFixture.get("/v1/node"));
        assertThat(node.getString("key")).isEqualTo(Samples.SIGNER.key().hex());
        assertThat(node.getJsonArray("catchUps").getJsonObject(0).getLong("target"))
                .isEqualTo(9);
        assertThat(httpFixture
                        .post("/v1/peers", "{\"address\":\"http://127.0.0.1:9\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(httpFixture
                        .post("/v1/peers", "{\"address\":\"http://127.0.0.1:9\"}")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> refused = httpFixture.post("/v1/peers", "{\"address\":\"http://example.org\"}");
        assertThat(HttpFixture.json(refused).getString("code")).isEqualTo("peer_refused");
        JsonObject peer = HttpFixture.json(httpFixture.get("/v1/peers"))
                .getJsonArray("peers")
                .getJsonObject(0);
        assertThat(peer.getString("address")).isEqualTo("http://127.0.0.1:9");
        assertThat(httpFixture.post("/v1/peers", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void backupsAreBegunAndTold() {
        HttpResponse<String> begun =
                httpFixture.post("/v1/backup", "{\"name\":\"before\",\"withKey\":true,\"verify\":false}");
        assertThat(begun.statusCode()).isEqualTo(202);
        assertThat(HttpFixture.json(begun).getString("state")).isEqualTo("copying");
        assertThat(httpFixture.chains.upkeep.wanted).contains(new Backup(Optional.of("before"), true, false));
        JsonObject done = HttpFixture.json(httpFixture.get("/v1/backup"));
        assertThat(done.getString("state")).isEqualTo("done");
        assertThat(done.getString("path")).isEqualTo("/backups/before");
        assertThat(done.getValue("problem")).isNull();
        assertThat(httpFixture.post("/v1/backup", "").statusCode()).isEqualTo(202);
        assertThat(httpFixture.chains.upkeep.wanted).contains(new Backup(Optional.empty(), false, false));
        httpFixture.post("/v1/backup", "{\"name\":\"fails\"}");
        JsonObject failed = HttpFixture.json(httpFixture.get("/v1/backup"));
        assertThat(failed.getString("state")).isEqualTo("failed");
        assertThat(failed.getJsonObject("problem").getString("code")).isEqualTo("store_full");
        for (String wrong :
                List.of("{\"name\":\"a/b\"}", "{\"name\":1}", "{\"withKey\":\"yes\"}", "{\"to\":\"a\"}", "[]")) {
            assertThat(httpFixture.post("/v1/backup", wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void theNodeTellsOfTheCheckOfItsStore() {
        JsonObject scrub = HttpFixture.json(httpFixture.get("/v1/node")).getJsonObject("scrub");
        assertThat(scrub.getLong("period")).isEqualTo(168 * 3600);
        assertThat(scrub.getLong("percent")).isEqualTo(25);
        assertThat(scrub.getValue("finishedAt")).isNull();
        assertThat(scrub.getJsonArray("latest")).containsExactly("a block is damaged");
    }

    @Test
    void peerCallsPassThroughAsBytes() {
        HttpResponse<String> called =
                httpFixture.send(httpFixture.request("/v1/peer/heads").POST(BodyPublishers.ofString("abc")));
        assertThat(called.body()).isEqualTo("heads|127.0.0.1:" + httpFixture.port() + "|127.0.0.1|abc");
        assertThat(called.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(httpFixture.post("/v1/peer/odd", "").statusCode()).isEqualTo(418);
        assertThat(httpFixture.post("/v1/peer/broken", "").statusCode()).isEqualTo(503);
    }

    @Test
    void tellsItsHealth() {
        assertThat(httpFixture.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(httpFixture.get("/health/ready").statusCode()).isEqualTo(200);
        try (HttpFixture broken = new HttpFixture()) {
            broken.node.readOnly();
            assertThat(broken.get("/health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = broken.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(HttpFixture.json(ready).getString("code")).isEqualTo("store_read_only");
        }
    }

    @Test
    void warnsOfWhatDoesNotKeepItFromItsWork() {
        try (HttpFixture warned = new HttpFixture()) {
            assertThat(HttpFixture.json(warned.get("/health/ready")).containsKey("warnings"))
                    .isFalse();
            assertThat(HttpFixture.json(warned.get("/v1/node")).getJsonArray("warnings"))
                    .isEmpty();
            assertThat(HttpFixture.json(warned.get("/v1/chains/main")).containsKey("behind"))
                    .isFalse();
            warned.node.stall(Reason.NOT_DUE.refusal("height 2 waits"));
            Warning skewed = new Warning("clock_skewed", Optional.empty(), "this node's clock is 9 s behind");
            warned.chains.peers.show(
                    new PeerView(Map.of(warned.node.spec.id(), 7L), Optional.of(9000L), List.of(skewed)));
            HttpResponse<String> ready = warned.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            JsonArray warnings = HttpFixture.json(ready).getJsonArray("warnings");
            assertThat(warnings.getJsonObject(0).getMap())
                    .isEqualTo(Map.of("code", "chain_stalled", "chain", "main", "detail", "height 2 waits"));
            assertThat(warnings.getJsonObject(1).getString("code")).isEqualTo("clock_skewed");
            assertThat(HttpFixture.json(warned.get("/v1/node")).getJsonArray("warnings"))
                    .isEqualTo(warnings);
            assertThat(HttpFixture.json(warned.get("/v1/chains/main")).getLong("behind"))
                    .isEqualTo(7);
            MetricsText page = new MetricsText(warned.get("/metrics").body());
            page.check();
            Map<String, String> main = Map.of("chain", "main");
            assertThat(page.value("qbc_chain_stalled", main)).contains(1.0);
            assertThat(page.value("qbc_chain_behind_quants", main)).contains(7.0);
            assertThat(page.value("qbc_clock_skew_seconds", Map.of())).contains(9.0);
            assertThat(page.value("qbc_shared_identities", Map.of())).contains(0.0);
        }
    }

    @Test
    void aDamagedDefaultChainIsNotReadyAndOthersAreListed() {
        try (HttpFixture broken = new HttpFixture()) {
            Hash id = new Hash(1, 2, 3, 4);
            Refusal torn = Reason.CORRUPT.refusal("its row is damaged");
            broken.chains.damaged.add(new DamagedChain(id, "other", torn, false));
            HttpResponse<String> ready = broken.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            JsonObject listed = HttpFixture.json(ready).getJsonArray("damaged").getJsonObject(0);
            assertThat(listed.getString("name")).isEqualTo("other");
            assertThat(listed.getString("code")).isEqualTo("corrupt");
            broken.chains.met.add(new DamagedChain(broken.node.spec.id(), "main", torn, true));
            HttpResponse<String> unready = broken.get("/health/ready");
            assertThat(unready.statusCode()).isEqualTo(503);
            JsonObject problem = HttpFixture.json(unready);
            assertThat(problem.getString("code")).isEqualTo("corrupt");
            assertThat(problem.getString("detail")).isEqualTo("the chain main: its row is damaged");
            assertThat(problem.getJsonArray("damaged")).hasSize(2);
            assertThat(HttpFixture.json(broken.get("/v1/node")).getJsonArray("damaged"))
                    .hasSize(2);
        }
    }

    @Test
    void whatTheCheckOfTheStoreFindsIsNotReady() {
        try (HttpFixture broken = new HttpFixture()) {
            broken.chains.found = Optional.of(Reason.CORRUPT.refusal("block checksum mismatch in 000007.sst"));
            HttpResponse<String> ready = broken.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(HttpFixture.json(ready).getString("code")).isEqualTo("corrupt");
            assertThat(HttpFixture.json(ready).getString("detail")).contains("000007.sst");
            assertThat(broken.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aFullDiskIsNotReadyAndSaysWhenToAskAgain() {
        try (HttpFixture full = new HttpFixture()) {
            Refusal why = Reason.STORE_FULL.refusal("make room");
            full.chains.store = new StoreState(5, 7, Optional.of(why), 0, 0);
            HttpResponse<String> ready = full.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(HttpFixture.json(ready).getString("code")).isEqualTo("store_full");
            assertThat(ready.headers().firstValue("Retry-After")).contains("60");
            JsonObject store = HttpFixture.json(full.get("/v1/node")).getJsonObject("store");
            assertThat(store.getBoolean("writable")).isFalse();
            assertThat(store.getString("code")).isEqualTo("store_full");
            assertThat(store.getLong("freeBytes")).isEqualTo(5);
            full.node.refuse(why);
            HttpResponse<String> refused = full.post("/v1/chains/main/transactions", "{\"data\":1}");
            assertThat(refused.statusCode()).isEqualTo(507);
            assertThat(HttpFixture.json(refused).getBoolean("retryable")).isTrue();
            assertThat(refused.headers().firstValue("Retry-After")).contains("60");
        }
    }

    @Test
    void headIsServedWhereGetIsAndAcceptIsHeeded() {
        for (String path : List.of("/v1/chains", "/v1/node", "/stats", "/json-chain", "/chain", "/metrics")) {
            HttpResponse<String> head =
                    httpFixture.send(httpFixture.request(path).method("HEAD", BodyPublishers.noBody()));
            assertThat(head.statusCode()).as(path).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            HttpResponse<String> picky =
                    httpFixture.send(httpFixture.request(path).header("Accept", "image/png"));
            assertThat(picky.statusCode()).as(path).isEqualTo(path.equals("/chain") ? 406 : 200);
        }
        HttpResponse<String> posted = httpFixture.post("/stats", "{}");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    }

    @Test
    void aLeapThatIsRefusedSaysWhy() {
        try (HttpFixture stopping = new HttpFixture()) {
            stopping.node.refuse(Reason.STOPPING);
            assertThat(stopping.get("/leap").statusCode()).isEqualTo(503);
            assertThat(HttpFixture.json(stopping.post("/v1/chains/main/leaps", ""))
                            .getString("code"))
                    .isEqualTo("stopping");
        }
    }

    @Test
    void choosesTheFormThatTheCallerLikesBest() {
        List<String> offers = List.of("application/json", "application/x-ndjson");
        assertThat(MediaTypes.choose("*/*", offers)).contains("application/json");
        assertThat(MediaTypes.choose("application/x-ndjson, */*;q=0.1", offers)).contains("application/x-ndjson");
        assertThat(MediaTypes.choose("application/json;q=0, */*; q=0.5", offers))
                .contains("application/x-ndjson");
        assertThat(MediaTypes.choose("text/html", offers)).isEmpty();
        assertThat(MediaTypes.choose("application/*;q=x", offers)).isEmpty();
    }

    @Test
    void readsKeysAndPreferences() {
        assertThat(RequestKey.parse("plain-1")).isEqualTo("plain-1");
        assertThat(RequestKey.parse("\"a \\\"b\\\\\"")).isEqualTo("a \"b\\");
        for (String wrong : List.of("", "\"", "\"a", "\"a\"b\"", "\"a\\\"", "a b", "a\"", "\u00e9")) {
            assertThatThrownBy(() -> RequestKey.parse(wrong)).as(wrong).hasMessageContaining("key_invalid");
        }
        assertThat(EventFeed.Place.parse("-1-" + "00".repeat(32))).contains(EventFeed.Place.BEGINNING);
        assertThat(EventFeed.Place.parse("x-" + "00".repeat(32))).isEqualTo(Optional.empty());
    }
}
