package io.qbc.config;

import java.net.InetAddress;
import java.util.Optional;

/** A block of IP addresses, as RFC 4632 writes it. */
public record Cidr(InetAddress base, int bits) {
    /** Reads {@code address/bits}, or an address alone for a block of one; nothing if it is neither. */
    public static Optional<Cidr> parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length > 2 || (parts.length == 2 && !parts[1].matches("[0-9]{1,3}"))) {
            return Optional.empty();
        }
        return PeerAddress.ip(parts[0]).flatMap(base -> {
            int width = base.getAddress().length * 8;
            int bits = parts.length == 1 ? width : Integer.parseInt(parts[1]);
            return bits <= width ? Optional.of(new Cidr(base, bits)) : Optional.empty();
        });
    }

    public boolean contains(InetAddress address) {
        byte[] own = base.getAddress();
        byte[] other = address.getAddress();
        if (own.length != other.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >>> (i % 8);
            if (((own[i / 8] ^ other[i / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
