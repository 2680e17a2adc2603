package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.config.AccessMode;
import io.qbc.config.AuditInjects;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.PublicAddresses;
import io.qbc.model.Reason;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the audit trail has of requests, by REST and over the event bus, and who may read it. */
class AuditTest {
    private HttpFixture httpFixture;
    private String admin = "";

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private void begin(AccessMode mode, AuditInjects injects, Duration interval) throws IOException {
        NodeConfig.Access access =
                new NodeConfig.Access(mode, false, 0, 1, 0, 1, List.of(), true, injects, interval, 100);
        httpFixture = new HttpFixture(base -> Samples.with(base, access));
        admin = httpFixture.key("admin");
    }

    private HttpResponse<String> send(String method, String path, String body, String key) {
        var request = httpFixture.request(path).method(method, BodyPublishers.ofString(body));
        request.setHeader("Content-Type", "application/json");
        if (!key.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + key);
        }
        return httpFixture.send(request);
    }

    /** The entries, oldest first, without those of the start. */
    private List<JsonObject> trail(String query) {
        HttpResponse<String> answer = send("GET", "/v1/audit" + query, "", admin);
        assertThat(answer.statusCode()).isEqualTo(200);
        List<JsonObject> entries = new ArrayList<>();
        JsonArray listed = HttpFixture.json(answer).getJsonArray("entries");
        for (int i = listed.size() - 1; i >= 0; i--) {
            JsonObject entry = listed.getJsonObject(i).getJsonObject("entry");
            if (!entry.getString("event").equals("started")) {
                entries.add(entry);
            }
        }
        return entries;
    }

    @Test
    void whoDidWhatIsToldWithoutBodiesAndSecrets() throws IOException {
        begin(AccessMode.REQUIRED, AuditInjects.COUNTED, Duration.ofHours(1));
        String spec = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"},\"description\":\"hidden words\"}";
        assertThat(send("POST", "/v1/chains", spec, admin).statusCode()).isEqualTo(201);
        HttpResponse<String> made =
                send("POST", "/v1/access", "{\"name\":\"shop\",\"roles\":[\"writer@orders\"]}", admin);
        String secret = HttpFixture.json(made).getString("key");
        assertThat(send("POST", "/v1/chains/orders/leaps", "", admin).statusCode())
                .isEqualTo(201);
        assertThat(send("DELETE", "/v1/chains/orders", "", admin).statusCode()).isEqualTo(400);
        List<JsonObject> trail = trail("");
        assertThat(trail)
                .extracting(entry ->
                        entry.getString("event") + " " + entry.getString("operation") + " " + entry.getString("code"))
                .containsExactly(
                        "begun createChain null",
                        "ended createChain ok",
                        "begun addAccess null",
                        "ended addAccess ok",
                        "begun leap null",
                        "ended leap ok",
                        "begun removeChain null",
                        "ended removeChain chain_not_confirmed");
        assertThat(trail).allSatisfy(entry -> {
            assertThat(entry.getString("name")).isEqualTo("test");
            assertThat(entry.getString("id")).isEqualTo(admin.split("_", -1)[1]);
            assertThat(entry.getString("role")).isEqualTo("admin");
            assertThat(entry.getString("address")).isEqualTo("127.0.0.1");
            assertThat(entry.encode()).doesNotContain("hidden words", secret, secret.split("_", -1)[2]);
        });
        assertThat(trail.get(1).getString("made")).isEqualTo("/v1/chains/orders");
        assertThat(trail.get(5).getString("target")).isEqualTo("orders");
        assertThat(trail.get(7).getInteger("status")).isEqualTo(400);
        assertThat(trail("?operation=leap&name=test")).hasSize(2);
        assertThat(trail("?name=nobody")).isEmpty();
        assertThat(trail("?to=1")).isEmpty();
        assertThat(trail("?from=99999999999999")).isEmpty();
    }

    @Test
    void whoWasBannedIsTold() throws IOException {
        begin(AccessMode.REQUIRED, AuditInjects.COUNTED, Duration.ofHours(1));
        String ban = "/v1/peers/bans/203.0.113.7";
        assertThat(send("POST", "/v1/peers/bans", "{\"peer\":\"203.0.113.7\"}", admin)
                        .headers()
                        .firstValue("Location"))
                .contains(ban);
        assertThat(send("DELETE", ban, "", admin).statusCode()).isEqualTo(200);
        List<JsonObject> trail = trail("");
        assertThat(trail)
                .extracting(entry -> entry.getString("event") + " " + entry.getString("operation"))
                .containsExactly("begun banPeer", "ended banPeer", "begun unbanPeer", "ended unbanPeer");
        assertThat(trail.get(1).getString("made")).isEqualTo(ban);
        assertThat(trail.get(2).getString("target")).isEqualTo("203.0.113.7");
    }

    @Test
    void pagesFollowOneAnotherToTheOldest() throws IOException {
        begin(AccessMode.REQUIRED, AuditInjects.COUNTED, Duration.ofHours(1));
        for (int i = 0; i < 5; i++) {
            send("POST", "/v1/chains/main/leaps", "", admin);
            if (i % 2 == 0) {
                trail("?limit=1");
            }
        }
        List<String> ids = new ArrayList<>();
        List<Long> indexes = new ArrayList<>();
        String after = "";
        do {
            JsonObject page = HttpFixture.json(send("GET", "/v1/audit?limit=1" + after, "", admin));
            page.getJsonArray("entries").forEach(each -> {
                ids.add(((JsonObject) each).getString("id"));
                indexes.add(((JsonObject) each).getLong("index"));
            });
            after = page.getString("next") == null ? "" : "&after=" + page.getString("next");
        } while (!after.isEmpty());
        assertThat(ids).hasSize(11).doesNotHaveDuplicates();
        assertThat(indexes.get(0)).isEqualTo(10);
        assertThat(indexes).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(send("GET", "/v1/audit?after=x", "", admin).statusCode()).isEqualTo(400);
        assertThat(send("GET", "/v1/audit?after=77-1", "", admin).statusCode()).isEqualTo(200);
    }

    @Test
    void auditorsAndAdminsReadItAndNobodyElse() throws IOException {
        begin(AccessMode.REQUIRED, AuditInjects.COUNTED, Duration.ofHours(1));
        String auditor = httpFixture.key("auditor");
        String reader = httpFixture.key("reader");
        String main = httpFixture.key("reader@main");
        for (String path : List.of("/v1/audit", "/v1/chains/audit", "/v1/chains/audit/quants", "/chain?chain=audit")) {
            assertThat(send("GET", path, "", auditor).statusCode()).as(path).isEqualTo(200);
            assertThat(send("GET", path, "", reader).statusCode()).as(path).isEqualTo(403);
            assertThat(send("GET", path, "", "").statusCode()).as(path).isEqualTo(401);
        }
        assertThat(send("GET", "/v1/chains/audit", "", main).statusCode()).isEqualTo(404);
        assertThat(send("GET", "/v1/chains/main/diff?with=audit", "", reader).statusCode())
                .isEqualTo(403);
        assertThat(send("GET", "/v1/chains", "", reader).body())
                .contains("main")
                .doesNotContain("audit");
        assertThat(send("GET", "/v1/chains", "", auditor).body()).contains("\"name\":\"audit\"");
    }

    @Test
    void refusedRequestsAndInjectsAreCounted() throws IOException {
        begin(AccessMode.REQUIRED, AuditInjects.COUNTED, Duration.ofMillis(50));
        String writer = httpFixture.key("writer");
        for (int i = 0; i < 3; i++) {
            send("POST", "/v1/chains/main/transactions", "{\"data\":1}", writer);
            send("POST", "/v1/chains/made-up-" + i + "/freeze", "", writer);
            send("GET", "/v1/node", "", "");
        }
        var batch = httpFixture
                .request("/v1/chains/main/transactions")
                .POST(BodyPublishers.ofString("{\"data\":1}\n{\"data\":}\n{\"data\":2}\n"));
        batch.setHeader("Content-Type", "application/x-ndjson");
        batch.setHeader("Authorization", "Bearer " + writer);
        httpFixture.send(batch);
        await().untilAsserted(() -> {
            assertThat(counted("inject", "ok")).isEqualTo(5);
            assertThat(counted("inject", "json_invalid")).isEqualTo(1);
            assertThat(counted("freezeChain", "role_missing")).isEqualTo(3);
            assertThat(counted("showNode", "credential_required")).isEqualTo(3);
        });
        assertThat(trail("?limit=1000").toString()).doesNotContain("made-up").contains("main");
    }

    private long counted(String operation, String code) {
        return trail("?limit=1000&operation=" + operation).stream()
                .filter(entry -> entry.getString("code").equals(code))
                .mapToLong(entry -> entry.getLong("count"))
                .sum();
    }

    @Test
    void whatCannotBeRecordedIsRefusedAndInjectsGoOn() throws IOException {
        begin(AccessMode.REQUIRED, AuditInjects.COUNTED, Duration.ofHours(1));
        httpFixture.chains.auditRefusal = Optional.of(Reason.STORE_FULL.refusal("no room"));
        HttpResponse<String> refused = send("POST", "/v1/chains/main/freeze", "", admin);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(HttpFixture.json(refused).getString("code")).isEqualTo("audit_unavailable");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        String spec = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}";
        assertThat(send("POST", "/v1/chains", spec, admin).statusCode()).isEqualTo(503);
        assertThat(httpFixture.chains.bangs).isEmpty();
        assertThat(send("POST", "/v1/chains/main/transactions", "{\"data\":1}", admin)
                        .statusCode())
                .isEqualTo(202);
        assertThat(send("GET", "/v1/chains/main", "", admin).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/metrics", "", admin).body()).contains("qbc_audit_refused_total 2.0");
        httpFixture.chains.auditRefusal = Optional.empty();
        assertThat(send("POST", "/v1/chains", spec, admin).statusCode()).isEqualTo(201);
    }

    @Test
    void aBodyThatCameWhileTheTrailWasWrittenIsReadWhole() throws IOException {
        begin(AccessMode.LOOPBACK, AuditInjects.COUNTED, Duration.ofHours(1));
        String spec = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"},\"description\":\"" + "x".repeat(900)
                + "\"" + " ".repeat(300_000) + "}";
        HttpResponse<String> made = send("POST", "/v1/chains", spec, "");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(send("GET", "/v1/node", "", "").statusCode()).isEqualTo(200);
        assertThat(trail("")).first().satisfies(entry -> {
            assertThat(entry.getString("operation")).isEqualTo("createChain");
            assertThat(entry.getString("name")).isEqualTo("local");
        });
    }

    @Test
    void eachInjectMayHaveItsEntryBeforeItsAnswer() throws IOException {
        begin(AccessMode.LOOPBACK, AuditInjects.EACH, Duration.ofHours(1));
        HttpResponse<String> injected = send("POST", "/v1/chains/main/transactions", "{\"data\":1}", "");
        assertThat(trail("?operation=inject")).singleElement().satisfies(entry -> {
            assertThat(entry.getString("code")).isEqualTo("ok");
            assertThat(entry.getString("made"))
                    .isEqualTo(injected.headers().firstValue("Location").orElseThrow());
        });
    }

    @Test
    void theEventBusLeavesTheSameTrail() throws Exception {
        begin(AccessMode.REQUIRED, AuditInjects.COUNTED, Duration.ofHours(1));
        JsonObject main = new JsonObject().put("chain", "main");
        ask(PublicAddresses.LEAPS_LEAP, main, admin);
        JsonObject listed = ask(PublicAddresses.AUDIT_LIST, new JsonObject().put("operation", "leap"), admin);
        assertThat(listed.getJsonArray("entries")).hasSize(2);
        JsonObject ended = listed.getJsonArray("entries").getJsonObject(0).getJsonObject("entry");
        assertThat(ended.getString("by")).isEqualTo("bus");
        assertThat(ended.getString("target")).isEqualTo("main");
        assertThat(ended.getInteger("status")).isEqualTo(201);
        assertThat(ended.getString("made")).startsWith("/v1/chains/main/quants/");
        httpFixture.chains.auditRefusal = Optional.of(Reason.STORE_FULL.refusal("no room"));
        assertThat(problem(PublicAddresses.LEAPS_LEAP, main, admin)).isEqualTo(503);
        assertThat(problem(PublicAddresses.AUDIT_LIST, main, httpFixture.key("reader")))
                .isEqualTo(403);
    }

    private JsonObject ask(String address, JsonObject body, String key) {
        DeliveryOptions options = new DeliveryOptions()
                .setSendTimeout(Patience.CONDITION.toMillis())
                .addHeader("authorization", "Bearer " + key);
        return HttpFixture.wait(httpFixture
                .vertx
                .eventBus()
                .<JsonObject>request(address, body, options)
                .map(message -> message.body()));
    }

    private int problem(String address, JsonObject body, String key) {
        try {
            ask(address, body, key);
            return 0;
        } catch (AssertionError e) {
            return e.getCause() instanceof ReplyException failure ? failure.failureCode() : -1;
        }
    }

    @Test
    void theEventsOnTheBusLeaveItOut() throws IOException {
        begin(AccessMode.LOOPBACK, AuditInjects.COUNTED, Duration.ofHours(1));
        Queue<String> chains = new ConcurrentLinkedQueue<>();
        httpFixture
                .vertx
                .eventBus()
                .<JsonObject>consumer(
                        PublicAddresses.EVENTS, event -> chains.add(event.body().getString("chain")));
        ask(PublicAddresses.LEAPS_LEAP, new JsonObject().put("chain", "main"), admin);
        assertThat(trail("")).isNotEmpty();
        ask(PublicAddresses.LEAPS_LEAP, new JsonObject().put("chain", "main"), admin);
        await().until(() -> chains.size() >= 2);
        assertThat(chains).containsOnly(httpFixture.node.spec.id().hex());
    }

    @Test
    void aNodeWithoutATrailSaysSo() throws IOException {
        httpFixture = HttpFixture.required();
        admin = httpFixture.key("admin");
        HttpResponse<String> answer = send("GET", "/v1/audit", "", admin);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("access.audit");
    }
}
