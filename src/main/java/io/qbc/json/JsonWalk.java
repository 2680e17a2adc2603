package io.qbc.json;

import io.qbc.model.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * A walk over a text that the strict reader has passed, value by value. It costs time linear in the text whatever is in
 * it: no number is calculated and no table of names is kept.
 */
public final class JsonWalk extends JsonTokens {
    private final JsonEvents events;

    private JsonWalk(Bytes text, JsonEvents events) {
        super(text);
        this.events = events;
    }

    /** Tells of everything in a text, which must have passed {@link StrictJson}. */
    public static void walk(Bytes strict, JsonEvents events) {
        JsonWalk walk = new JsonWalk(strict, events);
        walk.space();
        walk.value();
        if (walk.fault != null) {
            throw new IllegalArgumentException("the text was not read strictly before: " + walk.fault);
        }
    }

    private void value() {
        if (at == end) {
            fail("the text ends too early");
            return;
        }
        switch (in[at]) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> events.text(text());
            case 't' -> flag("true");
            case 'f' -> flag("false");
            case 'n' -> {
                if (word("null")) {
                    events.nothing();
                }
            }
            default -> spelled();
        }
    }

    private void object() {
        events.openObject();
        at++;
        space();
        if (!next('}')) {
            do {
                space();
                events.name(text());
                space();
                if (!next(':')) {
                    fail("':' is expected");
                }
                space();
                value();
                space();
            } while (fault == null && next(','));
            if (fault == null && !next('}')) {
                fail("',' or '}' is expected");
            }
        }
        events.closeObject();
    }

    private void array() {
        events.openArray();
        at++;
        space();
        if (!next(']')) {
            do {
                space();
                value();
                events.endItem();
                space();
            } while (fault == null && next(','));
            if (fault == null && !next(']')) {
                fail("',' or ']' is expected");
            }
        }
        events.closeArray();
    }

    private String text() {
        if (at == end || in[at] != '"') {
            fail("a string is expected");
            return "";
        }
        int from = at + 1;
        if (!string()) {
            return "";
        }
        String raw = new String(in, from, at - 1 - from, StandardCharsets.UTF_8);
        return escaped ? JsonNames.unescape(raw) : raw;
    }

    private void flag(String word) {
        if (word(word)) {
            events.flag(word.equals("true"));
        }
    }

    private void spelled() {
        int from = at;
        if (number()) {
            events.number(new String(in, from, at - from, StandardCharsets.US_ASCII));
        }
    }
}
