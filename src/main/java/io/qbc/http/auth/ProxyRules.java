package io.qbc.http.auth;

import io.qbc.config.Cidr;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reverse proxies: how they show themselves, and for whom those that are believed say that they speak (RFC 7239). */
public final class ProxyRules {
    /** An address of nobody, for a caller that a proxy does not name. */
    public static final InetAddress UNKNOWN =
            Cidr.parse("0.0.0.0").map(Cidr::base).orElseThrow();

    /** Fields by which a proxy shows itself. */
    public static final List<String> SIGNS = List.of(
            "forwarded",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-proto",
            "x-forwarded-server",
            "x-real-ip");

    private static final Pattern FOR = Pattern.compile("(?i)(?:^|;)\\s*for=(\"[^\"]*\"|[^;,\\s]*)");
    private static final Pattern BRACKETS = Pattern.compile("\\[([0-9a-fA-F:.]+)](:[0-9]{1,5})?");
    private static final Pattern FOUR = Pattern.compile("([0-9.]{7,15})(:[0-9]{1,5})?");

    private final List<Cidr> proxies;

    public ProxyRules(Collection<String> blocks) {
        proxies = blocks.stream().map(Cidr::parse).flatMap(Optional::stream).toList();
    }

    public boolean believes(InetAddress address) {
        for (Cidr block : proxies) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * For whom a proxy that is believed speaks: the last address that is no such proxy itself. A caller can send both
     * fields itself, and a proxy writes one of them; where they differ nobody knows who it is.
     *
     * @param forwarded the fields Forwarded
     * @param forwardedFor the fields X-Forwarded-For
     */
    public InetAddress client(List<String> forwarded, List<String> forwardedFor) {
        Optional<InetAddress> one = last(String.join(",", forwarded), true);
        Optional<InetAddress> other = last(String.join(",", forwardedFor), false);
        if (one.isPresent() && other.isPresent() && !one.equals(other)) {
            return UNKNOWN;
        }
        return one.or(() -> other).orElse(UNKNOWN);
    }

    /** Empty if there is no such field. */
    private Optional<InetAddress> last(String fields, boolean pairs) {
        if (fields.isBlank()) {
            return Optional.empty();
        }
        String[] hops = fields.split(",", -1);
        for (int i = hops.length - 1; i >= 0; i--) {
            Optional<InetAddress> hop = pairs ? named(hops[i]) : address(hops[i].strip());
            if (hop.isEmpty() || !believes(hop.get())) {
                return Optional.of(hop.orElse(UNKNOWN));
            }
        }
        return Optional.of(UNKNOWN);
    }

    private static Optional<InetAddress> named(String element) {
        Matcher pair = FOR.matcher(element);
        return pair.find() ? address(pair.group(1).replace("\"", "")) : Optional.empty();
    }

    /** An address with or without a port; nothing if it is something else. */
    private static Optional<InetAddress> address(String text) {
        Matcher six = BRACKETS.matcher(text);
        Matcher four = FOUR.matcher(text);
        String bare = six.matches() ? six.group(1) : four.matches() ? four.group(1) : text;
        return bare.indexOf('/') >= 0 ? Optional.empty() : Cidr.parse(bare).map(Cidr::base);
    }
}
