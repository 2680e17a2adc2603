package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.access.ScopedKey;
import io.qbc.model.Bytes;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Idempotency keys where callers show who they are: each has its own. */
class CallerKeysTest {
    private static final String TRANSACTIONS = "/v1/chains/main/transactions";
    private static final List<String> ROLES = List.of("writer", "reader");

    private HttpFixture httpFixture;
    private String shop;
    private String bank;

    @BeforeEach
    void begin() throws IOException {
        httpFixture = HttpFixture.required();
        shop = key("shop");
        bank = key("bank");
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private String key(String name) throws IOException {
        return "Bearer " + httpFixture.keyOf(name, ROLES.toArray(String[]::new));
    }

    private HttpResponse<String> inject(String caller, String path, String body, String... fields) {
        String[] all = new String[fields.length + 2];
        all[0] = "Authorization";
        all[1] = caller;
        System.arraycopy(fields, 0, all, 2, fields.length);
        return httpFixture.post(path, body, all);
    }

    private String id(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
        return HttpFixture.json(answer).getString("id");
    }

    private JsonObject found(String caller, String id) {
        return HttpFixture.json(
                httpFixture.send(httpFixture.request(TRANSACTIONS + "/" + id).header("Authorization", caller)));
    }

    @Test
    void twoCallersCannotTakeEachOthersKeys() throws IOException {
        String shops = id(inject(shop, TRANSACTIONS, "{\"data\":1}", "Idempotency-Key", "o-7"));
        String banks = id(inject(bank, TRANSACTIONS, "{\"data\":2}", "Idempotency-Key", "o-7"));
        assertThat(banks).isNotEqualTo(shops);
        assertThat(id(inject(shop, TRANSACTIONS, "{\"data\":1,\"key\":\"o-7\"}")))
                .isEqualTo(shops);
        HttpResponse<String> reused = inject(shop, TRANSACTIONS, "{\"data\":2}", "Idempotency-Key", "o-7");
        assertThat(reused.statusCode()).isEqualTo(422);
        assertThat(reused.body()).doesNotContain(banks);
        // Another credential of the same name is the same caller, as at another node.
        assertThat(id(inject(key("shop"), TRANSACTIONS, "{\"data\":1}", "Idempotency-Key", "o-7")))
                .isEqualTo(shops);
    }

    @Test
    void aListByKeyIsOfTheCallersOwn() {
        String shops = id(inject(shop, TRANSACTIONS, "{\"data\":1}", "Idempotency-Key", "o-7"));
        String banks = id(inject(bank, TRANSACTIONS, "{\"data\":2}", "Idempotency-Key", "o-7"));
        assertThat(listed(shop, "?key=o-7")).containsExactly(shops);
        assertThat(listed(bank, "?key=o-7")).containsExactly(banks);
        assertThat(listed(bank, "?key=o-8")).isEmpty();
    }

    private List<String> listed(String caller, String query) {
        return HttpFixture.json(httpFixture.send(
                        httpFixture.request(TRANSACTIONS + query).header("Authorization", caller)))
                .getJsonArray("transactions")
                .stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList();
    }

    @Test
    void allWaysInHaveTheSame() {
        String once = id(inject(shop, TRANSACTIONS, "{\"data\":1,\"key\":\"o-7\"}"));
        HttpResponse<String> batch =
                inject(shop, TRANSACTIONS, "{\"data\":1,\"key\":\"o-7\"}\n", "Content-Type", "application/x-ndjson");
        assertThat(batch.body()).contains(once);
        assertThat(id(inject(shop, "/inject", "{\"data\":1}", "Idempotency-Key", "o-7")))
                .isEqualTo(once);
        JsonObject ask = new JsonObject().put("chain", "main").put("data", 1).put("key", "o-7");
        DeliveryOptions proof = new DeliveryOptions().addHeader("authorization", shop);
        JsonObject answer = HttpFixture.wait(httpFixture
                .vertx
                .eventBus()
                .<JsonObject>request("qbc.v1.transactions.inject", ask, proof)
                .map(message -> message.body()));
        assertThat(answer.getString("id")).isEqualTo(once);
        JsonObject read = HttpFixture.wait(httpFixture
                .vertx
                .eventBus()
                .<JsonObject>request("qbc.v1.transactions.find", ask.copy().put("id", once), proof)
                .map(message -> message.body()));
        assertThat(read.getString("clientKey")).isEqualTo("o-7");
    }

    @Test
    void aCallerIsToldItsOwnKeyAndNobodyElses() {
        String id = id(inject(shop, TRANSACTIONS, "{\"data\":1,\"key\":\"o \\\"7\\\" \u00e4\"}"));
        assertThat(found(shop, id).getString("clientKey")).isEqualTo("o \"7\" \u00e4");
        assertThat(found(bank, id).containsKey("clientKey")).isFalse();
        assertThat(found(bank, id).getString("key"))
                .isEqualTo(ScopedKey.of("shop", Bytes.utf8("o \"7\" \u00e4")).hex());
        assertThat(found(shop, id(inject(shop, TRANSACTIONS, "{\"data\":1}"))).containsKey("clientKey"))
                .isFalse();
    }

    @Test
    void aKeyIsAsLongAsEveryScopeLetsIt() {
        String longest = "k".repeat(189);
        id(inject(shop, TRANSACTIONS, "{\"data\":1}", "Idempotency-Key", longest));
        HttpResponse<String> over = inject(shop, TRANSACTIONS, "{\"data\":1}", "Idempotency-Key", longest + "k");
        assertThat(over.statusCode()).isEqualTo(400);
        assertThat(HttpFixture.json(over).getString("detail")).contains("189");
    }

    /** A transaction may come complete without an author; its key is then in its sender's hands. */
    @Test
    void nobodyPutsAnothersScopeIntoABodyOfItsOwn() {
        for (String key : List.of(
                ScopedKey.of("shop", Bytes.utf8("o-7")).hex(), Bytes.utf8("o-7").hex())) {
            HttpResponse<String> forged = inject(bank, TRANSACTIONS, complete(key));
            assertThat(forged.statusCode()).as(forged.body()).isEqualTo(400);
            assertThat(HttpFixture.json(forged).getString("code")).isEqualTo("key_invalid");
            assertThat(inject(bank, "/inject", complete(key)).statusCode()).isEqualTo(400);
        }
        id(inject(
                bank,
                TRANSACTIONS,
                complete(ScopedKey.of("bank", Bytes.utf8("o-7")).hex())));
        id(inject(bank, TRANSACTIONS, complete("ff" + "00".repeat(15))));
    }

    private static String complete(String key) {
        return new JsonObject()
                .put("data", 1)
                .put("salt", "00".repeat(16))
                .put("timestamp", 1)
                .put("key", key)
                .put("author", "")
                .put("signature", "")
                .encode();
    }

    @Test
    void withoutCredentialsAKeyIsTheBytesThatItWas() {
        try (HttpFixture open = new HttpFixture()) {
            String id = HttpFixture.json(open.post(TRANSACTIONS, "{\"data\":1}", "Idempotency-Key", "o-7"))
                    .getString("id");
            JsonObject found = HttpFixture.json(open.get(TRANSACTIONS + "/" + id));
            assertThat(found.getString("key")).isEqualTo(Bytes.utf8("o-7").hex());
            assertThat(found.containsKey("clientKey")).isFalse();
        }
    }
}
