package io.qbc.http.legacy;

import com.fasterxml.jackson.core.JsonParser;
import io.qbc.api.json.JsonBuffer;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.Pickler;

/**
 * The original's chain as a Python pickle of plain lists and dictionaries, protocol 2. Lists and those are framed
 * here so that they need not be in memory whole; single values are left to the pickler. Nothing here reads a pickle.
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
        out.raw(pickled(text));
    }

    @Override
    public void payload(JsonBuffer out, Bytes json) {
        try (JsonParser parser = PayloadJson.parser(json)) {
            parser.nextToken();
            value(out, PayloadJson.value(parser));
        } catch (IOException e) {
            throw new UncheckedIOException("a stored payload is well-formed JSON", e);
        }
    }

    private void value(JsonBuffer out, Object value) {
        if (value instanceof Map<?, ?> map) {
            openMap(out);
            map.forEach((name, item) -> {
                text(out, (String) name);
                value(out, item);
            });
            closeMap(out);
        } else if (value instanceof List<?> list) {
            openList(out);
            for (Object item : list) {
                value(out, item);
                endItem(out);
            }
        } else if (value == PayloadJson.Missing.NULL) {
            out.u8(Opcodes.NONE);
        } else {
            out.raw(pickled(value));
        }
    }

    /** One value as the pickler writes it, without the protocol before it and the stop after it. */
    private static byte[] pickled(Object value) {
        try {
            byte[] bytes = new Pickler(false).dumps(value);
            return Arrays.copyOfRange(bytes, 2, bytes.length - 1);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes all bytes", e);
        }
    }
}
