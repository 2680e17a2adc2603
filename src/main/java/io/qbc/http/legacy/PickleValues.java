package io.qbc.http.legacy;

import io.qbc.api.json.JsonBuffer;
import io.qbc.json.JsonNumber;
import java.math.BigInteger;
import net.razorvine.pickle.Opcodes;

/**
 * The values of a payload in a pickle. Every number keeps its value: a whole one is an {@code int}; another a
 * {@code float} where that loses nothing, else a {@code decimal.Decimal}. One that is not bounded, which only the first
 * version took in, is the {@code str} of its spelling.
 */
final class PickleValues extends LegacyValues {
    private static final String DECIMAL = "decimal\nDecimal\n";
    private static final int INT_BITS = 31;
    private static final int BYTE_MAX = 255;

    private final PickleFormat format;
    private final JsonBuffer out;

    PickleValues(PickleFormat format, JsonBuffer out) {
        super(format, out);
        this.format = format;
        this.out = out;
    }

    /** In two's complement, the lowest byte first. */
    @Override
    void integer(BigInteger value) {
        if (value.bitLength() <= INT_BITS) {
            out.u8(Opcodes.BININT);
            PickleFormat.size(out, value.intValue());
            return;
        }
        byte[] bytes = value.toByteArray();
        if (bytes.length <= BYTE_MAX) {
            out.u8(Opcodes.LONG1).u8(bytes.length);
        } else {
            out.u8(Opcodes.LONG4);
            PickleFormat.size(out, bytes.length);
        }
        for (int i = bytes.length - 1; i >= 0; i--) {
            out.u8(bytes[i]);
        }
    }

    @Override
    void binary(double value) {
        out.u8(Opcodes.BINFLOAT);
        CborFormat.bytes(out, Double.doubleToRawLongBits(value), Double.BYTES);
    }

    @Override
    void decimal(JsonNumber number) {
        out.u8(Opcodes.GLOBAL).raw(DECIMAL);
        format.text(out, number.text());
        out.u8(Opcodes.TUPLE1).u8(Opcodes.REDUCE);
    }

    @Override
    public void flag(boolean flag) {
        out.u8(flag ? Opcodes.NEWTRUE : Opcodes.NEWFALSE);
    }

    @Override
    public void nothing() {
        out.u8(Opcodes.NONE);
    }
}
