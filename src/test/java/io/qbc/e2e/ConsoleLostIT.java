package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is killed while its console is open, and comes back. */
@DisplayName("The console and a node that is lost")
class ConsoleLostIT {
    private static final int WIDE = 1440;
    private static final int NARROW = 360;
    private static final String LOST =
            "document.querySelector('.lost').textContent.includes('The node does not answer')";

    @TempDir
    Path directory;

    /** What the browser itself writes down of calls that nobody takes. */
    private static List<String> faults(List<String> faults) {
        return faults.stream().filter(each -> !each.contains("net::ERR_")).toList();
    }

    @Test
    @DisplayName("says so on every page that is open, and goes on with each")
    void everyOpenPage() throws Exception {
        try (Browser browser = Browser.open(directory);
                NodeProcess node = NodeProcess.start(Plan.in(directory.resolve("node")))) {
            Map<String, ConsolePage> open = new LinkedHashMap<>();
            Map<String, String> titles = new LinkedHashMap<>();
            for (String address : ConsoleSample.fill(node)) {
                BrowserPage page = browser.page();
                page.view(WIDE, "light");
                page.keepInView();
                open.put(address, new ConsolePage(page, node.url()).open(address));
                page.await("document.title !== 'QBC console'");
                titles.put(address, page.evaluate("document.title").asText());
            }
            node.kill9();
            open.values().forEach(console -> console.page().await(LOST));
            node.restart();
            List<String> faults = new ArrayList<>();
            open.forEach((address, console) -> {
                console.page().await("!" + LOST);
                console.settled().page().await("!document.querySelector('main .failed[role=alert]')");
                assertThat(console.page().evaluate("document.title").asText()).isEqualTo(titles.get(address));
                faults.addAll(faults(ConsoleFaults.of(console, address)));
                console.page().close();
            });
            assertThat(faults).isEmpty();
        }
    }

    @Test
    @DisplayName("says so on every page that is opened meanwhile, and what to do")
    void everyOtherPage() throws Exception {
        try (Browser browser = Browser.open(directory);
                NodeProcess node = NodeProcess.start(Plan.in(directory.resolve("node")));
                BrowserPage page = browser.page()) {
            List<String> pages = ConsoleSample.fill(node);
            page.view(NARROW, "dark");
            ConsolePage console = new ConsolePage(page, node.url()).open("/new");
            node.kill9();
            page.await(LOST);
            List<String> faults = new ArrayList<>();
            for (String address : pages) {
                console.go(address);
                faults.addAll(faults(ConsoleFaults.ofFailed(console, address)));
            }
            console.reads("The node does not answer").reads("this page goes on by itself");
            node.restart();
            page.await("!" + LOST);
            page.await("!document.querySelector('main .failed[role=alert]')");
            faults.addAll(faults(ConsoleFaults.of(console.settled(), "in the end")));
            assertThat(faults).isEmpty();
        }
    }
}
