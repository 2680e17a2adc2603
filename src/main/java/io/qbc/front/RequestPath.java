package io.qbc.front;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request's path says of who can answer it.
 *
 * @param chain the chain that it is about, by name or id
 * @param kept the path of a subscription or projection, which one node has and no other
 */
record RequestPath(Optional<String> chain, Optional<String> kept) {
    private static final Pattern CHAIN = Pattern.compile("/v1/chains/([^/]+)(/.*)?");
    private static final Pattern KEPT =
            Pattern.compile("(/v1/chains/[^/]+/subscriptions/[^/]+|/v1/projections/[^/]+)(/.*)?");

    static RequestPath of(String path) {
        Matcher chain = CHAIN.matcher(path);
        Matcher kept = KEPT.matcher(path);
        return new RequestPath(
                chain.matches() ? name(chain.group(1)) : Optional.empty(),
                kept.matches() ? Optional.of(kept.group(1)) : Optional.empty());
    }

    /** Without a height behind it; nothing where it is no text. */
    private static Optional<String> name(String segment) {
        try {
            String name = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
            int at = name.lastIndexOf('@');
            return Optional.of(at < 0 ? name : name.substring(0, at));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
