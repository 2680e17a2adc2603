package io.qbc.gossip.peers;

import io.qbc.config.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The policy which addresses this node calls: plain http or https base addresses whose every IP address is inside the
 * allowed networks. Spellings that parsers read in different ways are refused rather than understood.
 */
public final class AddressPolicy {
    private static final int LENGTH_MAX = 255;
    private static final Pattern SHAPE = Pattern.compile(
            "(https?)://(\\[[0-9a-f:.]{2,45}]|[a-z0-9_.-]{1,253})(?::([1-9][0-9]{0,4}))?/?", Pattern.CASE_INSENSITIVE);
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern NUMERIC = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]");

    private final List<Cidr> networks;

    /**
     * One instance.
     *
     * @param networks CIDR blocks; what is not one is refused with an {@link IllegalArgumentException}
     */
    public AddressPolicy(List<String> networks) {
        this.networks = networks.stream().map(AddressPolicy::network).toList();
    }

    /** The result of reading an address. */
    sealed interface Reading {
        record Fine(PeerAddress address) implements Reading {}

        record Wrong(String why) implements Reading {}
    }

    /** Reads a base address; the port may be left out, and one slash may end it. */
    Reading read(String text) {
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

    /** Whether this node may call that IP address; one that carries an IPv4 address inside counts as that one. */
    boolean permits(InetAddress address) {
        InetAddress real = unwrapped(address);
        return !real.isAnyLocalAddress()
                && !real.isMulticastAddress()
                && networks.stream().anyMatch(network -> network.contains(real));
    }

    private static Cidr network(String text) {
        return Cidr.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("gossip.networks: " + text + " is no CIDR block"));
    }

    private static Optional<String> host(String host) {
        if (host.startsWith("[")) {
            return literal(host.substring(1, host.length() - 1));
        }
        String[] labels = host.split("\\.", -1);
        // A last label of digits makes it an IPv4 address (WHATWG URL, section 3.5), also in octal, hex or short forms.
        if (NUMERIC.matcher(labels[labels.length - 1]).matches()) {
            boolean plain = labels.length == 4
                    && Arrays.stream(labels)
                            .allMatch(octet -> OCTET.matcher(octet).matches());
            return plain ? Optional.of(host) : Optional.empty();
        }
        boolean named =
                Arrays.stream(labels).allMatch(label -> LABEL.matcher(label).matches());
        return named ? Optional.of(host) : Optional.empty();
    }

    private static Optional<String> literal(String address) {
        if (address.indexOf(':') < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(address).getHostAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The IPv4 address inside an IPv4-compatible, 6to4 (RFC 3056) or NAT64 (RFC 6052) one; Java unwraps mapped. */
    private static InetAddress unwrapped(InetAddress address) {
        byte[] b = address.getAddress();
        if (b.length != 16) {
            return address;
        }
        boolean compatible = zero(b, 0, 12) && !address.isLoopbackAddress() && !address.isAnyLocalAddress();
        boolean translated = b[0] == 0 && b[1] == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
        boolean sixToFour = b[0] == 0x20 && b[1] == 0x02;
        if (compatible || (translated && zero(b, 4, 12))) {
            return ip(Arrays.copyOfRange(b, 12, 16));
        }
        return sixToFour ? ip(Arrays.copyOfRange(b, 2, 6)) : address;
    }

    private static boolean zero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress ip(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an IPv4 address", e);
        }
    }
}
