package io.qbc.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** The path below which callers see a node that stands behind a reverse proxy: {@code /ledger}, or nothing. */
public final class BasePath {
    private static final int CHARS_MAX = 200;
    private static final Pattern FORM = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*");

    private BasePath() {}

    /** Reads one, with or without a slash at its end; nothing if it has another form. */
    public static Optional<String> read(String text) {
        String path = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        boolean formed = path.length() <= CHARS_MAX && FORM.matcher(path).matches();
        return formed ? Optional.of(path) : Optional.empty();
    }

    static void require(String key, String path) {
        if (!read(path).equals(Optional.of(path))) {
            throw new ConfigException(key + " must be like /ledger, without a slash at its end, but is '" + path + "'");
        }
    }
}
