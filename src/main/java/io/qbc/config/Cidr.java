package io.qbc.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** A block of IP addresses, as RFC 4632 writes it. */
public record Cidr(InetAddress base, int bits) {
    /** Reads {@code address/bits}, or an address alone for a block of one; nothing if it is neither. */
    public static Optional<Cidr> parse(String text) {
        String[] parts = text.split("/", -1);
        // Only characters of IP literals, so that no name is ever looked up here.
        if (parts.length > 2 || !parts[0].matches("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return Optional.empty();
        }
        try {
            InetAddress base = InetAddress.getByName(parts[0]);
            int width = base.getAddress().length * 8;
            int bits = parts.length == 1 ? width : Integer.parseInt(parts[1]);
            return bits >= 0 && bits <= width ? Optional.of(new Cidr(base, bits)) : Optional.empty();
        } catch (UnknownHostException | NumberFormatException e) {
            return Optional.empty();
        }
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
