package io.qbc.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/** A SHA-256 value of 32 bytes, held as four big-endian words so that millions of them stay small in memory. */
public record Hash(long a, long b, long c, long d) implements Comparable<Hash> {
    public static final int BYTES = 32;
    public static final Hash ZERO = new Hash(0, 0, 0, 0);

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** Reads the 32 bytes that begin at {@code offset}. */
    public static Hash at(byte[] bytes, int offset) {
        return new Hash(
                (long) LONG.get(bytes, offset),
                (long) LONG.get(bytes, offset + 8),
                (long) LONG.get(bytes, offset + 16),
                (long) LONG.get(bytes, offset + 24));
    }

    /** Reads 64 hexadecimal digits of either case; anything else gives nothing. */
    public static Optional<Hash> parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            return Optional.empty();
        }
        for (int i = 0; i < hex.length(); i++) {
            if (!HexFormat.isHexDigit(hex.charAt(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(at(HexFormat.of().parseHex(hex), 0));
    }

    /** Writes the 32 bytes at {@code offset}. */
    public void write(byte[] into, int offset) {
        LONG.set(into, offset, a);
        LONG.set(into, offset + 8, b);
        LONG.set(into, offset + 16, c);
        LONG.set(into, offset + 24, d);
    }

    public byte[] bytes() {
        byte[] out = new byte[BYTES];
        write(out, 0);
        return out;
    }

    /** The 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    /** Orders as unsigned 256-bit numbers. */
    @Override
    public int compareTo(Hash other) {
        int order = Long.compareUnsigned(a, other.a);
        order = order != 0 ? order : Long.compareUnsigned(b, other.b);
        order = order != 0 ? order : Long.compareUnsigned(c, other.c);
        return order != 0 ? order : Long.compareUnsigned(d, other.d);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a ^ d);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash o && a == o.a && b == o.b && c == o.c && d == o.d;
    }

    @Override
    public String toString() {
        return hex();
    }
}
