package io.qbc.subscription.webhook;

import io.qbc.config.AddressPolicy;
import io.qbc.config.PeerAddress;
import io.qbc.config.PeerAddress.Reading;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a webhook goes, in one spelling. What parsers of URLs read in different ways is refused rather than understood:
 * names and passwords, fragments, IP addresses in other than their plain form, characters that belong escaped.
 *
 * @param base scheme, host and port
 * @param uri path and query
 */
record WebhookTarget(PeerAddress base, String uri) {
    private static final int LENGTH_MAX = 2048;
    private static final Pattern SHAPE = Pattern.compile("([a-zA-Z]{4,5}://[^/?#@\\\\]{1,255})(/[^?#]*)?(\\?[^#]*)?");
    private static final Pattern URI = Pattern.compile("([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*");

    /** The result of reading an address. */
    sealed interface Read {
        record Fine(WebhookTarget target) implements Read {}

        record Wrong(String why) implements Read {}
    }

    /** Reads the URL of a receiver. */
    static Read read(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (text.length() > LENGTH_MAX || !shape.matches()) {
            return new Read.Wrong("a URL has the form https://host:port/path?query, without a name or a fragment");
        }
        String path = shape.group(2) == null ? "/" : shape.group(2);
        String uri = path + (shape.group(3) == null ? "" : shape.group(3));
        if (!URI.matcher(uri).matches()) {
            return new Read.Wrong("the path or the query has characters that must be escaped");
        }
        if (PeerAddress.read(shape.group(1)) instanceof Reading.Fine fine) {
            PeerAddress base = fine.address();
            return base.secure() || AddressPolicy.isLoopback(base.host())
                    ? new Read.Fine(new WebhookTarget(base, uri))
                    : new Read.Wrong("a receiver beyond this machine must be https");
        }
        return new Read.Wrong("the host is neither a name nor a plain IP address, or the scheme is not https");
    }

    /** The whole URL. */
    String url() {
        return base.text() + uri;
    }

    /** Without path and query, which may have secrets, for the log. */
    @Override
    public String toString() {
        return base.text();
    }
}
