package io.qbc.config;

import io.qbc.config.PeerAddress.Reading;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * The policy which addresses this node calls: those whose every IP address is inside the allowed networks. What the
 * operator did not configure must have a permitted port too, and must not be this machine unless the node listens
 * there.
 */
public final class AddressPolicy {
    private final List<Cidr> networks;
    private final Ports ports;
    private final boolean loopback;

    /**
     * One instance.
     *
     * @param networks CIDR blocks; what is not one is refused with an {@link IllegalArgumentException}
     * @param loopback whether this node listens on this machine alone, as its peers then do
     */
    public AddressPolicy(List<String> networks, Ports ports, boolean loopback) {
        this.networks = networks.stream().map(AddressPolicy::network).toList();
        this.ports = ports;
        this.loopback = loopback;
    }

    /**
     * The policy of a node.
     *
     * @param advertised its base address as peers call it, or empty if they cannot
     */
    public static AddressPolicy of(NodeConfig config, String advertised) {
        String host = PeerAddress.read(advertised) instanceof Reading.Fine fine
                ? fine.address().host()
                : config.host();
        return new AddressPolicy(
                config.gossip().networks(),
                Ports.of("gossip.ports", config.gossip().ports()),
                isLoopback(host));
    }

    /** Whether a host is this machine alone, as it is written; a name is not looked up. */
    public static boolean isLoopback(String host) {
        return host.equals("localhost")
                || PeerAddress.ip(host).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    /** Whether this node may call that IP address and port, though the operator did not configure it. */
    public boolean permits(InetAddress address, int port) {
        return permits(address)
                && ports.contains(port)
                && (loopback || !unwrapped(address).isLoopbackAddress());
    }

    /** Whether this node may call that IP address; one that carries an IPv4 address inside counts as that one. */
    public boolean permits(InetAddress address) {
        InetAddress real = unwrapped(address);
        return !real.isAnyLocalAddress()
                && !real.isMulticastAddress()
                && networks.stream().anyMatch(network -> network.contains(real));
    }

    private static Cidr network(String text) {
        return Cidr.parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is no CIDR block"));
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
