package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console without a mouse. */
@DisplayName("The console by the keyboard alone")
class ConsoleKeyboardIT {
    private static final int WIDE = 1440;
    private static final int TABS_MAX = 400;

    /** In an order in which each leads to another page. */
    private static final Map<String, String> JUMPS = new TreeMap<>(Map.of(
            "o",
            "/",
            "c",
            "/chains",
            "s",
            "/search",
            "i",
            "/inject",
            "a",
            "/analytics",
            "n",
            "/new",
            "p",
            "/peers",
            "j",
            "/projections",
            "u",
            "/subscriptions",
            "k",
            "/access"));

    /** Whatever can be chosen and is to be seen; of a group of choices one stands for all. */
    private static final String REACHABLE = "[...document.querySelectorAll('a[href], button, input, select, textarea,"
            + " summary, [tabindex=\"0\"]')].filter(each => !each.disabled && each.checkVisibility()"
            + " && !(each.type === 'radio' && !each.checked))";

    /** Where the focus is: whether it can be seen that it is there, and whether something lies over it. */
    private static final String STEP = """
            (() => {
              const at = document.activeElement;
              if (at === document.body) return {end: true};
              // A date is one field with several stops, of which the browser itself shows where it is.
              const inside = at === window.latest;
              const again = window.reached.has(at) && !inside;
              window.reached.add(at);
              window.latest = at;
              const style = getComputedStyle(at);
              const marked = inside || at.matches(':focus-visible')
                && (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== 'none');
              const box = at.getBoundingClientRect();
              const upper = Math.max(box.top, 0);
              const lower = Math.min(box.bottom, innerHeight);
              let seen = false;
              for (let i = 0; i <= 8 && !seen; i++) {
                for (let j = 0; j <= 4 && !seen; j++) {
                  const x = box.left + 1 + (box.width - 2) * i / 8;
                  const y = upper + 1 + (lower - upper - 2) * j / 4;
                  const top = document.elementFromPoint(x, y);
                  seen = top && (at.contains(top) || top.contains(at) && top !== document.body);
                }
              }
              return {again, marked, seen, what: at.outerHTML.slice(0, 160)};
            })()""";

    @TempDir
    Path directory;

    /** What is done in a browser at a node with a little of everything. */
    private interface Visit {
        void at(List<String> pages, ConsolePage console) throws Exception;
    }

    private void visit(Visit visit) throws Exception {
        try (Browser browser = Browser.open(directory);
                NodeProcess node = NodeProcess.start(Plan.in(directory.resolve("node")));
                BrowserPage page = browser.page()) {
            List<String> pages = ConsoleSample.fill(node);
            page.view(WIDE, "light");
            visit.at(pages, new ConsolePage(page, node.url()));
            assertThat(page.complaints()).isEmpty();
        }
    }

    @Test
    @DisplayName("leads to every page, and to everything on it, and shows where one is")
    void everywhere() throws Exception {
        visit((pages, console) -> {
            List<String> faults = new ArrayList<>();
            console.open("/");
            for (String address : pages) {
                console.go(address);
                faults.addAll(walk(console.page(), address));
            }
            assertThat(faults).isEmpty();
        });
    }

    private static List<String> walk(BrowserPage page, String where) {
        List<String> faults = new ArrayList<>();
        page.evaluate("window.reached = new Set(); window.latest = null;"
                + " document.querySelector('a.skip').focus(); true");
        for (int i = 0; i < TABS_MAX; i++) {
            JsonNode step = page.evaluate(STEP);
            if (step.path("end").asBoolean() || step.path("again").asBoolean()) {
                break;
            }
            if (i > 0 && !step.get("marked").asBoolean()) {
                faults.add(where + " does not show the focus at "
                        + step.get("what").asText());
            }
            if (i > 0 && !step.get("seen").asBoolean()) {
                faults.add(where + " hides the focus at " + step.get("what").asText());
            }
            page.press("Tab");
        }
        page.evaluate(REACHABLE
                        + ".filter(each => !window.reached.has(each)).map(each => each.outerHTML.slice(0, 160))")
                .forEach(each -> faults.add(where + " does not lead to " + each.asText()));
        return faults;
    }

    @Test
    @DisplayName("jumps, searches, lists its keys, skips and copies")
    void keys() throws Exception {
        visit((pages, console) -> {
            BrowserPage page = console.open("/").page();
            JUMPS.forEach((key, address) -> {
                page.press("g");
                page.press(key);
                page.await("location.hash === '#" + address + "'");
                console.settled();
                page.await("document.activeElement === document.querySelector('main h1')");
            });
            page.press("/");
            page.await("document.activeElement.id === 'search'");
            page.type("gc?main");
            page.await("document.querySelector('#search').value === 'gc?main'");
            page.await("!document.querySelector('dialog')");
            page.press("Escape");
            page.await("document.activeElement === document.body");
            page.press("?");
            page.await("document.querySelector('dialog[open]').contains(document.activeElement)");
            page.press("Escape");
            page.await("!document.querySelector('dialog')");
            console.open("/chains/main/quants/1");
            page.press("Tab");
            page.await("document.activeElement.matches('a.skip:focus-visible')");
            page.press("Enter");
            page.await("document.querySelector('main').contains(document.activeElement)");
            console.tabTo("[data-hash]");
            page.press("c");
            page.await("document.querySelector('.said').textContent.trim()");
        });
    }

    @Test
    @DisplayName("injects, unfolds and goes back")
    void acts() throws Exception {
        visit((pages, console) -> {
            BrowserPage page = console.open("/inject?chain=main").page();
            console.tabTo("form button.main");
            page.press("Enter");
            console.tabTo(".made a.hash");
            page.press("Enter");
            page.await("location.hash.startsWith('#/chains/main/transactions/')");
            console.settled().tabTo("button.fold[aria-expanded]");
            page.press("Enter");
            page.await("document.querySelector('main button.fold').getAttribute('aria-expanded') === 'false'");
            page.evaluate("history.back()");
            page.await("location.hash === '#/inject?chain=main'");
            console.settled();
        });
    }
}
