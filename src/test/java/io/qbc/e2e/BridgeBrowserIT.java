package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages in a real Chromium that reach the real jar by SockJS and the clients of npm. Skipped without a Chromium. */
class BridgeBrowserIT {
    private static final int KILLS = 3;
    private static final int LANES = 8;
    private static final String MAIN = "{chain: 'main'}";
    private static final String INJECT = "qbc.v1.transactions.inject";

    @TempDir
    Path directory;

    private Plan plan() {
        return Plan.in(directory.resolve("node"))
                .environment("QBC_LEAP_AGE", "200ms")
                .environment("QBC_BRIDGES_SOCKJS_ENABLED", "true");
    }

    /** What is done in a page at a running node. */
    private interface Visit {
        void at(NodeProcess node, BrowserPage page, BridgePage served) throws Exception;
    }

    private void visit(Plan plan, String headers, Visit visit) throws Exception {
        try (BridgePage served = new BridgePage(plan.url(), headers);
                Browser browser = Browser.open(directory);
                NodeProcess node = NodeProcess.start(plan.environment("QBC_HTTP_ORIGINS", served.origin()));
                BrowserPage page = browser.page()) {
            visit.at(node, page, served);
        }
    }

    @Test
    void thePageOfTheDocumentsInjectsAndHears() throws Exception {
        visit(plan(), "{}", (node, page, served) -> {
            served.open(page, true);
            page.await("printed.some(line => line.endsWith('is durable'))");
            page.await("printed.some(line => line.startsWith('quant'))");
            assertThat(page.complaints()).isEmpty();
        });
    }

    @Test
    void aPageInjectsFindsAndIsRefusedWithACode() throws Exception {
        visit(plan(), "{}", (node, page, served) -> {
            served.connect(page);
            String id = BridgePage.ask(page, INJECT, "{chain: 'main', data: {n: 1.5, t: '\u00e4'}, wait: 30}")
                    .get("id")
                    .asText();
            JsonNode found = BridgePage.ask(page, "qbc.v1.transactions.find", "{chain: 'main', id: '" + id + "'}");
            assertThat(found.get("state").asText()).isEqualTo("committed");
            assertThat(found.get("data").toString()).isEqualTo("{\"n\":1.5,\"t\":\"\u00e4\"}");
            assertThat(BridgePage.code(
                            page, "qbc.v1.transactions.find", "{chain: 'main', id: '" + "0".repeat(64) + "'}"))
                    .isEqualTo("404 transaction_unknown");
            assertThat(BridgePage.code(page, INJECT, "{chain: 'nothing', data: 1}"))
                    .isEqualTo("404 chain_unknown");
            assertThat(BridgePage.code(page, INJECT, "7")).isEqualTo("400 request_invalid");
            for (String inside : List.of("mining.inject", "persistence.append", "qbc.v1/mining.inject", "__vertx.x")) {
                assertThat(BridgePage.code(page, inside, MAIN)).as(inside).isEqualTo("404 route_unknown");
                page.evaluate(
                        "bus.registerHandler('" + inside + "', failure => told.errors.push(failure.failureCode))");
            }
            page.evaluate("bus.publish('qbc.v1.chains.list', {})");
            page.await("told.errors.length === 5");
            assertThat(page.evaluate("told.errors.join()").asText())
                    .isEqualTo("404,404,404,404,403 operation_not_permitted");
            assertThat(page.complaints()).isEmpty();
        });
    }

    @Test
    void aPageIsLimitedToWhatIsPermitted() throws Exception {
        Plan plan = plan().environment("QBC_BRIDGES_PERMITTED", "chains.find,transactions.*");
        visit(plan, "{}", (node, page, served) -> {
            served.connect(page);
            assertThat(BridgePage.ask(page, INJECT, "{chain: 'main', data: 1}")
                            .get("state")
                            .asText())
                    .isEqualTo("pending");
            assertThat(BridgePage.code(page, "qbc.v1.chains.create", "{name: 'more'}"))
                    .isEqualTo("404 route_unknown");
            assertThat(BridgePage.code(page, "qbc.v1.events.subscribe", MAIN)).isEqualTo("404 route_unknown");
        });
    }

    @Test
    void aPageShowsItsKey() throws Exception {
        Plan plan = plan().environment("QBC_ACCESS_MODE", "required");
        Jar.Finished made = Jar.run(
                plan,
                "access",
                "add",
                "--name",
                "it",
                "--role",
                "reader@main",
                "--data",
                plan.data().toString());
        Matcher key = Pattern.compile("qbc_\\w+").matcher(made.output());
        assertThat(key.find()).isTrue();
        visit(plan, "{authorization: 'Bearer " + key.group() + "'}", (node, page, served) -> {
            served.connect(page);
            assertThat(BridgePage.ask(page, "qbc.v1.chains.find", MAIN)
                            .get("name")
                            .asText())
                    .isEqualTo("main");
            assertThat(BridgePage.code(page, INJECT, "{chain: 'main', data: 1}"))
                    .isEqualTo("403 role_missing");
            page.evaluate("follow('main', event => told.events.push(event)).then(() => true)");
            page.evaluate("bus.registerHandler('qbc.v1.events', failure => told.errors.push(failure.failureCode)); 1");
            page.await("told.errors.length === 1");
            page.evaluate("bus.defaultHeaders = null; 1");
            assertThat(BridgePage.code(page, "qbc.v1.chains.find", MAIN)).isEqualTo("401 credential_required");
        });
    }

    @Test
    void aPageOfAnotherOriginIsNotConnected() throws Exception {
        Plan plan = plan().environment("QBC_HTTP_ORIGINS", "https://shop.example");
        try (BridgePage foreign = new BridgePage(plan.url(), "{}");
                Browser browser = Browser.open(directory);
                NodeProcess node = NodeProcess.start(plan);
                BrowserPage page = browser.page()) {
            foreign.open(page, false);
            page.await("told.closed > 1");
            assertThat(page.evaluate("told.opened").asInt()).isZero();
            assertThat(node.client().get("/metrics").expect(200).text())
                    .contains("qbc_bridge_messages_total{bridge=\"sockjs\",direction=\"received\"} 0");
        }
    }

    /** Each number is sent until it is acknowledged, under the same key, over whatever connections that takes. */
    @Test
    void aPageThatLoadsANodeWhichIsKilledLosesNothingAndHasNothingTwice() throws Exception {
        visit(plan(), "{}", (node, page, served) -> {
            served.connect(page);
            page.evaluate("window.loaded = load(" + LANES + "); 1");
            for (int kill = 1; kill <= KILLS; kill++) {
                page.await("acknowledged.size >= " + 100 * kill);
                node.kill9();
                page.await("told.closed >= " + kill);
                node.restart();
                page.await("told.opened > " + kill);
            }
            page.evaluate("window.loading = false; window.loaded.then(() => true)");
            Map<Integer, String> acknowledged = new HashMap<>();
            page.evaluate("[...acknowledged]")
                    .forEach(each ->
                            acknowledged.put(each.get(0).asInt(), each.get(1).asText()));
            Await.until(
                    "all is in a quant",
                    () -> node.client().chain().at("/pool/transactions").asInt() == 0);
            List<String> ids = new ArrayList<>(Chains.ids(node.client()));
            assertThat(ids).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(acknowledged.values());
            assertThat(node.terminate()).isZero();
            Chains.verifySound(node.plan());
        });
    }
}
