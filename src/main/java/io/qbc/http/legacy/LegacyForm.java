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
    private final Format format;

    /** The bytes of one format; a list may be written without knowing its length. */
    interface Format {
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

        /** Whether payloads are calculated and not copied. */
        default boolean costly() {
            return false;
        }

        void openDocument(JsonBuffer out);

        void closeDocument(JsonBuffer out);
    }

    LegacyForm(Format format) {
        this.format = format;
    }

    @Override
    public boolean costly() {
        return format.costly();
    }

    @Override
    public void open(JsonBuffer out) {
        format.openDocument(out);
        format.openList(out);
    }

    @Override
    public void beginQuant(JsonBuffer out, QuantHead quant, boolean first) {
        format.beginItem(out, first);
        format.openMap(out);
        format.name(out, "index", true);
        format.text(out, Long.toString(quant.header().height()));
        format.name(out, "timestamp", false);
        format.text(out, Instant.ofEpochMilli(quant.header().timestamp()).toString());
        format.name(out, "data", false);
        format.openList(out);
    }

    @Override
    public void transaction(JsonBuffer out, Transaction transaction, long index, boolean first) {
        format.beginItem(out, first);
        format.payload(out, transaction.payload());
        format.endItem(out);
    }

    @Override
    public void endQuant(JsonBuffer out, QuantHead quant) {
        format.closeList(out);
        format.name(out, "hash", false);
        format.text(out, quant.hash().hex());
        format.name(out, "proof", false);
        format.text(out, proof(quant.header().proof()));
        format.closeMap(out);
        format.endItem(out);
    }

    @Override
    public void close(JsonBuffer out, long next) {
        format.closeList(out);
        format.closeDocument(out);
    }

    /** The proof as a number in decimal digits; 0 where there is none. */
    private static String proof(Bytes proof) {
        return new BigInteger(1, proof.toArray()).toString();
    }
}
