package io.qbc.api.json;

import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.model.Transaction;
import java.util.OptionalLong;

/** The forms of quants in this node's own JSON: one alone, a page of them, or one a line. */
public enum QuantForm implements ChainForm {
    ONE("", "", "", false),
    PAGE("{\"quants\":[", ",", "", true),
    LINES("", "", "\n", false);

    private final String open;
    private final String between;
    private final String after;
    private final boolean tellsNext;

    QuantForm(String open, String between, String after, boolean tellsNext) {
        this.open = open;
        this.between = between;
        this.after = after;
        this.tellsNext = tellsNext;
    }

    @Override
    public void open(JsonBuffer out) {
        out.raw(open);
    }

    @Override
    public void beginQuant(JsonBuffer out, QuantHead quant, boolean first) {
        JsonForms.quant(first ? out : out.raw(between), quant);
    }

    @Override
    public void transaction(JsonBuffer out, Transaction transaction, long index, boolean first) {
        out.raw(first ? "{" : ",{");
        if (this == LINES) {
            JsonForms.transactionLine(out, transaction, OptionalLong.of(index));
        } else {
            JsonForms.transaction(out, transaction, OptionalLong.of(index));
        }
        out.raw("}");
    }

    @Override
    public void endQuant(JsonBuffer out, QuantHead quant) {
        out.raw("]}").raw(after);
    }

    @Override
    public void close(JsonBuffer out, long next) {
        if (tellsNext) {
            out.raw("],\"next\":").raw(next < 0 ? "null" : Long.toString(next)).raw("}");
        }
    }
}
