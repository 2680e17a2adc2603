package io.qbc.projection.query;

import java.util.Locale;

/**
 * A token of a query.
 *
 * @param text a word as it is spelled, a quoted name or a text without its quotes
 * @param at where it begins
 */
record SqlToken(Kind kind, String text, int at) {
    enum Kind {
        WORD,
        QUOTED,
        TEXT,
        NUMBER,
        PARAMETER,
        SYMBOL
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** Whether it is this word, given in upper case, without quotes. */
    boolean word(String upper) {
        return kind == Kind.WORD && upper.equals(upper());
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED;
    }

    String upper() {
        return text.toUpperCase(Locale.ROOT);
    }
}
