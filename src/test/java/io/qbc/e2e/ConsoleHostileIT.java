package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that try to be more, on every page: they are shown as texts, and break nothing. */
@DisplayName("The console and hostile texts")
class ConsoleHostileIT {
    private static final int WIDE = 1440;
    private static final int NARROW = 360;
    private static final int FOLDS_ROUNDS = 4;
    private static final int NAME_MAX = 64;
    private static final String FAILED = "document.querySelector('main .failed')";

    @TempDir
    static Path directory;

    private static HostileNode node;
    private static Browser browser;

    @BeforeAll
    static void begin() throws Exception {
        browser = Browser.open(directory);
        node = HostileNode.start(Plan.in(directory.resolve("node")));
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (node != null) {
            node.close();
        }
    }

    /** What is done on a page, at each width, with what is wrong. */
    private interface Look {
        void at(ConsolePage console, String where, List<String> faults) throws Exception;
    }

    private static void look(List<String> pages, Look look) throws Exception {
        List<String> faults = new ArrayList<>();
        try (BrowserPage page = browser.page()) {
            page.view(WIDE, "light");
            ConsolePage console = new ConsolePage(page, node.url()).open("/");
            for (int width : new int[] {WIDE, NARROW}) {
                page.view(width, "light");
                for (String address : pages) {
                    console.go(address);
                    look.at(console, address + " at " + width, faults);
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    @DisplayName("shows them as text on every page")
    void everyPage() throws Exception {
        look(node.pages(), (console, where, faults) -> faults.addAll(ConsoleFaults.of(console, where)));
    }

    @Test
    @DisplayName("says as text that there is no such thing")
    void everyFailure() throws Exception {
        look(node.failing(), (console, where, faults) -> {
            // What the node refuses a browser writes down by itself.
            ConsoleFaults.ofFailed(console, where).stream()
                    .filter(each -> !each.contains("the server responded with a status of 4"))
                    .forEach(faults::add);
        });
    }

    @Test
    @DisplayName("shows payloads unfolded, raw and hashed, whatever they are")
    void payloads() throws Exception {
        List<String> pages = node.transactions().stream()
                .map(id -> "/chains/main/transactions/" + id)
                .toList();
        look(pages, (console, where, faults) -> {
            for (int i = 0; i < FOLDS_ROUNDS; i++) {
                console.page()
                        .evaluate("[...document.querySelectorAll('main .fold[aria-expanded=false]')].slice(0, 60)"
                                + ".forEach(each => each.click())");
                console.settled();
            }
            faults.addAll(ConsoleFaults.of(console, where + " unfolded"));
            console.press("Raw");
            if (console.offers("Show the rest")) {
                console.press("Show the rest");
            }
            faults.addAll(ConsoleFaults.of(console, where + " raw"));
            console.press("Calculate in this browser").reads("Hash it with the prefix of a leaf");
            if (console.text().contains("differs from what the node says")) {
                faults.add(where + " is not hashed as the node does it");
            }
            faults.addAll(ConsoleFaults.of(console, where + " hashed"));
        });
    }

    @Test
    @DisplayName("shows the very characters")
    void everyCharacter() throws Exception {
        try (BrowserPage page = browser.page()) {
            page.view(WIDE, "light");
            ConsolePage console = new ConsolePage(page, node.url());
            console.open("/chains/main/transactions/" + node.transactions().get(0));
            console.reads("note: \"" + HostileTexts.MARKUP + "\"");
            console.go("/projections/notes?table=note")
                    .reads(HostileTexts.MARKUP)
                    .reads(HostileTexts.ENTITY);
            console.reads("\\u202egnp.exe\\u202c");
            console.go("/chains/ruled").reads(HostileTexts.CLOSING).reads("\\u202egnp.exe");
            console.go("/peers").reads(HostileTexts.MARKUP).reads("\\u202egnp.exe");
            console.go("/subscriptions/main/filtered").reads(HostileTexts.MARKUP.replace("\"", "\\\""));
            node.take();
            console.go("/subscriptions/main/taken").reads(HostileTexts.MARKUP);
            // What a receiver answers stands in capitals in what the node says of it.
            console.go("/subscriptions/main/hook").reads("<SVG/ONLOAD=WINDOW.TAKEN=3>");
            console.go("/subscriptions/main/dead").reads("<SVG/ONLOAD=WINDOW.TAKEN=3>");
            console.go("/projections/odd").reads("stopped").reads("<img src=x onerror=window.taken=1>");
            console.go("/").reads("projection_stopped").reads("subscription_disabled");
            assertThat(ConsoleFaults.of(console, "in the end")).isEmpty();
        }
    }

    @Test
    @DisplayName("says as text what is not taken from a form")
    void forms() throws Exception {
        List<String> faults = new ArrayList<>();
        try (BrowserPage page = browser.page()) {
            ConsolePage console = new ConsolePage(page, node.url()).open("/");
            for (int width : new int[] {WIDE, NARROW}) {
                page.view(width, "light");
                for (String text : HostileTexts.ALL) {
                    String where = text + " in a form at " + width;
                    fill(console, text);
                    ConsoleFaults.ofFailed(console, where).stream()
                            .filter(each -> !each.contains("the server responded with a status of 4"))
                            .forEach(faults::add);
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    private static void fill(ConsolePage console, String text) {
        String shown = HostileTexts.shown(text).strip();
        // The field takes no more.
        String name = text.substring(0, Math.min(text.length(), NAME_MAX));
        console.go("/new")
                .fill("Description", text)
                .fill("Rules (optional)", text)
                .reads("JSON");
        console.fill("Rules (optional)", "").fill("Name", name);
        console.press("Make " + HostileTexts.shown(name).strip()).reads("400");
        console.go("/inject?chain=main")
                .fill("Type (optional)", text)
                .fill("Data", text)
                .reads("JSON");
        for (String kind : List.of("Java", "Event bus", "curl")) {
            console.press(kind);
        }
        console.fill("Type (optional)", "").fill("Data", HostileTexts.LONE).press("Inject into main");
        console.reads("json_invalid");
        console.go("/subscriptions/main").fill("Name", text).press("Subscribe " + shown);
        console.page().await(FAILED);
        console.go("/projections").fill("Name", text).press("Begin " + shown);
        console.page().await(FAILED);
        console.go("/peers")
                .fill("Identity key or IP address", text)
                .fill("Why", text)
                .press("Ban");
        console.page().await(FAILED);
        console.go("/access").fill("Name", text).press("Make a key for " + shown + " as reader");
        console.page().await(FAILED);
    }
}
