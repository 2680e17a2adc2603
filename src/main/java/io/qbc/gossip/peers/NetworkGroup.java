package io.qbc.gossip.peers;

import io.qbc.config.PeerAddress;
import java.net.InetAddress;
import java.util.HexFormat;

/**
 * The group of addresses that one holder of a network has at no cost: of IPv4 the /16, of IPv6 the /32. All names that
 * were not looked up are one group, and loopback is none.
 */
final class NetworkGroup {
    /** Addresses of this machine, to which no limit of a group applies. */
    static final String LOOPBACK = "";

    private static final String NAMES = "names";
    private static final int IP4_BYTES = 4;
    private static final int IP4_GROUP_BYTES = 2;
    private static final int IP6_GROUP_BYTES = 4;
    private static final int IP6_NETWORK_BYTES = 8;

    private NetworkGroup() {}

    static String of(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        byte[] bytes = address.getAddress();
        int size = bytes.length == IP4_BYTES ? IP4_GROUP_BYTES : IP6_GROUP_BYTES;
        return HexFormat.of().formatHex(bytes, 0, size);
    }

    /** The group of an address as it is written. */
    static String of(PeerAddress address) {
        return PeerAddress.ip(address.host()).map(NetworkGroup::of).orElse(NAMES);
    }

    /** The group of an endpoint, whose name was looked up. */
    static String of(PeerEndpoint endpoint) {
        return PeerAddress.ip(endpoint.ip()).map(NetworkGroup::of).orElse(NAMES);
    }

    /** By what an address is counted and banned: an IPv4 address itself, of IPv6 the network of 64 bits. */
    static String holder(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == IP4_BYTES) {
            return address.getHostAddress();
        }
        StringBuilder network = new StringBuilder();
        for (int i = 0; i < IP6_NETWORK_BYTES; i += 2) {
            network.append(Integer.toHexString(((bytes[i] & 0xff) << Byte.SIZE) | (bytes[i + 1] & 0xff)))
                    .append(':');
        }
        return network.append(':').toString();
    }
}
