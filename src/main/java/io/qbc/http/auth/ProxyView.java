package io.qbc.http.auth;

import io.qbc.config.BasePath;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A view of a request as its caller sees it, as a proxy that is believed tells: of several values the last one, which
 * the proxy that is nearest wrote.
 *
 * @param scheme by which the caller came, {@code http} or {@code https}
 * @param host what the caller knows the node as
 * @param prefix of the path by which the caller knows the node, where the proxy took it away
 */
public record ProxyView(Optional<String> scheme, Optional<String> host, Optional<String> prefix) {
    /** Of a request that no such proxy sent. */
    public static final ProxyView DIRECT = new ProxyView(Optional.empty(), Optional.empty(), Optional.empty());

    private static final Pattern SCHEME = Pattern.compile("(?i)https?");
    private static final Pattern PROTO = Pattern.compile("(?i)(?:^|;)\\s*proto=\"?([a-z]+)\"?");
    private static final Pattern HOST = Pattern.compile("(?i)(?:^|;)\\s*host=(?:\"([^\"]*)\"|([^;,\\s]*))");

    /**
     * Reads the fields {@code Forwarded} (RFC 7239), {@code X-Forwarded-Proto}, {@code -Host} and {@code -Prefix}.
     *
     * @param fields gives all fields of a name
     */
    public static ProxyView of(Function<String, List<String>> fields) {
        Optional<String> forwarded = last(fields.apply("forwarded"));
        Optional<String> scheme =
                last(fields.apply("x-forwarded-proto")).or(() -> forwarded.flatMap(element -> group(PROTO, element)));
        Optional<String> host =
                last(fields.apply("x-forwarded-host")).or(() -> forwarded.flatMap(element -> group(HOST, element)));
        return new ProxyView(
                scheme.filter(text -> SCHEME.matcher(text).matches()),
                host,
                last(fields.apply("x-forwarded-prefix")).flatMap(BasePath::read));
    }

    /** Whether the caller came over TLS; nothing if that is not told. */
    public Optional<Boolean> isSecure() {
        return scheme.map("https"::equalsIgnoreCase);
    }

    private static Optional<String> last(List<String> values) {
        String all = String.join(",", values);
        String last = all.substring(all.lastIndexOf(',') + 1).strip();
        return last.isEmpty() ? Optional.empty() : Optional.of(last);
    }

    private static Optional<String> group(Pattern pattern, String element) {
        Matcher found = pattern.matcher(element);
        if (!found.find()) {
            return Optional.empty();
        }
        String text = found.group(1) == null ? found.group(found.groupCount()) : found.group(1);
        return text == null || text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
