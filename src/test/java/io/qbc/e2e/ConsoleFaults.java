package io.qbc.e2e;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a page of the console that is shown. */
final class ConsoleFaults {
    /** Elements and attributes by which a text would be more than a text. */
    private static final String MADE = "[...document.querySelectorAll('main script, main iframe, main img, main object,"
            + " main embed, main base, main style, main template')].map(each => each.outerHTML.slice(0, 200)).concat("
            + "[...document.querySelectorAll('*')].flatMap(each => [...each.attributes])"
            + ".filter(each => /^on/i.test(each.name) || /^\\s*(javascript|vbscript|data:text)/i.test(each.value)"
            + " && /^(href|src|action|formaction|xlink:href)$/i.test(each.name))"
            + ".map(each => each.name + '=' + each.value.slice(0, 200)))";
    /** Texts that turn the direction of what follows; what somebody types himself is his own. */
    private static final String TURNED = "(() => { const found = [];"
            + " const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);"
            + " while (walk.nextNode())"
            + " if (/[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]/.test(walk.currentNode.data)"
            + " && !walk.currentNode.parentElement.closest('textarea, option'))"
            + " found.push(walk.currentNode.parentElement.outerHTML.slice(0, 200)); return found; })()";

    private ConsoleFaults() {}

    /** Whatever is wrong; where it is is said with each. */
    static List<String> of(ConsolePage console, String where) {
        List<String> faults = new ArrayList<>(ofFailed(console, where));
        if (!console.page()
                .evaluate("!document.querySelector('main .failed[role=alert]')")
                .asBoolean()) {
            faults.add(where + " fails: " + console.text());
        }
        return faults;
    }

    /** The same for a page that rightly says that something failed. */
    static List<String> ofFailed(ConsolePage console, String where) {
        List<String> faults = new ArrayList<>();
        BrowserPage page = console.page();
        page.complaints().forEach(each -> faults.add(where + ": " + each));
        long over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                .asLong();
        if (over > 0) {
            faults.add(where + " is " + over + " pixels too wide: " + widest(page));
        }
        if (!page.evaluate("typeof window.taken").asText().equals("undefined")) {
            faults.add(where + " runs what it shows: " + page.evaluate("window.taken"));
        }
        page.evaluate(MADE).forEach(each -> faults.add(where + " makes of what it shows: " + each.asText()));
        page.evaluate(TURNED).forEach(each -> faults.add(where + " lets text turn its direction: " + each.asText()));
        return faults;
    }

    private static String widest(BrowserPage page) {
        return page.evaluate("[...document.querySelectorAll('body *')]"
                        + ".filter(each => !each.closest('.scroll, pre, .code')"
                        + " && each.getBoundingClientRect().right > innerWidth + 1).slice(-3)"
                        + ".map(each => each.outerHTML.slice(0, 160)).join(' ')")
                .asText();
    }
}
