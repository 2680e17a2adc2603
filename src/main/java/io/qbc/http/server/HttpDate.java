package io.qbc.http.server;

import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A value of the field Date (RFC 9110 section 5.6.7), written once a second. */
final class HttpDate {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final long SECOND_MILLIS = 1000;

    private static volatile HttpDate last = new HttpDate(0);

    private final long second;
    private final CharSequence text;

    private HttpDate(long second) {
        this.second = second;
        this.text = HttpHeaders.createOptimized(FORM.format(Instant.ofEpochSecond(second)));
    }

    static CharSequence at(long millis) {
        long second = millis / SECOND_MILLIS;
        HttpDate known = last;
        if (known.second != second) {
            known = new HttpDate(second);
            last = known;
        }
        return known.text;
    }
}
