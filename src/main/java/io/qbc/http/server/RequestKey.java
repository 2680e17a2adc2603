package io.qbc.http.server;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;

/** The header field Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a quoted string, or a bare word. */
public final class RequestKey {
    private static final CharSequence FIELD = HttpHeaders.createOptimized("idempotency-key");

    private RequestKey() {}

    /** The key; empty without the field. */
    public static Optional<String> of(Exchange exchange) {
        if (exchange.header(FIELD).isEmpty()) {
            return Optional.empty();
        }
        List<String> values = exchange.headers(FIELD);
        if (values.size() != 1) {
            throw new Failure(Reason.KEY_INVALID, "there must be one Idempotency-Key");
        }
        return Optional.of(parse(values.get(0).strip()));
    }

    public static String parse(String value) {
        if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new Failure(Reason.KEY_INVALID, "an Idempotency-Key has printable ASCII characters only");
        }
        return value.startsWith("\"") ? quoted(value) : bare(value);
    }

    private static String bare(String value) {
        if (value.isEmpty() || value.indexOf('"') >= 0 || value.indexOf(' ') >= 0) {
            throw new Failure(Reason.KEY_INVALID, "an Idempotency-Key is a quoted string or one word");
        }
        return value;
    }

    private static String quoted(String value) {
        StringBuilder key = new StringBuilder(value.length());
        int end = value.length() - 1;
        for (int i = 1; i < end; i++) {
            char c = value.charAt(i);
            boolean escape = c == '\\' && i + 1 < end && "\"\\".indexOf(value.charAt(i + 1)) >= 0;
            if (escape) {
                c = value.charAt(++i);
            } else if (c == '"' || c == '\\') {
                throw new Failure(Reason.KEY_INVALID, "the quoted string is malformed");
            }
            key.append(c);
        }
        if (end < 1 || value.charAt(end) != '"') {
            throw new Failure(Reason.KEY_INVALID, "the quoted string does not end");
        }
        return key.toString();
    }
}
