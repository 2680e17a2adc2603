package io.qbc.consensus;

import java.math.BigInteger;

/**
 * ASERT retargeting in whole numbers, after aserti3-2d of Bitcoin Cash: the difficulty halves for every half-life that
 * a chain is behind its schedule and doubles for every one that it is ahead. It looks at the schedule alone, so that
 * errors never add up.
 *
 * @param first the difficulty on schedule
 * @param least the lowest difficulty
 * @param most the highest difficulty
 * @param spacing milliseconds that a quant should take
 * @param halfLife milliseconds off schedule that make a factor of two
 */
record Asert(long first, long least, long most, long spacing, long halfLife) {
    private static final int FRACTION = 16;
    private static final int SHIFT_MAX = 128;

    /**
     * The difficulty after a quant.
     *
     * @param quants how many quants after the anchor it is
     * @param elapsed milliseconds since the anchor; below zero if the clocks say so
     */
    long difficulty(long quants, long elapsed) {
        BigInteger ahead =
                BigInteger.valueOf(quants).multiply(BigInteger.valueOf(spacing)).subtract(BigInteger.valueOf(elapsed));
        BigInteger exponent = ahead.shiftLeft(FRACTION).divide(BigInteger.valueOf(halfLife));
        BigInteger whole = exponent.shiftRight(FRACTION);
        if (whole.bitLength() > 31 || Math.abs(whole.intValue()) > SHIFT_MAX) {
            return whole.signum() > 0 ? most : least;
        }
        long factor = power(exponent.intValue() & 0xffff);
        BigInteger scaled = BigInteger.valueOf(first)
                .multiply(BigInteger.valueOf(factor))
                .shiftLeft(SHIFT_MAX + whole.intValue())
                .shiftRight(SHIFT_MAX + FRACTION);
        return scaled.min(BigInteger.valueOf(most))
                .max(BigInteger.valueOf(least))
                .longValueExact();
    }

    /** 2^(fraction / 65536) in 65,536ths, by the cubic of aserti3; the sum fits 64 bits read as unsigned. */
    static long power(long fraction) {
        long sum = 195_766_423_245_049L * fraction
                + 971_821_376L * fraction * fraction
                + 5_127L * fraction * fraction * fraction
                + (1L << 47);
        return (1L << FRACTION) + (sum >>> 48);
    }
}
