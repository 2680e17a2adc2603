package io.qbc.http.legacy;

import io.qbc.api.json.JsonBuffer;
import io.qbc.json.JsonWalk;
import io.qbc.model.Bytes;
import java.nio.charset.StandardCharsets;
import net.razorvine.pickle.Opcodes;

/**
 * The original's chain as a Python pickle of plain lists and dictionaries, protocol 2, framed here so that it need not
 * be in memory whole. Nothing here reads a pickle.
 */
final class PickleFormat implements LegacyForm.Format {
    private static final int PROTOCOL = 2;

    @Override
    public void openDocument(JsonBuffer out) {
        out.u8(Opcodes.PROTO).u8(PROTOCOL);
    }

    @Override
    public void closeDocument(JsonBuffer out) {
        out.u8(Opcodes.STOP);
    }

    @Override
    public void openList(JsonBuffer out) {
        out.u8(Opcodes.EMPTY_LIST);
    }

    @Override
    public void closeList(JsonBuffer out) {}

    @Override
    public void beginItem(JsonBuffer out, boolean first) {}

    @Override
    public void endItem(JsonBuffer out) {
        out.u8(Opcodes.APPEND);
    }

    @Override
    public void openMap(JsonBuffer out) {
        out.u8(Opcodes.EMPTY_DICT).u8(Opcodes.MARK);
    }

    @Override
    public void closeMap(JsonBuffer out) {
        out.u8(Opcodes.SETITEMS);
    }

    @Override
    public void name(JsonBuffer out, String name, boolean first) {
        text(out, name);
    }

    @Override
    public void text(JsonBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.u8(Opcodes.BINUNICODE);
        size(out, bytes.length);
        out.raw(bytes);
    }

    @Override
    public void payload(JsonBuffer out, Bytes json) {
        JsonWalk.walk(json, new PickleValues(this, out));
    }

    @Override
    public boolean costly() {
        return true;
    }

    /** Four bytes, the lowest first. */
    static void size(JsonBuffer out, int size) {
        out.u8(size).u8(size >> 8).u8(size >> 16).u8(size >> 24);
    }
}
