package io.qbc;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import java.util.List;
import java.util.StringJoiner;

/** The forms in which REST answers show a chain, as {@code src/docs/protocol.md} has them. */
public final class AnswerForms {
    private AnswerForms() {}

    /** The stream of all quants, the genesis quant first. */
    public static String stream(ChainSpec spec, List<Quant> quants) {
        StringBuilder lines = new StringBuilder();
        lines.append(quant(new Quant(spec.genesis(), List.of(), List.of()))).append('\n');
        quants.forEach(quant -> lines.append(quant(quant)).append('\n'));
        return lines.toString();
    }

    public static String quant(Quant quant) {
        Header header = quant.header();
        StringJoiner transactions = new StringJoiner(",", "[", "]");
        long index = header.treeSize() - header.count();
        for (Transaction transaction : quant.transactions()) {
            transactions.add(transaction(transaction, index++));
        }
        StringJoiner seals = new StringJoiner(",", "[", "]");
        for (Seal seal : quant.seals()) {
            seals.add(new Form()
                    .hex("key", seal.key())
                    .hex("signature", seal.signature())
                    .end());
        }
        return new Form()
                .raw("version", header.version())
                .text("chain", header.chain())
                .raw("height", header.height())
                .raw("timestamp", header.timestamp())
                .text("previous", header.previous())
                .raw("treeSize", header.treeSize())
                .text("root", header.root())
                .raw("count", header.count())
                .hex("producer", header.producer())
                .hex("consensus", header.consensus())
                .hex("proof", header.proof())
                .text("hash", header.hash())
                .raw("seals", seals)
                .raw("transactions", transactions)
                .end();
    }

    static String transaction(Transaction transaction, long index) {
        Body body = transaction.body();
        Form form = new Form()
                .text("id", transaction.id())
                .raw("index", index)
                .raw("version", body.version())
                .raw("timestamp", body.timestamp())
                .hex("key", body.key())
                .hex("author", body.author())
                .text("type", body.type().text())
                .raw("schema", body.schema())
                .text("commitment", body.commitment())
                .raw("length", body.length())
                .hex("salt", transaction.salt())
                .hex("signature", transaction.signature());
        String data = transaction.payload().text();
        boolean broken = data.indexOf('\n') >= 0 || data.indexOf('\r') >= 0;
        if (broken) {
            form.hex("raw", transaction.payload());
        }
        return form.raw("data", broken ? data.replace('\n', ' ').replace('\r', ' ') : data)
                .end();
    }

    private static final class Form {
        private final StringJoiner members = new StringJoiner(",", "{", "}");

        Form raw(String name, Object json) {
            members.add('"' + name + "\":" + json);
            return this;
        }

        Form text(String name, Object text) {
            String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(text.toString()));
            return raw(name, '"' + quoted + '"');
        }

        Form hex(String name, Bytes bytes) {
            return text(name, bytes.hex());
        }

        String end() {
            return members.toString();
        }
    }
}
