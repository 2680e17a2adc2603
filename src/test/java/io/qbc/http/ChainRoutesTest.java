package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.config.NodeConfig;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainRoutesTest {
    private static final String ORDERS = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}";
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        httpFixture = new HttpFixture(ChainRoutesTest::pinned);
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private static String code(HttpResponse<String> response) {
        JsonObject problem = HttpFixture.json(response);
        assertThat(problem.getInteger("status")).isEqualTo(response.statusCode());
        return problem.getString("code");
    }

    @Test
    void chainsAreListedByNameAPageAtATime() {
        for (String name : List.of("b-list", "a-list", "c-list")) {
            httpFixture.post("/v1/chains", ORDERS.replace("orders", name));
        }
        List<String> all = names("/v1/chains");
        assertThat(all).isSorted().contains("main", "a-list", "b-list", "c-list");
        assertThat(HttpFixture.json(httpFixture.get("/v1/chains")).getMap()).containsEntry("next", null);
        List<String> read = new ArrayList<>();
        String query = "?limit=2";
        while (!query.isEmpty()) {
            JsonObject page = HttpFixture.json(httpFixture.get("/v1/chains" + query));
            assertThat(page.getJsonArray("chains").size()).isBetween(1, 2);
            read.addAll(names("/v1/chains" + query));
            query = page.getString("next") == null ? "" : "?limit=2&after=" + page.getString("next");
        }
        assertThat(read).isEqualTo(all);
        // A name that is gone is as good as any to go on after.
        assertThat(names("/v1/chains?after=a-lisu&limit=1")).containsExactly("b-list");
        assertThat(names("/v1/chains?after=zzz")).isEmpty();
        assertThat(httpFixture.get("/v1/chains?limit=0").statusCode()).isEqualTo(400);
        assertThat(httpFixture.get("/v1/chains?limit=x").statusCode()).isEqualTo(400);
    }

    /** Chains of the first version may be called so; nobody can make one any more. */
    @Test
    void anIdMeansTheChainWithThatIdWhateverAnotherIsCalled() {
        String main = httpFixture.node.spec.id().hex();
        String nobody = "ab".repeat(32);
        for (String name : List.of(main, nobody)) {
            Bus bus = new Bus(httpFixture.vertx, Patience.ANSWER);
            HttpFixture.wait(bus.ask(Catalogue.BANG, new Catalogue.Bang(Samples.dbc(name))));
        }
        assertThat(names("/v1/chains")).contains(main, nobody, "main");
        for (String id : List.of(main, main.toUpperCase(Locale.ROOT))) {
            assertThat(HttpFixture.json(httpFixture.get("/v1/chains/" + id)).getString("name"))
                    .isEqualTo("main");
            assertThat(HttpFixture.json(httpFixture.get("/stats?chain=" + id)).getString("hash"))
                    .isEqualTo(HttpFixture.json(httpFixture.get("/stats?chain=main"))
                            .getString("hash"));
        }
        assertThat(code(httpFixture.get("/v1/chains/" + nobody))).isEqualTo("chain_unknown");
        assertThat(code(httpFixture.get("/stats?chain=" + nobody))).isEqualTo("chain_unknown");
        assertThat(code(httpFixture.post("/inject?chain=" + nobody, "{\"data\":1}")))
                .isEqualTo("chain_unknown");
        assertThat(code(httpFixture.post("/v1/chains", ORDERS.replace("orders", nobody))))
                .isEqualTo("chain_spec_invalid");
    }

    private List<String> names(String path) {
        return HttpFixture.json(httpFixture.get(path)).getJsonArray("chains").stream()
                .map(chain -> ((JsonObject) chain).getString("name"))
                .toList();
    }

    @Test
    void makesAChainOnceAndUsesIt() {
        HttpResponse<String> made = httpFixture.post("/v1/chains", ORDERS);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains("/v1/chains/orders");
        JsonObject chain = HttpFixture.json(made);
        assertThat(chain.getBoolean("frozen")).isFalse();
        assertThat(chain.getJsonObject("spec").getJsonObject("consensus").getJsonArray("participants"))
                .containsExactly(Samples.SIGNER.key().hex());
        assertThat(HttpFixture.json(httpFixture.get("/v1/chains/orders")).getString("id"))
                .isEqualTo(chain.getString("id"));
        HttpResponse<String> again = httpFixture.post("/v1/chains", ORDERS);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(HttpFixture.json(again).getString("id")).isEqualTo(chain.getString("id"));
        assertThat(httpFixture
                        .post("/v1/chains/orders/transactions", "{\"data\":1}")
                        .statusCode())
                .isEqualTo(202);
        JsonObject leapt = HttpFixture.json(httpFixture.post("/v1/chains/" + chain.getString("id") + "/leaps", ""));
        assertThat(leapt.getLong("count")).isEqualTo(1);
        assertThat(HttpFixture.json(httpFixture.get("/stats")).getLong("length"))
                .isEqualTo(1);
        assertThat(HttpFixture.json(httpFixture.get("/v1/chains")).getJsonArray("chains"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"Orders\",\"consensus\":{\"engine\":\"dbc\"}}|422|chain_spec_invalid|/name",
                "{\"name\":\"orders\",\"consensus\":{\"engine\":\"pow\",\"difficulty\":0}}"
                        + "|422|chain_spec_invalid|/consensus/difficulty",
                "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"},\"odd\":1}|422|chain_spec_invalid|/odd",
                "{\"name\":\"orders\"}|422|chain_spec_invalid|/consensus",
                "{\"name\":\"main\",\"consensus\":{\"engine\":\"dbc\"},\"description\":\"another\"}"
                        + "|409|chain_name_taken|",
                "{\"name\":\"orders\",\"name\":\"orders\"}|400|json_invalid|",
                "[]|400|json_invalid|",
            })
    void refusesASpecAndSaysWhere(String spec, int status, String code, String pointer) {
        HttpResponse<String> response = httpFixture.post("/v1/chains", spec);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(code(response)).isEqualTo(code);
        JsonArray pointers = HttpFixture.json(response).getJsonArray("pointers");
        if (pointer == null) {
            assertThat(pointers).isNull();
        } else {
            assertThat(pointers).containsExactly(pointer);
        }
    }

    @Test
    void aChainBeginsHereIfThisNodeSetItsTime() {
        String spec = "{\"name\":\"fresh\",\"consensus\":{\"engine\":\"dbc\"}}";
        httpFixture.post("/v1/chains", spec);
        httpFixture.post("/v1/chains", spec);
        httpFixture.post("/v1/chains", spec.replace("fresh", "old").replace("}}", "},\"genesisTime\":1}"));
        assertThat(httpFixture.chains.bangs).extracting(Bang::begun).containsExactly(true, false, false);
    }

    @Test
    void forksAChain() {
        httpFixture.node.leap(httpFixture.node.transactions(1, 3, 10));
        Quant point = httpFixture.node.leap(httpFixture.node.transactions(4, 2, 10));
        httpFixture.node.leap(List.of());
        String request = "{\"at\":2,\"name\":\"trial\",\"rules\":{\"schema\":{\"type\":\"object\"}}}";
        HttpResponse<String> forked = httpFixture.post("/v1/chains/main/forks", request);
        assertThat(forked.statusCode()).as(forked.body()).isEqualTo(201);
        assertThat(forked.headers().firstValue("Location")).contains("/v1/chains/trial");
        JsonObject chain = HttpFixture.json(forked);
        JsonObject fork = chain.getJsonObject("fork");
        assertThat(fork.getString("chain")).isEqualTo(httpFixture.node.spec.id().hex());
        assertThat(fork.getLong("height")).isEqualTo(2);
        assertThat(fork.getString("quant")).isEqualTo(point.header().hash().hex());
        assertThat(fork.getLong("treeSize")).isEqualTo(5);
        assertThat(fork.getString("root")).isEqualTo(point.header().root().hex());
        assertThat(chain.getJsonObject("spec").getJsonObject("rules").getInteger("version"))
                .isEqualTo(1);
        assertThat(httpFixture.post("/v1/chains/main/forks", request).statusCode())
                .isEqualTo(200);
        assertThat(HttpFixture.json(httpFixture.get("/v1/chains/trial/quants/2"))
                        .getString("hash"))
                .isEqualTo(point.header().hash().hex());
        assertThat(HttpFixture.json(httpFixture.get("/v1/chains/main")).containsKey("fork"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "main|{\"at\":7,\"name\":\"a\"}|404|quant_unknown",
                "none|{\"at\":0,\"name\":\"a\"}|404|chain_unknown",
                "main|{\"name\":\"a\"}|400|request_invalid",
                "main|{\"at\":0}|422|chain_spec_invalid",
                "main|{\"at\":0,\"name\":\"a\",\"odd\":1}|422|chain_spec_invalid",
                "main|{\"at\":0,\"name\":\"main\"}|409|chain_name_taken",
                "main@0|{\"at\":0,\"name\":\"a\"}|422|chain_past",
            })
    void refusesAForkAndSaysWhy(String chain, String request, int status, String code) {
        HttpResponse<String> response = httpFixture.post("/v1/chains/" + chain + "/forks", request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(code(response)).isEqualTo(code);
    }

    @Test
    void aForkStandsOnTheQuantThatIsThereWhenItIsMade() {
        httpFixture.node.leap(List.of());
        httpFixture.node.leap(List.of());
        httpFixture.chains.reorganisations.add(() -> httpFixture.node.reorganise(1, 1));
        JsonObject fork = HttpFixture.json(httpFixture.post("/v1/chains/main/forks", "{\"at\":2,\"name\":\"trial\"}"))
                .getJsonObject("fork");
        assertThat(httpFixture.chains.reorganisations).isEmpty();
        assertThat(fork.getString("quant"))
                .isEqualTo(httpFixture.node.quant(2).header().hash().hex());
    }

    @Test
    void aParentThatIsReorganisedAgainAndAgainGetsNoFork() {
        httpFixture.node.leap(List.of());
        for (int i = 0; i < 10; i++) {
            int first = i;
            httpFixture.chains.reorganisations.add(() -> {
                httpFixture.node.reorganise(1, 0);
                httpFixture.node.leap(httpFixture.node.transactions(first, 1, 10));
            });
        }
        HttpResponse<String> refused = httpFixture.post("/v1/chains/main/forks", "{\"at\":1,\"name\":\"trial\"}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(code(refused)).isEqualTo("chain_spec_invalid");
        assertThat(httpFixture.chains.reorganisations).hasSize(6);
    }

    @Test
    void showsWhatTwoChainsShareAndWhatEachHasSince() {
        httpFixture.node.leap(httpFixture.node.transactions(1, 3, 10));
        httpFixture.post("/v1/chains/main/forks", "{\"at\":1,\"name\":\"trial\"}");
        httpFixture.node.leap(List.of());
        httpFixture.node.leap(List.of());
        JsonObject diff = HttpFixture.json(httpFixture.get("/v1/chains/main/diff?with=trial"));
        assertThat(diff.getJsonObject("ancestor").getLong("height")).isEqualTo(1);
        assertThat(diff.getJsonObject("chain").getJsonArray("quants")).hasSize(2);
        assertThat(diff.getJsonObject("with").getString("name")).isEqualTo("trial");
        assertThat(diff.getJsonObject("with").getJsonArray("quants")).hasSize(1);
        assertThat(diff.getValue("next")).isNull();
        JsonObject first = HttpFixture.json(httpFixture.get("/v1/chains/main/diff?with=trial&limit=1"));
        assertThat(first.getJsonObject("chain").getJsonArray("quants")).hasSize(1);
        assertThat(first.getLong("next")).isEqualTo(3);
        JsonObject rest = HttpFixture.json(httpFixture.get("/v1/chains/main/diff?with=trial&from=3"));
        assertThat(rest.getJsonObject("chain").getJsonArray("quants")).hasSize(1);
        assertThat(rest.getJsonObject("with").getJsonArray("quants")).isEmpty();
        JsonObject early = HttpFixture.json(httpFixture.get("/v1/chains/main@0/diff?with=trial"));
        assertThat(early.getJsonObject("ancestor").getLong("height")).isZero();
        httpFixture.post("/v1/chains", ORDERS);
        JsonObject strangers = HttpFixture.json(httpFixture.get("/v1/chains/main/diff?with=orders"));
        assertThat(strangers.getValue("ancestor")).isNull();
        assertThat(strangers.getJsonObject("chain").getJsonArray("quants")).hasSize(4);
        assertThat(code(httpFixture.get("/v1/chains/main/diff"))).isEqualTo("request_invalid");
        assertThat(code(httpFixture.get("/v1/chains/main/diff?with=none"))).isEqualTo("chain_unknown");
        assertThat(code(httpFixture.get("/v1/chains/main/diff?with=trial&limit=0")))
                .isEqualTo("request_invalid");
    }

    @Test
    void freezesAndUnfreezes() {
        httpFixture.post("/v1/chains", ORDERS);
        JsonObject frozen = HttpFixture.json(httpFixture.post("/v1/chains/orders/freeze", ""));
        assertThat(frozen.getBoolean("frozen")).isTrue();
        HttpResponse<String> refused = httpFixture.post("/v1/chains/orders/transactions", "{\"data\":1}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(code(refused)).isEqualTo("chain_frozen");
        assertThat(code(httpFixture.post("/v1/chains/orders/leaps", ""))).isEqualTo("chain_frozen");
        assertThat(httpFixture.get("/v1/chains/orders/quants/head").statusCode())
                .isEqualTo(200);
        assertThat(httpFixture
                        .post("/v1/chains/main/transactions", "{\"data\":1}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(HttpFixture.json(httpFixture.post("/v1/chains/orders/unfreeze", ""))
                        .getBoolean("frozen"))
                .isFalse();
        assertThat(httpFixture
                        .post("/v1/chains/orders/transactions", "{\"data\":1}")
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void removesAChainThatIsNamedTwice() {
        httpFixture.post("/v1/chains", ORDERS);
        assertThat(code(httpFixture.delete("/v1/chains/orders"))).isEqualTo("chain_not_confirmed");
        HttpResponse<String> wrong = httpFixture.delete("/v1/chains/orders?confirm=main");
        assertThat(wrong.statusCode()).isEqualTo(400);
        HttpResponse<String> removed = httpFixture.delete("/v1/chains/orders?confirm=orders");
        assertThat(HttpFixture.json(removed).getBoolean("removed")).isTrue();
        await().untilAsserted(() -> assertThat(
                        httpFixture.get("/v1/chains/orders/quants").statusCode())
                .isEqualTo(404));
        assertThat(code(httpFixture.post("/v1/chains/orders/transactions", "{\"data\":1}")))
                .isEqualTo("chain_unknown");
        assertThat(httpFixture.post("/v1/chains", ORDERS).statusCode()).isEqualTo(201);
        assertThat(code(httpFixture.delete("/v1/chains/orders@0?confirm=orders")))
                .isEqualTo("chain_past");
    }

    @Test
    void followsChainsThatAreElsewhere() {
        JsonObject following = HttpFixture.json(httpFixture.put("/v1/chains/elsewhere/following", ""));
        assertThat(following.getJsonArray("followed")).containsExactly("elsewhere");
        assertThat(following.getJsonArray("known").getJsonObject(0).getBoolean("here"))
                .isTrue();
        assertThat(HttpFixture.json(httpFixture.get("/v1/following"))).isEqualTo(following);
        assertThat(HttpFixture.json(httpFixture.delete("/v1/chains/elsewhere/following"))
                        .getJsonArray("followed"))
                .isEmpty();
        assertThat(code(httpFixture.put("/v1/chains/NO/following", ""))).isEqualTo("request_invalid");
    }

    private static NodeConfig pinned(NodeConfig base) {
        List<String> pins = List.of("main@7=" + Hash.ZERO.hex());
        return Samples.with(base, new NodeConfig.Chains(base.chains().follow(), List.of(), 10, pins));
    }

    @Test
    void tellsHowTheEngineFares() {
        httpFixture.node.leap(List.of());
        JsonObject consensus = HttpFixture.json(httpFixture.get("/v1/chains/main/consensus"));
        assertThat(consensus.getString("engine")).isEqualTo("poa");
        assertThat(consensus.getJsonArray("participants")).hasSize(2);
        assertThat(consensus.getJsonArray("participants").getJsonObject(1).getBoolean("barred"))
                .isTrue();
        assertThat(consensus.getJsonObject("turn").getLong("slot")).isEqualTo(12);
        assertThat(consensus.getLong("finality")).isEqualTo(1);
        assertThat(consensus.getJsonArray("offences")).hasSize(1);
        assertThat(consensus.getJsonArray("waiting")).containsExactly("the vote of \"other\" is missing");
        assertThat(consensus.getJsonArray("rounds").getJsonObject(0).getLong("height"))
                .isEqualTo(1);
        assertThat(consensus.getJsonObject("pin").getLong("height")).isEqualTo(7);
        assertThat(consensus.getJsonObject("pin").getString("hash")).isEqualTo(Hash.ZERO.hex());
        assertThat(code(httpFixture.get("/v1/chains/main@0/consensus"))).isEqualTo("chain_past");
    }

    @Test
    void aDamagedChainIsShownAndNoOtherTakesItsPlace() {
        Hash id = new Hash(1, 2, 3, 4);
        assertThat(code(httpFixture.get("/v1/chains/broken"))).isEqualTo("chain_unknown");
        httpFixture.chains.damaged.add(
                new DamagedChain(id, "broken", Reason.CORRUPT.refusal("its row is damaged"), false));
        JsonObject shown = HttpFixture.json(httpFixture.get("/v1/chains"))
                .getJsonArray("damaged")
                .getJsonObject(0);
        assertThat(shown.getString("id")).isEqualTo(id.hex());
        assertThat(shown.getString("name")).isEqualTo("broken");
        assertThat(shown.getString("code")).isEqualTo("corrupt");
        assertThat(shown.getString("detail")).isEqualTo("its row is damaged");
        assertThat(code(httpFixture.get("/v1/chains/broken"))).isEqualTo("corrupt");
        assertThat(code(httpFixture.get("/v1/chains/" + id.hex()))).isEqualTo("corrupt");
        assertThat(httpFixture.get("/v1/chains/main").statusCode()).isEqualTo(200);
        httpFixture.chains.damaged.clear();
    }
}
