package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Operate;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.PublicAddresses;
import io.qbc.model.Bytes;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations that are asked for by name, and by whom. */
class OperationRoutesTest {
    private static final String OPERATIONS = "/v1/chains/stakes/operations";
    private static final String BOND = "{\"type\":\"qbc.pos.bond\",\"data\":{\"amount\":5}}";
    private static final String KEY = Samples.OTHER.key().hex();

    private HttpFixture httpFixture;

    @BeforeEach
    void begin() throws IOException {
        httpFixture = new HttpFixture();
        make("Authorization", "none");
    }

    /** The same with another node. */
    private void begin(HttpFixture other) throws IOException {
        httpFixture.close();
        httpFixture = other;
        make("Authorization", "Bearer " + httpFixture.key("admin"));
    }

    private void make(String... fields) {
        httpFixture.post("/v1/chains", "{\"name\":\"stakes\",\"consensus\":{\"engine\":\"dpos\"}}", fields);
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private List<Operate> made() {
        return httpFixture.chains.of("stakes").operations;
    }

    @Test
    void anOperationIsMadeAsTheEngineReadsItAndAnsweredLikeAnInject() {
        HttpResponse<String> answer = httpFixture.post(
                OPERATIONS,
                "{\"type\":\"qbc.pos.transfer\",\"data\":{ \"amount\" : 5, \"to\":\"" + KEY + "\" }}",
                "Idempotency-Key",
                "t1");
        assertThat(answer.statusCode()).isEqualTo(202);
        JsonObject json = HttpFixture.json(answer);
        assertThat(json.getString("state")).isEqualTo("pending");
        assertThat(answer.headers().firstValue("Location"))
                .contains("/v1/chains/stakes/transactions/" + json.getString("id"));
        assertThat(made()).singleElement().satisfies(operate -> {
            assertThat(operate.type()).isEqualTo(Bytes.utf8("qbc.pos.transfer"));
            assertThat(operate.payload().text()).isEqualTo("{\"to\":\"" + KEY + "\",\"amount\":5}");
            assertThat(operate.key()).isEqualTo(Bytes.utf8("t1"));
            assertThat(operate.salt().size()).isEqualTo(16);
        });
    }

    @Test
    void theSameKeyIsTheSameOperationAndWithoutOneEachIsAnother() {
        String bond = "{\"type\":\"qbc.pos.bond\",\"data\":{\"amount\":5}}";
        assertThat(id(httpFixture.post(OPERATIONS, bond, "Idempotency-Key", "b")))
                .isEqualTo(id(httpFixture.post(OPERATIONS, bond, "Idempotency-Key", "b")));
        assertThat(id(httpFixture.post(OPERATIONS, bond))).isNotEqualTo(id(httpFixture.post(OPERATIONS, bond)));
    }

    private static String id(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return HttpFixture.json(answer).getString("id");
    }

    @Test
    void whatTheEngineWouldNotUnderstandIsRefusedAndSaysWhy() {
        refused("{\"type\":\"qbc.poa.vote\",\"data\":{}}", 400, "request_invalid", "qbc.dpos.vote");
        refused("{\"data\":{}}", 400, "request_invalid", "type must be one of");
        refused("{\"type\":\"qbc.pos.vote\",\"data\":{}}", 400, "request_invalid", "type must be one of");
        refused("{\"type\":\"qbc.pos.bond\"}", 400, "payload_missing", "data");
        refused("{\"type\":\"qbc.pos.bond\",\"data\":{\"amount\":0}}", 422, "payload_invalid", "amount");
        refused("{\"type\":\"qbc.pos.bond\",\"data\":{\"amount\":1,\"to\":2}}", 422, "payload_invalid", "amount");
        refused("{\"type\":\"qbc.dpos.vote\",\"data\":{\"delegate\":\"me\"}}", 422, "payload_invalid", "64");
        refused("{\"type\":\"qbc.pos.bond\",\"data\":{\"amount\":1},\"x\":1}", 400, "request_invalid", "x");
        assertThat(HttpFixture.json(httpFixture.post(
                                "/v1/chains/main/operations", "{\"type\":\"qbc.poa.vote\",\"data\":{}}"))
                        .getString("detail"))
                .contains("dbc has no operations");
        assertThat(made()).isEmpty();
    }

    private void refused(String body, int status, String code, String detail) {
        HttpResponse<String> answer = httpFixture.post(OPERATIONS, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(HttpFixture.json(answer).getString("code")).isEqualTo(code);
        assertThat(HttpFixture.json(answer).getString("detail")).contains(detail);
    }

    @Test
    void nobodyMayAskForWhomAProxyOrABrowserSpeaks() {
        for (String field : List.of("Forwarded", "X-Forwarded-For", "Via", "Origin", "Sec-Fetch-Site")) {
            assertThat(httpFixture.post(OPERATIONS, BOND, field, "x").statusCode())
                    .as(field)
                    .isEqualTo(403);
        }
        assertThat(made()).isEmpty();
    }

    @Test
    void whereEverybodyIsAnAdminTheNodesKeySignsForItsOwnMachineAlone() throws IOException {
        begin(new HttpFixture(base -> Samples.with(base, access(AccessMode.OPEN))));
        for (String field : List.of("Forwarded", "X-Forwarded-For", "Via")) {
            HttpResponse<String> answer = httpFixture.post(OPERATIONS, BOND, field, "x");
            assertThat(answer.statusCode()).as(field).isEqualTo(403);
            assertThat(HttpFixture.json(answer).getString("code")).isEqualTo("operation_not_permitted");
        }
        assertThat(made()).isEmpty();
        id(httpFixture.post(OPERATIONS, BOND));
    }

    @Test
    void anAdminOfTheChainMayAskFromAnywhere() throws IOException {
        begin(HttpFixture.required());
        String admin = "Bearer " + httpFixture.key("admin@stakes");
        id(httpFixture.post(OPERATIONS, BOND, "Authorization", admin, "X-Forwarded-For", "192.0.2.1"));
        String writer = "Bearer " + httpFixture.key("writer@stakes", "sealer@stakes");
        HttpResponse<String> answer = httpFixture.post(OPERATIONS, BOND, "Authorization", writer);
        assertThat(HttpFixture.json(answer).getString("code")).isEqualTo("role_missing");
        assertThat(made()).hasSize(1);
    }

    private static NodeConfig.Access access(AccessMode mode) {
        return new NodeConfig.Access(mode, false, 0, 1, 0, 1);
    }

    @Test
    void theEventBusHasTheSame() {
        JsonObject ask = new JsonObject()
                .put("chain", "stakes")
                .put("type", "qbc.dpos.stand")
                .put("data", new JsonObject().put("stand", false));
        JsonObject answer = HttpFixture.wait(httpFixture
                .vertx
                .eventBus()
                .<JsonObject>request(PublicAddresses.OPERATIONS_OPERATE, ask)
                .map(message -> message.body()));
        assertThat(answer.getString("state")).isEqualTo("pending");
        assertThat(made())
                .singleElement()
                .satisfies(operate -> assertThat(operate.payload().text()).isEqualTo("{\"stand\":false}"));
    }
}
