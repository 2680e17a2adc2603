package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.qbc.e2e.ConsoleAct.Call;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every act of the console, done by everybody who may and seen by REST; whoever may not is shown no button for it, and
 * is refused by the node when he calls it all the same. Who may write and not read can do nothing here but inject, as
 * he is shown nothing that an act could be about.
 */
@DisplayName("The console and what each role may do")
class ConsoleRolesIT {
    /** As many transactions begin each chain, none of which can be delivered at first. */
    static final int DEAD_LETTERS = 4;

    private static final int WIDE = 1440;
    private static final int REFUSED = 500;
    private static final int TAKEN = 204;
    private static final Map<String, List<String>> ROLES = new LinkedHashMap<>();

    static {
        ROLES.put("reader", List.of("reader"));
        ROLES.put("writer", List.of("reader", "writer"));
        ROLES.put("injector", List.of("writer@own-injector", "writer@votes-injector"));
        ROLES.put("sealer", List.of("reader", "sealer"));
        ROLES.put("auditor", List.of("auditor"));
        ROLES.put("guest", List.of("reader@own-guest", "writer@own-guest", "reader@votes-guest"));
        ROLES.put("steward", List.of("admin@own-steward", "admin@votes-steward"));
        ROLES.put("admin", List.of("admin"));
    }

    @TempDir
    static Path directory;

    private static HttpServer receiver;
    private static NodeProcess node;
    private static NodeProcess other;
    private static Browser browser;
    private static ConsoleCaller root;

    @BeforeAll
    static void begin() throws Exception {
        browser = Browser.open(directory);
        AtomicInteger answer = new AtomicInteger(REFUSED);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(answer.get(), -1);
            }
        });
        receiver.start();
        Plan plan = Plan.in(directory.resolve("node"))
                .environment("QBC_LEAP_AGE", "0s")
                .environment("QBC_ACCESS_MODE", "required")
                .environment("QBC_ACCESS_AUDIT", "true");
        String key = AccessKey.make(plan, "admin");
        node = NodeProcess.launch(plan);
        other = NodeProcess.launch(Plan.in(directory.resolve("other")).environment("QBC_CHAINS_FOLLOW", "none"));
        node.awaitReady();
        root = new ConsoleCaller(node.client(), "admin", List.of("admin"), key);
        ROLES.keySet().forEach(ConsoleRolesIT::fill);
        ROLES.keySet().forEach(ConsoleRolesIT::awaitFilled);
        answer.set(TAKEN);
        other.awaitReady();
    }

    @AfterAll
    static void end() {
        for (AutoCloseable each : new AutoCloseable[] {browser, node, other}) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        if (receiver != null) {
            receiver.stop(0);
        }
    }

    /** Where a node is that is no peer yet. */
    static String otherUrl() {
        return other.url();
    }

    private static ConsoleCaller named(String name, String key) {
        return new ConsoleCaller(node.client(), name, ROLES.get(name), key);
    }

    private static void done(String method, String path, String json) {
        assertThat(root.send(method, path, json).status()).as(path).isBetween(200, 299);
    }

    /** Two chains of a caller's own, who follows one of them, and what does not go together with its tables. */
    private static void fill(String name) {
        ConsoleCaller caller = named(name, "");
        done("POST", "/v1/chains", caller.own("{\"name\":\"OWN\",\"consensus\":{\"engine\":\"dbc\"}}"));
        done("POST", "/v1/chains", caller.own("{\"name\":\"VOTES\",\"consensus\":{\"engine\":\"poa\"}}"));
        for (String data : List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":\"none\"}")) {
            done("POST", caller.own("/v1/chains/OWN/transactions"), "{\"data\":" + data + "}");
        }
        done("POST", caller.own("/v1/chains/OWN/leaps"), "");
        done("POST", caller.own("/v1/chains/OWN/transactions"), "{\"data\":{\"n\":4}}");
        done("PUT", caller.own("/v1/chains/OWN/subscriptions/pulled"), "{}");
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
        done(
                "PUT",
                caller.own("/v1/chains/OWN/subscriptions/hook"),
                "{\"at\":\"head\",\"deliver\":{\"kind\":\"webhook\",\"url\":\"" + url
                        + "\",\"retry\":[\"PT0.01S\"],\"onFailure\":\"dead\"}}");
        done("PUT", caller.own("/v1/projections/TABLES"), ConsoleActs.mapping(caller.chain()));
    }

    private static void awaitFilled(String name) {
        ConsoleCaller caller = named(name, "");
        Await.until(
                "nothing can be delivered to " + name,
                () -> root.get(caller.own("/v1/chains/OWN/subscriptions/hook"))
                                .get("dead")
                                .asInt()
                        == DEAD_LETTERS);
        Await.until(
                "the tables of " + name + " have what fits",
                () -> root.get(caller.own("/v1/projections/TABLES")).get("dead").asInt() == 1);
    }

    private static List<String> names() {
        return List.copyOf(ROLES.keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    @DisplayName("does whatever the role may, and nothing else")
    void everyAct(String name) throws Exception {
        String key = name.equals("admin") ? root.key() : keyOf(name);
        ConsoleCaller caller = named(name, key);
        List<String> faults = new ArrayList<>();
        int done = 0;
        try (BrowserPage page = browser.page()) {
            page.view(WIDE, "light");
            ConsolePage console = new ConsolePage(page, node.url()).as(key);
            for (ConsoleAct act : ConsoleActs.all()) {
                String what = name + ", " + act.name();
                if (!caller.may(act.role(), act.node())) {
                    faults.addAll(refused(console, caller, act, what));
                } else if (caller.may("reader", false) || act.name().equals("inject")) {
                    done++;
                    act(console, caller, act);
                    faults.addAll(ConsoleFaults.of(console, what));
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(done).isPositive();
    }

    private static String keyOf(String name) {
        String roles = String.join("\",\"", ROLES.get(name));
        Answer made = root.send("POST", "/v1/access", "{\"name\":\"" + name + "\",\"roles\":[\"" + roles + "\"]}");
        assertThat(made.status()).as(made.text()).isBetween(200, 299);
        return made.json().get("key").asText();
    }

    private static void act(ConsolePage console, ConsoleCaller caller, ConsoleAct act) throws Exception {
        try {
            console.go(caller.own(act.page()));
            act.does().by(console, caller);
            Await.until(
                    "it is done: " + act.name() + " by " + caller.name(),
                    () -> act.effect().seen(root, caller));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(act.name() + " by " + caller.name() + " on " + caller.own(act.page()), e);
        }
    }

    private static List<String> refused(ConsolePage console, ConsoleCaller caller, ConsoleAct act, String what) {
        List<String> faults = new ArrayList<>();
        console.go(caller.own(act.page()));
        console.buttons().stream()
                .filter(each -> each.matches(act.button()))
                .forEach(each -> faults.add(what + " offers " + each));
        // What a role may not even read a browser notes by itself.
        console.page().complaints().stream()
                .filter(each -> !each.contains("status of 403") && !each.contains("status of 404"))
                .forEach(each -> faults.add(what + ": " + each));
        for (Call call : act.calls()) {
            Answer answer = caller.send(call.method(), caller.own(call.path()), caller.own(call.json()));
            if (answer.status() != 403 || !answer.json().path("code").asText().equals("role_missing")) {
                faults.add(what + ": " + call + " is answered " + answer);
            }
        }
        return faults;
    }
}
