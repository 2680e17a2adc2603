package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that are there and do not answer, in the console. */
@DisplayName("The console and peers that stand still")
class ConsolePeersIT {
    private static final int WIDE = 1440;
    private static final int NARROW = 360;

    @TempDir
    Path directory;

    /** What is done in a browser. */
    private interface Visit {
        void by(ConsolePage console) throws Exception;
    }

    private void visit(NodeProcess node, Visit visit) throws Exception {
        try (Browser browser = Browser.open(directory);
                BrowserPage page = browser.page()) {
            page.view(WIDE, "light");
            visit.by(new ConsolePage(page, node.url()));
        }
    }

    private static List<String> faults(ConsolePage console, String... addresses) {
        List<String> faults = new ArrayList<>();
        for (String address : addresses) {
            for (int width : new int[] {WIDE, NARROW}) {
                console.page().view(width, "light");
                console.go(address);
                faults.addAll(ConsoleFaults.of(console, address + " at " + width));
            }
        }
        console.page().view(WIDE, "light");
        return faults;
    }

    @Test
    @DisplayName("are said, with what waits for them, until they go on")
    void standsStill() throws Exception {
        try (Network network = Network.start(directory, 3, plan -> plan.environment("QBC_LEAP_AGE", "300ms"))) {
            NodeProcess peer = network.node(1);
            String key = network.key(1);
            network.make("needy", "{\"engine\":\"dbc\",\"participants\":[\"" + key + "\"]}");
            ChainClient needy = network.chain(0, "needy");
            visit(network.node(0), console -> {
                console.open("/peers").reads("2 live of 2.");
                console.go("/peers?chain=needy").reads("Heights of needy");
                console.page().await("document.querySelectorAll('main td .faint').length >= 2");
                console.go("/").reads("All is well");
                peer.halt();
                needy.injected("{\"waits\":true}");
                console.go("/peers").reads("1 live of 2.");
                console.page()
                        .await("[...document.querySelectorAll('main tbody tr')].some(each => each.textContent"
                                + ".includes('" + peer.url() + "') && each.textContent.includes('away'))");
                console.page()
                        .await("document.querySelector('main svg.picture').getAttribute('aria-label')"
                                + " === '1 of 2 peers are live'");
                console.go("/")
                        .reads("Something is to be watched")
                        .reads("1 of 2 do not answer")
                        .reads("peers_away");
                console.reads("Something needs you").reads("chain_stalled").reads("Start those nodes");
                console.go("/chains/needy?tab=consensus").reads("waits for").reads(key.substring(0, 8));
                assertThat(faults(console, "/", "/peers", "/chains/needy?tab=consensus"))
                        .isEmpty();
                peer.goOn();
                console.go("/peers").reads("2 live of 2.");
                console.go("/").reads("All is well").readsNo("chain_stalled").readsNo("peers_away");
                console.go("/chains/needy?tab=consensus").reads("It waits for nothing");
                assertThat(needy.height()).isEqualTo(1);
                assertThat(faults(console, "/", "/peers")).isEmpty();
            });
        }
    }

    @Test
    @DisplayName("are said although they take every call")
    void neverAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "http://127.0.0.1:" + silent.getLocalPort();
            try (NodeProcess node =
                    NodeProcess.start(Plan.in(directory.resolve("node")).peer(address))) {
                visit(node, console -> {
                    console.open("/peers").reads("0 live of 1.").reads(address).reads("away");
                    console.reads("timeout period");
                    console.go("/").reads("1 of 1 do not answer").reads("peers_away");
                    console.page().await("document.querySelector('main .alarm a').getAttribute('href') === '#/peers'");
                    assertThat(faults(console, "/", "/peers")).isEmpty();
                });
            }
        }
    }
}
