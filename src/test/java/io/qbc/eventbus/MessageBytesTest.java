package io.qbc.eventbus;

import static io.qbc.eventbus.bridge.BridgeCaller.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.api.limits.ByteBudget;
import io.qbc.config.BridgeConfig;
import io.qbc.config.NodeConfig.Budgets;
import io.qbc.eventbus.bridge.BridgeCaller;
import io.qbc.eventbus.bridge.TcpBridgeVerticle;
import io.qbc.http.HttpFixture;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What messages of the bus and of its bridges can make a node hold: the budgets of REST are theirs too. */
class MessageBytesTest {
    private static final int BUDGET_BYTES = 2 << 20;
    private static final int LONG_BYTES = 900_000;
    private static final int BODY_BYTES = 20_000;
    private static final JsonObject MAIN = new JsonObject().put("chain", "main");

    private HttpFixture fixture;

    @BeforeEach
    void begin() {
        Budgets budgets = new Budgets(BUDGET_BYTES, BUDGET_BYTES, Patience.ANSWER, 1, 100, List.of());
        BridgeConfig.Tcp tcp = new BridgeConfig.Tcp(true, "127.0.0.1", 0, false, 4);
        BridgeConfig bridges = new BridgeConfig(
                List.of(), 1 << 20, 1 << 20, 8, 2, Duration.ofSeconds(60), tcp, BridgeConfig.OFF.sockjs());
        fixture = new HttpFixture(base -> Samples.with(base, budgets, bridges));
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    private Future<JsonObject> asked(String address, JsonObject body) {
        DeliveryOptions patient = new DeliveryOptions().setSendTimeout(Patience.CONDITION.toMillis());
        return fixture.vertx
                .eventBus()
                .<JsonObject>request(address, body, patient)
                .map(message -> message.body());
    }

    private JsonObject ask(String address, JsonObject body) {
        return HttpFixture.wait(asked(address, body));
    }

    private JsonObject problem(String address, JsonObject body) {
        return HttpFixture.wait(asked(address, body)
                .map(answer -> new JsonObject())
                .recover(cause -> Future.succeededFuture(new JsonObject(((ReplyException) cause).getMessage()))));
    }

    private void busy(JsonObject problem) {
        assertThat(problem.getString("code")).isEqualTo("busy");
        assertThat(problem.getInteger("status")).isEqualTo(503);
    }

    private ByteBudget answers() {
        return fixture.sharedLimits.streamBytes();
    }

    private ByteBudget bodies() {
        return fixture.sharedLimits.bodyBytes();
    }

    private JsonObject longTransaction() {
        fixture.node.leap(fixture.node.transactions(0, 1, LONG_BYTES));
        return MAIN.copy()
                .put("id", fixture.node.quant(1).transactions().get(0).id().hex());
    }

    private static JsonObject inject() {
        return MAIN.copy().put("data", "x".repeat(BODY_BYTES));
    }

    @Test
    void aLongAnswerThatHasNoRoomIsRefused() {
        JsonObject which = longTransaction();
        assertThat(answers().take(BUDGET_BYTES - LONG_BYTES)).isTrue();
        busy(problem(PublicAddresses.TRANSACTIONS_FIND, which));
        busy(problem(PublicAddresses.QUANTS_FIND, MAIN.copy().put("quant", 1)));
        busy(problem(PublicAddresses.QUANTS_LIST, MAIN));
        assertThat(ask(PublicAddresses.CHAINS_FIND, MAIN).getString("name")).isEqualTo("main");
        answers().release(BUDGET_BYTES - LONG_BYTES);
        assertThat(ask(PublicAddresses.TRANSACTIONS_FIND, which).getString("state"))
                .isEqualTo("committed");
        await().until(() -> answers().held() == 0);
    }

    @Test
    void aPageCountsWhileItIsMade() {
        assertThat(answers().take(BUDGET_BYTES)).isTrue();
        int before = fixture.node.reads.get();
        busy(problem(PublicAddresses.QUANTS_LIST, MAIN));
        assertThat(fixture.node.reads.get()).isEqualTo(before);
        answers().release(BUDGET_BYTES);
        assertThat(ask(PublicAddresses.QUANTS_LIST, MAIN).getJsonArray("quants"))
                .hasSize(1);
        await().until(() -> answers().held() == 0);
    }

    @Test
    void aBodyThatHasNoRoomIsRefusedAndNothingIsDone() {
        assertThat(bodies().take(BUDGET_BYTES - BODY_BYTES)).isTrue();
        int before = fixture.node.injects.size();
        busy(problem(PublicAddresses.TRANSACTIONS_INJECT, inject()));
        assertThat(fixture.node.injects).hasSize(before);
        assertThat(ask(PublicAddresses.TRANSACTIONS_INJECT, MAIN.copy().put("data", 1))
                        .getString("state"))
                .isEqualTo("pending");
        bodies().release(BUDGET_BYTES - BODY_BYTES);
        JsonObject never = MAIN.copy().put("data", "x".repeat(BUDGET_BYTES));
        assertThat(problem(PublicAddresses.TRANSACTIONS_INJECT, never).getString("code"))
                .isEqualTo("body_too_large");
    }

    @Test
    void aBodyCountsUntilItIsAnswered() {
        Future<JsonObject> waiting =
                asked(PublicAddresses.TRANSACTIONS_INJECT, inject().put("wait", Patience.ANSWER.toSeconds()));
        await().until(() -> fixture.sharedLimits.waiters().inUse() == 1);
        assertThat(bodies().held()).isGreaterThanOrEqualTo(BODY_BYTES);
        fixture.node.leap(List.of());
        assertThat(HttpFixture.wait(waiting).getString("state")).isEqualTo("committed");
        await().until(() -> bodies().held() == 0);
    }

    @Test
    void whatIsDoneIsToldThoughThereIsNoRoom() {
        assertThat(answers().take(BUDGET_BYTES)).isTrue();
        JsonObject type = new JsonObject().put("description", "x".repeat(2 * BODY_BYTES));
        JsonObject spec = new JsonObject()
                .put("name", "orders")
                .put("consensus", new JsonObject().put("engine", "dbc"))
                .put("rules", new JsonObject().put("types", new JsonObject().put("order", type)));
        JsonObject made = ask(PublicAddresses.CHAINS_CREATE, spec);
        assertThat(made.encode()).hasSizeGreaterThan(2 * BODY_BYTES);
        busy(problem(PublicAddresses.CHAINS_FIND, new JsonObject().put("chain", "orders")));
    }

    @Test
    void callersOfABridgeCountTheSame() throws IOException {
        JsonObject which = longTransaction();
        TcpBridgeVerticle bridge = new TcpBridgeVerticle(fixture.api);
        HttpFixture.wait(fixture.vertx.deployVerticle(bridge));
        try (BridgeCaller caller = BridgeCaller.call(bridge.port())) {
            assertThat(answers().take(BUDGET_BYTES - LONG_BYTES)).isTrue();
            assertThat(code(caller.ask(PublicAddresses.TRANSACTIONS_FIND, which)))
                    .isEqualTo("busy");
            answers().release(BUDGET_BYTES - LONG_BYTES);
            // What has come is counted once as a frame and once as a message while it is handed over.
            assertThat(bodies().take(BUDGET_BYTES - 3L * BODY_BYTES / 2)).isTrue();
            int before = fixture.node.injects.size();
            assertThat(code(caller.ask(PublicAddresses.TRANSACTIONS_INJECT, inject())))
                    .isEqualTo("busy");
            assertThat(fixture.node.injects).hasSize(before);
            bodies().release(BUDGET_BYTES - 3L * BODY_BYTES / 2);
            JsonObject found = caller.ask(PublicAddresses.TRANSACTIONS_FIND, which);
            assertThat(found.getJsonObject("body").getString("state")).isEqualTo("committed");
            assertThat(caller.ask(PublicAddresses.TRANSACTIONS_INJECT, inject())
                            .getJsonObject("body")
                            .getString("state"))
                    .isEqualTo("pending");
        }
        await().until(() -> answers().held() == 0 && bodies().held() == 0);
        await().until(() -> fixture.sharedLimits.addresses().count() <= 1);
    }
}
