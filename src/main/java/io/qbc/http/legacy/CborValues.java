package io.qbc.http.legacy;

import io.qbc.api.json.JsonBuffer;
import io.qbc.json.JsonNumber;
import java.math.BigInteger;

/**
 * The values of a payload as CBOR. Every number keeps its value: a whole one is an integer or, beyond 64 bits, a bignum
 * (RFC 8949 section 3.4.3); another a double where that loses nothing, else a decimal fraction (section 3.4.4). One
 * that is not bounded, which only the first version took in, is the text of its spelling.
 */
final class CborValues extends LegacyValues {
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int STRING = 2;
    private static final int ARRAY = 4;
    private static final int TAG = 6;
    private static final int BIGNUM = 2;
    private static final int NEGATIVE_BIGNUM = 3;
    private static final int DECIMAL_FRACTION = 4;
    private static final int FALSE = 0xf4;
    private static final int TRUE = 0xf5;
    private static final int NULL = 0xf6;
    private static final int DOUBLE = 0xfb;
    private static final int WORD_BITS = 64;

    private final JsonBuffer out;

    CborValues(CborFormat format, JsonBuffer out) {
        super(format, out);
        this.out = out;
    }

    @Override
    void integer(BigInteger value) {
        boolean negative = value.signum() < 0;
        BigInteger argument = negative ? value.not() : value;
        if (argument.bitLength() <= WORD_BITS) {
            CborFormat.head(out, negative ? NEGATIVE : UNSIGNED, argument.longValue());
            return;
        }
        CborFormat.head(out, TAG, negative ? NEGATIVE_BIGNUM : BIGNUM);
        byte[] bytes = argument.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        CborFormat.head(out, STRING, bytes.length - from);
        for (int i = from; i < bytes.length; i++) {
            out.u8(bytes[i]);
        }
    }

    @Override
    void binary(double value) {
        out.u8(DOUBLE);
        CborFormat.bytes(out, Double.doubleToRawLongBits(value), Double.BYTES);
    }

    @Override
    void decimal(JsonNumber number) {
        CborFormat.head(out, TAG, DECIMAL_FRACTION);
        CborFormat.head(out, ARRAY, 2);
        integer(BigInteger.valueOf(number.scale()));
        integer(number.significand());
    }

    @Override
    public void flag(boolean flag) {
        out.u8(flag ? TRUE : FALSE);
    }

    @Override
    public void nothing() {
        out.u8(NULL);
    }
}
