package io.qbc.http.legacy;

import io.qbc.api.json.Output;
import io.qbc.model.Bytes;

/** The original's chain as JSON. */
final class JsonWriting implements LegacyForm.Writing {
    @Override
    public void openList(Output out) {
        out.u8('[');
    }

    @Override
    public void closeList(Output out) {
        out.u8(']');
    }

    @Override
    public void beginItem(Output out, boolean first) {
        if (!first) {
            out.u8(',');
        }
    }

    @Override
    public void endItem(Output out) {}

    @Override
    public void openMap(Output out) {
        out.u8('{');
    }

    @Override
    public void closeMap(Output out) {
        out.u8('}');
    }

    @Override
    public void name(Output out, String name, boolean first) {
        out.raw(first ? "" : ",").text(name).u8(':');
    }

    @Override
    public void text(Output out, String text) {
        out.text(text);
    }

    @Override
    public void payload(Output out, Bytes json) {
        out.raw(json);
    }

    @Override
    public void openDocument(Output out) {}

    @Override
    public void closeDocument(Output out) {}
}
