package io.qbc.http.server;

import io.qbc.api.WaitTime;
import io.qbc.config.NodeConfig;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

/** How long a caller waits: by the header field Prefer (RFC 7240), or by {@code wait} in the query. */
public final class Preference {
    private static final CharSequence FIELD = HttpHeaders.createOptimized("prefer");

    private Preference() {}

    /** How long the caller is willing to wait, at most {@code most}; empty if it does not say, or says nonsense. */
    public static Optional<WaitTime> wait(Exchange exchange, Duration most) {
        if (exchange.header(FIELD).isEmpty()) {
            return Optional.empty();
        }
        for (String field : exchange.headers(FIELD)) {
            for (String preference : field.split("[,;]", -1)) {
                Optional<Duration> wait = wait(preference.strip(), most);
                if (wait.isPresent()) {
                    exchange.untimed();
                    return wait.map(time -> new WaitTime(time, exchange::whenOver));
                }
            }
        }
        return Optional.empty();
    }

    /** Says in the answer that the caller's wish was heard. */
    public static void applied(Exchange exchange, WaitTime time) {
        exchange.response()
                .headers()
                .set("Preference-Applied", "wait=" + time.most().toSeconds());
    }

    /** The same of a read, whose query has {@code wait=5s}, {@code wait=500ms} or {@code wait=5}; nonsense fails. */
    public static Optional<WaitTime> queried(Exchange exchange, Duration most) {
        Optional<String> text = exchange.query("wait");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Duration wait = WaitTime.read(text.get());
        exchange.untimed();
        return wait.isZero()
                ? Optional.empty()
                : Optional.of(new WaitTime(wait.compareTo(most) < 0 ? wait : most, exchange::whenOver));
    }

    /** A connection on which nothing moves is closed, so nobody may wait longer than most of that time. */
    public static Duration most(NodeConfig.Http http) {
        Duration idle = http.idleTimeout().multipliedBy(4).dividedBy(5);
        return http.waitMax().compareTo(idle) < 0 ? http.waitMax() : idle;
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
