package io.qbc.http.legacy;

import io.qbc.api.json.JsonBuffer;
import io.qbc.json.JsonWalk;
import io.qbc.model.Bytes;
import java.nio.charset.StandardCharsets;

/** The original's chain as CBOR (RFC 8949), lists and maps of indefinite length, texts of definite. */
final class CborFormat implements LegacyForm.Format {
    private static final int TEXT = 3;
    private static final int LIST = 0x9f;
    private static final int MAP = 0xbf;
    private static final int BREAK = 0xff;

    @Override
    public void openList(JsonBuffer out) {
        out.u8(LIST);
    }

    @Override
    public void closeList(JsonBuffer out) {
        out.u8(BREAK);
    }

    @Override
    public void beginItem(JsonBuffer out, boolean first) {}

    @Override
    public void endItem(JsonBuffer out) {}

    @Override
    public void openMap(JsonBuffer out) {
        out.u8(MAP);
    }

    @Override
    public void closeMap(JsonBuffer out) {
        out.u8(BREAK);
    }

    @Override
    public void name(JsonBuffer out, String name, boolean first) {
        text(out, name);
    }

    @Override
    public void text(JsonBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head(out, TEXT, bytes.length);
        out.raw(bytes);
    }

    @Override
    public void payload(JsonBuffer out, Bytes json) {
        JsonWalk.walk(json, new CborValues(this, out));
    }

    @Override
    public boolean costly() {
        return true;
    }

    @Override
    public void openDocument(JsonBuffer out) {}

    @Override
    public void closeDocument(JsonBuffer out) {}

    /**
     * A major type with its argument in as few bytes as it takes (RFC 8949 section 3).
     *
     * @param argument without a sign
     */
    static void head(JsonBuffer out, int major, long argument) {
        int type = major << 5;
        if (argument < 0 || argument > 0xffff_ffffL) {
            out.u8(type | 27);
            bytes(out, argument, 8);
        } else if (argument > 0xffff) {
            out.u8(type | 26);
            bytes(out, argument, 4);
        } else if (argument > 0xff) {
            out.u8(type | 25);
            bytes(out, argument, 2);
        } else if (argument > 23) {
            out.u8(type | 24).u8((int) argument);
        } else {
            out.u8(type | (int) argument);
        }
    }

    /** The lowest bytes of a word, the highest of them first. */
    static void bytes(JsonBuffer out, long word, int count) {
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            out.u8((int) (word >>> shift));
        }
    }
}
