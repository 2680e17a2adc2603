package io.qbc.http.legacy;

import io.qbc.api.json.ChainForm;
import io.qbc.api.json.JsonBuffer;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.model.Bytes;
import io.qbc.model.Transaction;
import java.math.BigInteger;
import java.time.Instant;

/** The original's chain: a list of quants with index, timestamp, data, hash and proof, all strings but the data. */
final class LegacyForm implements ChainForm {
    private final Writing writing;

    /** The bytes of one format; a list may be written without knowing its length. */
    interface Writing {
        void openList(JsonBuffer out);

        void closeList(JsonBuffer out);

        /** Before an item; {@code first} if it is the first of its list. */
        void beginItem(JsonBuffer out, boolean first);

        void endItem(JsonBuffer out);

        void openMap(JsonBuffer out);

        void closeMap(JsonBuffer out);

        /** A name whose value comes next. */
        void name(JsonBuffer out, String name, boolean first);

        void text(JsonBuffer out, String text);

        /** A payload, which is well-formed JSON. */
        void payload(JsonBuffer out, Bytes json);

        void openDocument(JsonBuffer out);

        void closeDocument(JsonBuffer out);
    }

    LegacyForm(Writing writing) {
        this.writing = writing;
    }

    @Override
    public void open(JsonBuffer out) {
        writing.openDocument(out);
        writing.openList(out);
    }

    @Override
    public void beginQuant(JsonBuffer out, QuantHead quant, boolean first) {
        writing.beginItem(out, first);
        writing.openMap(out);
        writing.name(out, "index", true);
        writing.text(out, Long.toString(quant.header().height()));
        writing.name(out, "timestamp", false);
        writing.text(out, Instant.ofEpochMilli(quant.header().timestamp()).toString());
        writing.name(out, "data", false);
        writing.openList(out);
    }

    @Override
    public void transaction(JsonBuffer out, Transaction transaction, long index, boolean first) {
        writing.beginItem(out, first);
        writing.payload(out, transaction.payload());
        writing.endItem(out);
    }

    @Override
    public void endQuant(JsonBuffer out, QuantHead quant) {
        writing.closeList(out);
        writing.name(out, "hash", false);
        writing.text(out, quant.hash().hex());
        writing.name(out, "proof", false);
        writing.text(out, proof(quant.header().proof()));
        writing.closeMap(out);
        writing.endItem(out);
    }

    @Override
    public void close(JsonBuffer out, long next) {
        writing.closeList(out);
        writing.closeDocument(out);
    }

    /** The proof as a number in decimal digits; 0 where there is none. */
    private static String proof(Bytes proof) {
        return new BigInteger(1, proof.toArray()).toString();
    }
}
