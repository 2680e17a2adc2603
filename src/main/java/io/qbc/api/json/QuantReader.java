package io.qbc.api.json;

import io.qbc.bus.Failure;
import io.qbc.json.JsonFault;
import io.qbc.json.JsonItems;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import java.util.List;
import java.util.Optional;

/** A reader of whole quants from the JSON form in which this node gives them. */
public final class QuantReader {
    /** The quant, its array of transactions and a transaction are around a payload. */
    private static final int DEPTH_AROUND = 3;

    private final JsonLimits limits;

    public QuantReader(int bytesMax, int depthMax) {
        limits = new JsonLimits(bytesMax, depthMax + DEPTH_AROUND);
    }

    /**
     * Reads it; fails when it is malformed, or states a hash or an id that is not what its content gives.
     *
     * @param chain the chain that it is offered to, which its transactions are for
     */
    public Quant read(Bytes json, Hash chain) {
        JsonObjectText text = object(json, Reason.JSON_INVALID);
        if (text.member("height").isEmpty() && text.member("quant").isPresent()) {
            throw new Failure(
                    Reason.QUANT_MALFORMED, "a pickled quant is never read; send the JSON form of a /v1 answer");
        }
        JsonFields fields = new JsonFields(text, Reason.QUANT_MALFORMED);
        Header header = header(fields);
        if (text.member("hash").isPresent() && !fields.hash("hash").equals(header.hash())) {
            throw new Failure(Reason.QUANT_HASH, "the hash of this header is " + header.hash());
        }
        List<Seal> seals = items(fields, "seals").stream().map(this::seal).toList();
        List<Transaction> transactions = items(fields, "transactions").stream()
                .map(item -> transaction(item, chain))
                .toList();
        return new Quant(header, seals, transactions);
    }

    private static Header header(JsonFields fields) {
        return new Header(
                (int) fields.number("version", Integer.MAX_VALUE),
                fields.hash("chain"),
                fields.number("height", Long.MAX_VALUE),
                fields.number("timestamp", Long.MAX_VALUE),
                fields.hash("previous"),
                fields.number("treeSize", Long.MAX_VALUE),
                fields.hash("root"),
                (int) fields.number("count", Integer.MAX_VALUE),
                fields.sized("producer", 32),
                fields.sized("consensus", 1 << 16),
                fields.sized("proof", 1 << 16));
    }

    private Seal seal(Bytes item) {
        JsonFields fields = new JsonFields(object(item, Reason.QUANT_MALFORMED), Reason.QUANT_MALFORMED);
        return new Seal(fields.sized("key", 32), fields.sized("signature", 64));
    }

    private Transaction transaction(Bytes item, Hash chain) {
        JsonObjectText text = object(item, Reason.TRANSACTION_MALFORMED);
        text.longNumber().ifPresent(QuantReader::refuse);
        Bytes data = text.member("data")
                .orElseThrow(() -> new Failure(Reason.PAYLOAD_MISSING, "a transaction has no member data"));
        Bytes exact = new JsonFields(text, Reason.TRANSACTION_MALFORMED).hex("raw");
        if (!exact.isEmpty()) {
            StrictJson.checkBounded(exact, limits).ifPresent(QuantReader::refuse);
        }
        return JsonFields.transaction(text, chain, exact.isEmpty() ? data : exact);
    }

    private static void refuse(JsonFault fault) {
        throw new Failure(Reason.PAYLOAD_INVALID, fault.toString());
    }

    private static List<Bytes> items(JsonFields fields, String name) {
        Optional<Bytes> member = fields.member(name);
        if (member.isEmpty()) {
            return List.of();
        }
        return JsonItems.of(member.get())
                .orElseThrow(() -> new Failure(Reason.QUANT_MALFORMED, "the member " + name + " must be an array"));
    }

    private JsonObjectText object(Bytes json, Reason malformed) {
        JsonObjectText text = StrictJson.object(json, limits);
        text.fault().ifPresent(fault -> {
            throw new Failure(malformed, fault.toString());
        });
        return text;
    }
}
