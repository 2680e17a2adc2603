package io.qbc.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.http.HttpFixture;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventBusVerticleTest {
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        httpFixture = new HttpFixture();
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private Future<JsonObject> asked(String address, Object body) {
        DeliveryOptions patient = new DeliveryOptions().setSendTimeout(Patience.CONDITION.toMillis());
        return httpFixture
                .vertx
                .eventBus()
                .<JsonObject>request(address, body, patient)
                .map(message -> message.body());
    }

    private JsonObject ask(String address, JsonObject body) {
        return HttpFixture.wait(asked(address, body.copy().put("chain", body.getString("chain", "main"))));
    }

    private JsonObject problem(String address, Object body) {
        ReplyException failure = HttpFixture.wait(asked(address, body)
                .map(answer -> new ReplyException(null))
                .recover(cause -> Future.succeededFuture((ReplyException) cause)));
        JsonObject problem = new JsonObject(failure.getMessage());
        assertThat(failure.failureCode()).isEqualTo(problem.getInteger("status"));
        return problem;
    }

    @Test
    void aWholeRoundRunsOverTheBusAlone() {
        Queue<JsonObject> events = new ConcurrentLinkedQueue<>();
        httpFixture
                .vertx
                .eventBus()
                .<JsonObject>consumer(PublicAddresses.EVENTS, message -> events.add(message.body()));
        JsonObject order = new JsonObject()
                .put("order", 7)
                .put("lines", new JsonArray().add("a").addNull());
        JsonObject injected = ask(
                PublicAddresses.TRANSACTIONS_INJECT,
                new JsonObject().put("data", order).put("key", "o7"));
        assertThat(injected.getString("state")).isEqualTo("pending");
        assertThat(ask(
                        PublicAddresses.TRANSACTIONS_INJECT,
                        new JsonObject().put("data", order).put("key", "o7")))
                .isEqualTo(injected);
        JsonObject leapt = ask(PublicAddresses.LEAPS_LEAP, new JsonObject());
        assertThat(leapt.getLong("count")).isEqualTo(1);
        JsonObject found = ask(PublicAddresses.TRANSACTIONS_FIND, new JsonObject().put("id", injected.getString("id")));
        assertThat(found.getString("state")).isEqualTo("committed");
        assertThat(found.getJsonObject("data")).isEqualTo(order);
        JsonObject quant = ask(PublicAddresses.QUANTS_FIND, new JsonObject().put("quant", "head"));
        assertThat(quant.getString("hash")).isEqualTo(leapt.getString("hash"));
        assertThat(quant).isEqualTo(HttpFixture.json(httpFixture.get("/v1/chains/main/quants/head")));
        assertThat(ask(PublicAddresses.QUANTS_LIST, new JsonObject().put("from", 1)))
                .isEqualTo(HttpFixture.json(httpFixture.get("/v1/chains/main/quants?from=1")));
        await().untilAsserted(() -> assertThat(events).hasSize(1));
        assertThat(events.peek().getString("type")).isEqualTo("quant");
        assertThat(events.peek().getString("hash")).isEqualTo(leapt.getString("hash"));
        httpFixture.node.reorganise(1, 1);
        await().untilAsserted(() -> assertThat(events)
                .extracting(event -> event.getString("type"))
                .containsExactly("quant", "undone", "quant"));
        Hash beaten = Hash.parse(injected.getString("id")).orElseThrow();
        httpFixture.node.supersede(beaten, httpFixture.node.spec.id(), true);
        await().untilAsserted(() -> assertThat(events).hasSize(4));
        assertThat(events)
                .last()
                .isEqualTo(new JsonObject()
                        .put("chain", httpFixture.node.spec.id().hex())
                        .put("id", beaten.hex())
                        .put("state", "superseded")
                        .put("standing", httpFixture.node.spec.id().hex())
                        .put("type", "superseded"));
        httpFixture.node.disable("hook", "410: it is gone");
        await().untilAsserted(() -> assertThat(events).hasSize(5));
        assertThat(events)
                .last()
                .isEqualTo(new JsonObject()
                        .put("chain", httpFixture.node.spec.id().hex())
                        .put("subscription", "hook")
                        .put("error", "410: it is gone")
                        .put("type", "subscription_disabled"));
    }

    @Test
    void numbersKeepTheirValueOnTheBus() {
        JsonArray worst = new JsonArray()
                .add(new BigDecimal("-1.5e9998"))
                .add(new BigDecimal("0.1000000000000000055"))
                .add(new BigInteger("9".repeat(1000)))
                .add(0.1)
                .add(Long.MIN_VALUE);
        JsonObject injected = ask(PublicAddresses.TRANSACTIONS_INJECT, new JsonObject().put("data", worst));
        JsonObject found = ask(PublicAddresses.TRANSACTIONS_FIND, new JsonObject().put("id", injected.getString("id")));
        assertThat(found.getJsonArray("data")).containsExactlyElementsOf(worst);
        for (Object beyond : List.of(new BigDecimal("1e10000"), new BigInteger("9".repeat(1001)))) {
            JsonObject problem = problem(
                    PublicAddresses.TRANSACTIONS_INJECT,
                    new JsonObject().put("chain", "main").put("data", beyond));
            assertThat(problem.getString("code")).isEqualTo("payload_invalid");
        }
    }

    @Test
    void bothDoorsTellTheSame() {
        assertThat(ask(PublicAddresses.CHAINS_LIST, new JsonObject()))
                .isEqualTo(HttpFixture.json(httpFixture.get("/v1/chains")));
        assertThat(ask(PublicAddresses.CHAINS_FIND, new JsonObject()))
                .isEqualTo(HttpFixture.json(httpFixture.get("/v1/chains/main")));
        assertThat(ask(PublicAddresses.NODE_SHOW, new JsonObject()).getString("key"))
                .isEqualTo(Samples.SIGNER.key().hex());
        HttpFixture.wait(asked(PublicAddresses.BACKUP_BEGIN, new JsonObject().put("name", "over-the-bus")));
        assertThat(ask(PublicAddresses.BACKUP_SHOW, new JsonObject()).getString("name"))
                .isEqualTo("over-the-bus");
        assertThat(ask(PublicAddresses.BACKUP_SHOW, new JsonObject()))
                .isEqualTo(HttpFixture.json(httpFixture.get("/v1/backup")));
        ask(PublicAddresses.PEERS_DISCOVER, new JsonObject().put("address", "http://127.0.0.1:8"));
        assertThat(ask(PublicAddresses.PEERS_LIST, new JsonObject()))
                .isEqualTo(HttpFixture.json(httpFixture.get("/v1/peers")));
        JsonObject peer = new JsonObject().put("peer", "203.0.113.7");
        JsonObject ban =
                HttpFixture.wait(asked(PublicAddresses.PEERS_BAN, peer.copy().put("time", "2h")));
        assertThat(ask(PublicAddresses.PEERS_BANS, new JsonObject()))
                .isEqualTo(HttpFixture.json(httpFixture.get("/v1/peers/bans")))
                .isEqualTo(new JsonObject().put("bans", new JsonArray().add(ban)));
        assertThat(ask(PublicAddresses.PEERS_UNBAN, peer)).isEqualTo(ban);
    }

    @Test
    void makesForksAndRemovesChains() {
        JsonObject spec =
                new JsonObject().put("name", "orders").put("consensus", new JsonObject().put("engine", "dbc"));
        JsonObject made = HttpFixture.wait(asked(PublicAddresses.CHAINS_CREATE, spec));
        assertThat(made)
                .isEqualTo(
                        HttpFixture.json(httpFixture.get("/v1/chains/orders")).put("pool", made.getValue("pool")));
        JsonObject fork = ask(
                PublicAddresses.CHAINS_FORK,
                new JsonObject().put("chain", "orders").put("at", 0).put("name", "trial"));
        assertThat(fork.getJsonObject("fork").getString("chain")).isEqualTo(made.getString("id"));
        JsonObject pair = new JsonObject().put("chain", "orders").put("with", "trial");
        assertThat(ask(PublicAddresses.CHAINS_DIFF, pair))
                .isEqualTo(HttpFixture.json(httpFixture.get("/v1/chains/orders/diff?with=trial")));
        JsonObject trial = new JsonObject().put("chain", "trial");
        assertThat(ask(PublicAddresses.CHAINS_FREEZE, trial).getBoolean("frozen"))
                .isTrue();
        assertThat(problem(PublicAddresses.LEAPS_LEAP, trial).getString("code")).isEqualTo("chain_frozen");
        assertThat(ask(PublicAddresses.CHAINS_UNFREEZE, trial).getBoolean("frozen"))
                .isFalse();
        assertThat(problem(PublicAddresses.CHAINS_REMOVE, trial).getString("code"))
                .isEqualTo("chain_not_confirmed");
        ask(PublicAddresses.CHAINS_REMOVE, trial.copy().put("confirm", "trial"));
        assertThat(problem(PublicAddresses.CHAINS_FIND, trial).getString("code"))
                .isEqualTo("chain_unknown");
        JsonObject wrong = problem(PublicAddresses.CHAINS_CREATE, new JsonObject().put("name", "x"));
        assertThat(wrong.getJsonArray("pointers")).containsExactly("/consensus");
        assertThat(problem(PublicAddresses.CHAINS_DIFF, pair.copy().put("limit", 0))
                        .getString("code"))
                .isEqualTo("request_invalid");
    }

    @Test
    void followsAndTellsOfTheConsensus() {
        JsonObject elsewhere = new JsonObject().put("chain", "elsewhere");
        JsonObject following = ask(PublicAddresses.CHAINS_FOLLOW, elsewhere);
        assertThat(following.getJsonArray("followed")).containsExactly("elsewhere");
        assertThat(ask(PublicAddresses.CHAINS_FOLLOWING, new JsonObject())).isEqualTo(following);
        assertThat(ask(PublicAddresses.CHAINS_UNFOLLOW, elsewhere).getJsonArray("followed"))
                .isEmpty();
        assertThat(ask(PublicAddresses.CHAINS_CONSENSUS, new JsonObject()))
                .isEqualTo(HttpFixture.json(httpFixture.get("/v1/chains/main/consensus")));
        httpFixture.node.leap(List.of());
        JsonObject then = ask(PublicAddresses.CHAINS_FIND, new JsonObject().put("chain", "main@0"));
        assertThat(then).isEqualTo(HttpFixture.json(httpFixture.get("/v1/chains/main@0")));
    }

    @Test
    void aCallerThatWaitsIsToldWhenTheChainIsRemoved() {
        Future<JsonObject> waiting = asked(
                PublicAddresses.TRANSACTIONS_INJECT,
                new JsonObject().put("chain", "main").put("data", 1).put("wait", Patience.ANSWER.toSeconds()));
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 1);
        ask(PublicAddresses.CHAINS_REMOVE, new JsonObject().put("confirm", "main"));
        ReplyException failure = HttpFixture.wait(waiting.map(none -> new ReplyException(null))
                .recover(cause -> Future.succeededFuture((ReplyException) cause)));
        assertThat(failure.failureCode()).isEqualTo(404);
        assertThat(httpFixture.sharedLimits.waiters().inUse()).isZero();
    }

    @Test
    void theDocumentListsEveryAddressBesideRoutesThatThereAre() throws Exception {
        List<String> addresses = new ArrayList<>();
        for (Field field : PublicAddresses.class.getDeclaredFields()) {
            if (field.getType() == String.class) {
                addresses.add((String) field.get(null));
            }
        }
        String document = Files.readString(Path.of("src/docs/event-bus.md"));
        String table = document.substring(
                document.indexOf("<!-- event bus addresses -->"), document.indexOf("<!-- event bus addresses end -->"));
        List<String> listed = Pattern.compile("^\\| `(qbc[^`]*)` \\|", Pattern.MULTILINE)
                .matcher(table)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(addresses);
        JsonObject paths = HttpFixture.json(httpFixture.get("/openapi.json")).getJsonObject("paths");
        List<MatchResult> routes = Pattern.compile("`(GET|POST|PUT|DELETE) ([^`?]*)")
                .matcher(table)
                .results()
                .toList();
        assertThat(routes)
                .hasSameSizeAs(addresses)
                .allSatisfy(route -> assertThat(paths.getJsonObject(route.group(2), new JsonObject())
                                .fieldNames())
                        .contains(route.group(1).toLowerCase(Locale.ROOT)));
    }

    @Test
    void waitsForAQuant() {
        Future<JsonObject> waiting = asked(
                PublicAddresses.TRANSACTIONS_INJECT,
                new JsonObject().put("chain", "main").put("data", 1).put("wait", Patience.ANSWER.toSeconds()));
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 1);
        httpFixture.node.leap(List.of());
        assertThat(HttpFixture.wait(waiting).getString("state")).isEqualTo("committed");
    }

    @Test
    void aQuantThatIsTooLargeForOneMessageComesInParts() {
        httpFixture.node.leap(httpFixture.node.transactions(1, 300, 10_000));
        int seen = 0;
        JsonObject part = ask(PublicAddresses.QUANTS_FIND, new JsonObject().put("quant", 1));
        while (part.containsKey("next")) {
            seen += part.getJsonArray("transactions").size();
            assertThat(part.getInteger("next")).isEqualTo(seen);
            part = ask(
                    PublicAddresses.QUANTS_FIND,
                    new JsonObject().put("quant", 1).put("offset", seen));
        }
        assertThat(seen + part.getJsonArray("transactions").size()).isEqualTo(300);
        assertThat(seen).isPositive();
    }

    @Test
    void aRefusalFromTheCoreIsWholeAtBothDoors() {
        httpFixture.node.refuse(new Refusal(Reason.RULES_BROKEN, "two are wrong", List.of("/a", "/b/0")));
        JsonObject problem = problem(PublicAddresses.LEAPS_LEAP, new JsonObject().put("chain", "main"));
        assertThat(problem.getString("detail")).isEqualTo("two are wrong");
        assertThat(problem.getJsonArray("pointers")).containsExactly("/a", "/b/0");
        assertThat(HttpFixture.json(httpFixture.post("/v1/chains/main/leaps", "")))
                .isEqualTo(problem);
    }

    @Test
    void failsWithTheSameProblems() {
        JsonObject inject = new JsonObject().put("chain", "main").put("data", 1);
        String address = PublicAddresses.TRANSACTIONS_INJECT;
        assertThat(problem(address, "text").getString("code")).isEqualTo("request_invalid");
        assertThat(problem(address, new JsonObject()).getString("code")).isEqualTo("request_invalid");
        assertThat(problem(address, inject.copy().put("odd", 1)).getString("code"))
                .isEqualTo("request_invalid");
        assertThat(problem(address, inject.copy().put("wait", "x")).getString("code"))
                .isEqualTo("request_invalid");
        assertThat(problem(address, inject.copy().put("chain", "none")).getString("code"))
                .isEqualTo("chain_unknown");
        assertThat(problem(address, new JsonObject().put("chain", "main")).getString("code"))
                .isEqualTo("payload_missing");
        assertThat(problem(PublicAddresses.TRANSACTIONS_FIND, inject.copy().put("id", "00".repeat(32)))
                        .getString("code"))
                .isEqualTo("transaction_unknown");
        assertThat(problem(PublicAddresses.QUANTS_FIND, inject.copy().put("quant", 99))
                        .getString("code"))
                .isEqualTo("quant_unknown");
        httpFixture.node.refuse(Reason.POOL_FULL);
        JsonObject full = problem(address, inject);
        assertThat(full.getString("code")).isEqualTo("pool_full");
        assertThat(full.getBoolean("retryable")).isTrue();
        assertThat(full.getString("chain")).isEqualTo("main");
    }
}
