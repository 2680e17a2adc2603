package io.qbc.http.server;

import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

/** The header field Prefer (RFC 7240), of which {@code wait} is understood. */
public final class Preference {
    private static final CharSequence FIELD = HttpHeaders.createOptimized("prefer");

    private Preference() {}

    /** How long the caller is willing to wait, at most {@code most}; empty if it does not say, or says nonsense. */
    public static Optional<Duration> wait(Exchange exchange, Duration most) {
        if (exchange.header(FIELD).isEmpty()) {
            return Optional.empty();
        }
        for (String field : exchange.headers(FIELD)) {
            for (String preference : field.split("[,;]", -1)) {
                Optional<Duration> wait = wait(preference.strip(), most);
                if (wait.isPresent()) {
                    return wait;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Duration> wait(String preference, Duration most) {
        int equals = preference.indexOf('=');
        if (equals < 0 || !preference.substring(0, equals).strip().equalsIgnoreCase("wait")) {
            return Optional.empty();
        }
        String digits = preference.substring(equals + 1).replace("\"", "").strip();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        long seconds = digits.length() > 9 ? most.toSeconds() : Math.min(Long.parseLong(digits), most.toSeconds());
        return seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
    }
}
