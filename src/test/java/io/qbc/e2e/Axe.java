package io.qbc.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The library that judges whether pages are accessible, from its jar. */
final class Axe {
    /** Of the version that the build names. */
    private static final String FILE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private Axe() {}

    /** Gives it to a page, until that is loaded anew. */
    static void load(BrowserPage page) throws IOException {
        try (InputStream in = Axe.class.getResourceAsStream(FILE)) {
            page.evaluate(new String(in.readAllBytes(), StandardCharsets.UTF_8) + "; true");
        }
    }

    /** What is seriously wrong for who cannot see well, or uses no mouse. */
    static List<String> judge(BrowserPage page) {
        List<String> faults = new ArrayList<>();
        page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(all => all.violations"
                        + ".filter(each => ['serious', 'critical'].includes(each.impact))"
                        + ".map(each => each.id + ' ' + each.nodes.slice(0, 3).map(node => node.html).join(' ')))")
                .forEach(each -> faults.add(each.asText()));
        return faults;
    }
}
