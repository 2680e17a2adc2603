package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon something is to be seen, and how much comes over the wire. Times are written down and judge nothing. */
@DisplayName("The first paint of the console")
class ConsolePaintIT {
    private static final int WIDE = 1440;
    private static final int LOADS = 10;
    private static final long WIRE_BYTES_MAX = 600_000;
    private static final Path FIGURES = Path.of("target", "console-paint.txt");

    @TempDir
    Path directory;

    private static double paint(BrowserPage page, String name) {
        page.await("performance.getEntriesByName('" + name + "').length");
        return page.evaluate("performance.getEntriesByName('" + name + "')[0].startTime")
                .asDouble();
    }

    private static String said(String what, List<Double> millis) {
        Collections.sort(millis);
        return "%s: median %.0f ms, most %.0f ms%n"
                .formatted(what, millis.get(millis.size() / 2), millis.get(millis.size() - 1));
    }

    @Test
    @DisplayName("is written down, and every page is small")
    void everyPage() throws Exception {
        try (Browser browser = Browser.open(directory);
                NodeProcess node = NodeProcess.start(Plan.in(directory.resolve("node")));
                BrowserPage page = browser.page()) {
            List<String> pages = ConsoleSample.fill(node);
            page.view(WIDE, "light");
            ConsolePage console = new ConsolePage(page, node.url());
            List<Double> first = new ArrayList<>();
            List<Double> content = new ArrayList<>();
            List<Double> whole = new ArrayList<>();
            for (int i = 0; i < LOADS; i++) {
                console.open("/");
                whole.add(page.evaluate("performance.now()").asDouble());
                first.add(paint(page, "first-paint"));
                content.add(paint(page, "first-contentful-paint"));
            }
            long most = 0;
            for (String address : pages) {
                long before = page.received();
                console.open(address);
                most = Math.max(most, page.received() - before);
            }
            Files.writeString(
                    FIGURES,
                    "/console/ on loopback, " + LOADS + " loads without a cache\n" + said("first paint", first)
                            + said("first contentful paint", content) + said("settled, seen from the test", whole)
                            + "over the wire, the largest page: " + most + " bytes\n");
            assertThat(most).isPositive().isLessThan(WIRE_BYTES_MAX);
            assertThat(page.complaints()).isEmpty();
        }
    }
}
