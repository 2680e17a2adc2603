package io.qbc.gossip.peers;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The sources that callers are told apart by: their IP addresses, of IPv6 the network (/64). */
final class Sources {
    private static final int NETWORK_GROUPS = 4;

    private Sources() {}

    /**
     * The source of a caller.
     *
     * @param remote its IP address, never a name
     */
    static String of(String remote) {
        if (remote.indexOf(':') < 0) {
            return remote;
        }
        try {
            InetAddress address = InetAddress.getAllByName(remote)[0];
            return address instanceof Inet6Address && !address.isLoopbackAddress()
                    ? network(address.getAddress())
                    : address.getHostAddress();
        } catch (UnknownHostException e) {
            return remote;
        }
    }

    private static String network(byte[] address) {
        StringBuilder network = new StringBuilder();
        for (int i = 0; i < 2 * NETWORK_GROUPS; i++) {
            network.append(Integer.toHexString(address[i] & 0xff)).append('.');
        }
        return network.toString();
    }
}
