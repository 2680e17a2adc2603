package io.qbc.api.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An address as it is told from others: all of an IPv4 address, the network ({@code /64}) of an IPv6 address, as
 * whoever has one address of it has them all.
 */
public record AddressKey(long bits, boolean six) {
    public static AddressKey of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? new AddressKey(bytes.getLong(), true)
                : new AddressKey(bytes.getInt(), false);
    }
}
