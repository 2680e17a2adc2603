package io.qbc.http.server;

import io.qbc.api.Answer;
import io.qbc.api.Problems;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The media types that a caller accepts (RFC 9110 section 12.5.1), and the one in which it sends. */
public final class MediaTypes {
    public static final String NDJSON = "application/x-ndjson";
    public static final String CSV = "text/csv; charset=utf-8";
    public static final String EVENTS = "text/event-stream";
    public static final String CBOR = "application/cbor";
    public static final String PICKLE = "application/x-python-pickle";
    public static final String FORM = "application/x-www-form-urlencoded";
    public static final String BYTES = "application/octet-stream";
    public static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private MediaTypes() {}

    /** The best of the offered forms, the first of them where the caller prefers none; empty if none is acceptable. */
    public static Optional<String> choose(String accept, List<String> offers) {
        String best = null;
        double quality = 0;
        for (String offer : offers) {
            double q = quality(accept, essence(offer));
            if (q > quality) {
                best = offer;
                quality = q;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The type without parameters, in lower case. */
    public static String essence(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Whether an answer of this type is one JSON value. */
    static boolean isJson(String type) {
        return type.equals(Answer.JSON) || type.equals(Problems.TYPE);
    }

    /** Whether the parameters name another character set than UTF-8. */
    static boolean foreignCharset(String type) {
        int at = type.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return false;
        }
        String charset = type.substring(at + 8).replace("\"", "").strip();
        return !charset.regionMatches(true, 0, "utf-8", 0, 5) && !charset.regionMatches(true, 0, "utf8", 0, 4);
    }

    /** How much the caller likes a type, from 0 to 1. */
    static double quality(String accept, String type) {
        double quality = 0;
        int precision = -1;
        for (String range : accept.split(",", -1)) {
            String wanted = essence(range);
            int matched = precision(wanted, type);
            if (matched > precision) {
                precision = matched;
                quality = weight(range);
            }
        }
        return quality;
    }

    private static int precision(String wanted, String type) {
        if (wanted.equals(type)) {
            return 2;
        }
        if (wanted.endsWith("/*") && type.startsWith(wanted.substring(0, wanted.length() - 1))) {
            return 1;
        }
        return wanted.equals("*/*") ? 0 : -1;
    }

    private static double weight(String range) {
        int at = range.toLowerCase(Locale.ROOT).indexOf(";q=");
        at = at >= 0 ? at : range.toLowerCase(Locale.ROOT).indexOf("; q=") + 1;
        if (at <= 0) {
            return 1;
        }
        String digits = range.substring(at + 3);
        int end = digits.indexOf(';');
        try {
            return Double.parseDouble((end < 0 ? digits : digits.substring(0, end)).strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Refuses a body in another form than those that are taken, or in another character set than UTF-8. */
    public static void refuseForeign(Exchange exchange, String list, String... taken) {
        Optional<String> type = exchange.header(HttpHeaders.CONTENT_TYPE);
        if (type.isEmpty()) {
            return;
        }
        boolean known = List.of(taken).contains(essence(type.get()));
        if (!known || foreignCharset(type.get())) {
            throw new Failure(Reason.MEDIA_TYPE_UNSUPPORTED, "taken are " + list + " in UTF-8");
        }
    }
}
