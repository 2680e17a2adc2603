package io.qbc.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The base address of a node in its one spelling: the one place where addresses are read and written. Spellings that
 * parsers read in different ways are refused rather than understood.
 *
 * @param secure https rather than http
 * @param host a lower-case name, or an IP address without brackets
 */
public record PeerAddress(boolean secure, String host, int port) {
    private static final int LENGTH_MAX = 255;
    private static final int IP6_BYTES = 16;
    private static final String THIS_MACHINE = "127.0.0.1";
    private static final Pattern SHAPE = Pattern.compile(
            "(https?)://(\\[[0-9a-f:.]{2,45}]|[a-z0-9_.-]{1,253})(?::([1-9][0-9]{0,4}))?/?", Pattern.CASE_INSENSITIVE);
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern NUMERIC = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final String OCTET = "(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    private static final Pattern IP4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);
    /** Characters of IP addresses only, so that no name is ever looked up. */
    private static final Pattern IP6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private static final Pattern ZEROS = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])");

    /** The result of reading an address. */
    public sealed interface Reading {
        record Fine(PeerAddress address) implements Reading {}

        record Wrong(String why) implements Reading {}
    }

    /** Reads a base address; the port may be left out, and one slash may end it. */
    public static Reading read(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (text.length() > LENGTH_MAX || !shape.matches()) {
            return new Reading.Wrong("an address has the form http://host:port, and nothing after it");
        }
        boolean secure = shape.group(1).equalsIgnoreCase("https");
        int port = shape.group(3) == null ? (secure ? 443 : 80) : Integer.parseInt(shape.group(3));
        if (port > 65_535) {
            return new Reading.Wrong("the port is above 65535");
        }
        String host = shape.group(2).toLowerCase(Locale.ROOT);
        return host(host)
                .<Reading>map(name -> new Reading.Fine(new PeerAddress(secure, name, port)))
                .orElseGet(() -> new Reading.Wrong(
                        "the host is neither a name nor a plain IP address (dotted decimal, or IPv6 in brackets)"));
    }

    /** Reads the base address that a flag or key must have. */
    public static PeerAddress require(String name, String text) {
        Reading reading = read(text);
        if (reading instanceof Reading.Fine fine) {
            return fine.address();
        }
        throw new ConfigException(name + " must be like http://node1:5000 but is '" + text + "': "
                + (reading instanceof Reading.Wrong wrong ? wrong.why() : ""));
    }

    /** The address of a node that listens at this host, an IPv6 address with or without brackets. */
    public static PeerAddress of(String host, int port) {
        String bare = unbracketed(host);
        return new PeerAddress(false, ip(bare).map(PeerAddress::spelled).orElse(bare), port);
    }

    /** The same host and port by https, or by http. */
    public PeerAddress secured(boolean other) {
        return new PeerAddress(other, host, port);
    }

    /** The same for who asks from this machine: where the node listens everywhere, by loopback. */
    public static PeerAddress local(String host, int port) {
        return of(wildcard(host) ? THIS_MACHINE : host, port);
    }

    /** Whether a node that listens at this host does so at all addresses of its machine. */
    public static boolean wildcard(String host) {
        return ip(unbracketed(host)).filter(InetAddress::isAnyLocalAddress).isPresent();
    }

    /** The IP address that is written here; nothing for a name, which is not looked up. */
    public static Optional<InetAddress> ip(String literal) {
        if (!IP4.matcher(literal).matches() && !IP6.matcher(literal).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The IP address of a connection's other end, whose zone ({@code %eth0}) means something on this machine alone. */
    public static Optional<InetAddress> remote(String literal) {
        int zone = literal.indexOf('%');
        return ip(zone < 0 ? literal : literal.substring(0, zone));
    }

    static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** The host as it stands in an address, an IPv6 address in brackets. */
    public String bracketed() {
        return bracketed(host);
    }

    /** A host, or an IP address without brackets, as it stands in an address. */
    public static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    public String text() {
        return (secure ? "https://" : "http://") + bracketed() + ":" + port;
    }

    @Override
    public String toString() {
        return text();
    }

    private static Optional<String> host(String host) {
        if (host.startsWith("[")) {
            return Optional.of(unbracketed(host))
                    .filter(address -> address.indexOf(':') >= 0)
                    .flatMap(PeerAddress::ip)
                    .map(PeerAddress::spelled);
        }
        String[] labels = host.split("\\.", -1);
        // A last label of digits makes it an IPv4 address (WHATWG URL, section 3.5), also in octal, hex or short forms.
        if (NUMERIC.matcher(labels[labels.length - 1]).matches()) {
            return Optional.of(host).filter(ip -> IP4.matcher(ip).matches());
        }
        boolean named =
                Arrays.stream(labels).allMatch(label -> LABEL.matcher(label).matches());
        return named ? Optional.of(host) : Optional.empty();
    }

    /** An IP address as RFC 5952 spells it: the longest run of zeros, the first of equal ones, is left out. */
    private static String spelled(InetAddress ip) {
        String text = ip.getHostAddress();
        if (ip.getAddress().length != IP6_BYTES) {
            return text;
        }
        Matcher zeros = ZEROS.matcher(text);
        int begin = 0;
        int end = 0;
        while (zeros.find()) {
            if (zeros.end() - zeros.start() > end - begin) {
                begin = zeros.start();
                end = zeros.end();
            }
        }
        if (end == begin) {
            return text;
        }
        String before = begin == 0 ? ":" : text.substring(0, begin);
        String after = end == text.length() ? ":" : text.substring(end);
        return before + after;
    }
}
