package io.qbc.http.legacy;

import io.qbc.api.json.JsonBuffer;
import io.qbc.model.Bytes;

/** The original's chain as JSON. */
final class JsonFormat implements LegacyForm.Format {
    @Override
    public void openList(JsonBuffer out) {
        out.u8('[');
    }

    @Override
    public void closeList(JsonBuffer out) {
        out.u8(']');
    }

    @Override
    public void beginItem(JsonBuffer out, boolean first) {
        if (!first) {
            out.u8(',');
        }
    }

    @Override
    public void endItem(JsonBuffer out) {}

    @Override
    public void openMap(JsonBuffer out) {
        out.u8('{');
    }

    @Override
    public void closeMap(JsonBuffer out) {
        out.u8('}');
    }

    @Override
    public void name(JsonBuffer out, String name, boolean first) {
        out.raw(first ? "" : ",").text(name).u8(':');
    }

    @Override
    public void text(JsonBuffer out, String text) {
        out.text(text);
    }

    @Override
    public void payload(JsonBuffer out, Bytes json) {
        out.raw(json);
    }

    @Override
    public void openDocument(JsonBuffer out) {}

    @Override
    public void closeDocument(JsonBuffer out) {}
}
