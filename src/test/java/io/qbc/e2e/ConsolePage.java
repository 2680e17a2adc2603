package io.qbc.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The console as somebody uses it: by the names of its fields and buttons, and by what can be read. */
final class ConsolePage {
    /** A page is there when its question is, and nothing on it is being read. */
    static final String SETTLED = "document.querySelector('main h1')"
            + " && document.querySelector('main h1').textContent.trim()"
            + " && !document.querySelector('main .loading')";

    private static final int TABS_MAX = 200;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT =
            "(document.querySelector('main').innerText + ' ' + [...document.querySelectorAll('main textarea')]"
                    + ".map(each => each.value).join(' '))";

    private final BrowserPage page;
    private final String url;

    ConsolePage(BrowserPage page, String url) {
        this.page = page;
        this.url = url;
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads the console anew at an address of it. */
    ConsolePage open(String address) {
        page.open("about:blank");
        page.open(url + "/console/#" + address);
        return settled();
    }

    /** Goes to an address without loading anything anew, so that a credential is kept, and waits until it is drawn. */
    ConsolePage go(String address) {
        page.evaluate("new Promise(done => { const before = location.hash;"
                + " const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => done()));"
                + " addEventListener('hashchange', drawn, {once: true}); location.hash = " + quoted(address)
                + "; if (location.hash === before) drawn(); })");
        page.await("decodeURI(location.hash) === decodeURI(" + quoted("#" + address) + ")");
        return settled();
    }

    ConsolePage settled() {
        page.await(SETTLED);
        return this;
    }

    /** Loads the console and shows it a key. */
    ConsolePage as(String key) {
        page.open("about:blank");
        page.open(url + "/console/");
        page.await("document.querySelector('input[type=password]')");
        page.evaluate("document.querySelector('input[type=password]').focus()");
        page.call("Input.insertText", Map.of("text", key));
        page.await("document.querySelector('input[type=password]').value");
        page.evaluate("document.querySelector('input[type=password]').form.requestSubmit()");
        page.await("!document.querySelector('input[type=password]')");
        return settled();
    }

    private static String field(String label) {
        return "[...document.querySelectorAll('main label')].filter(each => each.textContent.replace(/\\s*\\?$/, '')"
                + ".trim() === " + quoted(label) + ").map(each => document.getElementById(each.htmlFor)"
                + " || each.querySelector('input'))[0]";
    }

    /** Writes into the field of this label, in place of what is there. */
    ConsolePage fill(String label, String text) {
        page.await(field(label));
        page.evaluate("(() => { const one = " + field(label) + "; one.focus(); one.select(); })()");
        page.call("Input.insertText", Map.of("text", text));
        page.await(field(label) + ".value === " + quoted(text));
        return this;
    }

    /** Chooses one of the values of the field of this label. */
    ConsolePage choose(String label, String value) {
        page.await("[..." + field(label) + ".options].some(each => each.value === " + quoted(value) + ")");
        page.evaluate("(() => { const one = " + field(label) + "; one.value = " + quoted(value)
                + "; one.dispatchEvent(new Event('change', {bubbles: true})); })()");
        return this;
    }

    private static String button(String name) {
        return "[...document.querySelectorAll('main button, main a.button, main summary')].filter(each =>"
                + " each.textContent.trim() === " + quoted(name) + " && !each.disabled)[0]";
    }

    /** Presses the button of this name, as soon as it can be pressed. */
    ConsolePage press(String name) {
        page.await(button(name));
        page.evaluate(button(name) + ".click()");
        return this;
    }

    /** Presses Tab until the focus is in the first of the page that can be chosen so. */
    ConsolePage tabTo(String selector) {
        String there = "document.activeElement === document.querySelector(" + quoted("main " + selector) + ")";
        page.await("document.querySelector(" + quoted("main " + selector) + ")");
        for (int i = 0; i < TABS_MAX && !page.evaluate(there).asBoolean(); i++) {
            page.press("Tab");
        }
        page.await(there);
        return this;
    }

    /** Whether there is such a button that can be pressed. */
    boolean offers(String name) {
        return page.evaluate("Boolean(" + button(name) + ")").asBoolean();
    }

    /** What the buttons say, those among them that cannot be pressed now. */
    List<String> buttons() {
        List<String> found = new ArrayList<>();
        page.evaluate("[...document.querySelectorAll('main button, main a.button')]"
                        + ".map(each => each.textContent.trim())")
                .forEach(each -> found.add(each.asText()));
        return found;
    }

    /** Presses the button of this name in the row of a table in which this can be read. */
    ConsolePage pressIn(String row, String name) {
        String found = "[...document.querySelectorAll('main tbody tr')].filter(each => each.textContent.includes("
                + quoted(row) + ")).flatMap(each => [...each.querySelectorAll('button')]).filter(each =>"
                + " each.textContent.trim() === " + quoted(name) + " && !each.disabled)[0]";
        page.await(found);
        page.evaluate(found + ".click()");
        return this;
    }

    /** Ticks the box of this label, or takes its tick away. */
    ConsolePage tick(String label) {
        page.await(field(label));
        page.evaluate(field(label) + ".click()");
        return this;
    }

    /** Waits until this can be read. */
    ConsolePage reads(String text) {
        page.await(TEXT + ".includes(" + quoted(text) + ")");
        return this;
    }

    /** Waits until this cannot be read any more. */
    ConsolePage readsNo(String text) {
        page.await("!" + TEXT + ".includes(" + quoted(text) + ")");
        return this;
    }

    String text() {
        return page.evaluate(TEXT).asText();
    }

    BrowserPage page() {
        return page;
    }
}
