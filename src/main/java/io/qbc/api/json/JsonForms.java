package io.qbc.api.json;

import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec.ForkPoint;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import java.util.List;
import java.util.OptionalLong;

/** How facts look in JSON; payloads are the bytes that came. */
public final class JsonForms {
    private JsonForms() {}

    /** The members of a transaction without braces, its payload last. */
    public static void transaction(JsonBuffer out, Transaction transaction, OptionalLong index) {
        fields(out, transaction, index);
        out.raw(",\"data\":").raw(transaction.payload());
    }

    /**
     * The same on one line: a payload with line breaks between its tokens stands there with spaces in their place,
     * after its exact bytes in hexadecimal.
     */
    public static void transactionLine(JsonBuffer out, Transaction transaction, OptionalLong index) {
        fields(out, transaction, index);
        Bytes payload = transaction.payload();
        byte[] line = payload.toArray();
        boolean broken = false;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
                broken = true;
            }
        }
        if (broken) {
            out.raw(",\"raw\":").hex(payload);
        }
        out.raw(",\"data\":").raw(line);
    }

    private static void fields(JsonBuffer out, Transaction transaction, OptionalLong index) {
        Body body = transaction.body();
        out.raw("\"id\":").hex(transaction.id());
        index.ifPresent(place -> out.raw(",\"index\":").number(place));
        out.raw(",\"version\":").number(body.version());
        out.raw(",\"timestamp\":").number(body.timestamp());
        out.raw(",\"key\":").hex(body.key());
        out.raw(",\"author\":").hex(body.author());
        out.raw(",\"type\":").text(body.type().text());
        out.raw(",\"schema\":").number(body.schema());
        out.raw(",\"commitment\":").hex(body.commitment());
        out.raw(",\"length\":").number(body.length());
        out.raw(",\"salt\":").hex(transaction.salt());
        out.raw(",\"signature\":").hex(transaction.signature());
    }

    /** A quant's members up to its transactions, which follow as an array. */
    public static void quant(JsonBuffer out, QuantHead quant) {
        Header header = quant.header();
        out.raw("{\"version\":").number(header.version());
        out.raw(",\"chain\":").hex(header.chain());
        out.raw(",\"height\":").number(header.height());
        out.raw(",\"timestamp\":").number(header.timestamp());
        out.raw(",\"previous\":").hex(header.previous());
        out.raw(",\"treeSize\":").number(header.treeSize());
        out.raw(",\"root\":").hex(header.root());
        out.raw(",\"count\":").number(header.count());
        out.raw(",\"producer\":").hex(header.producer());
        out.raw(",\"consensus\":").hex(header.consensus());
        out.raw(",\"proof\":").hex(header.proof());
        out.raw(",\"hash\":").hex(quant.hash());
        out.raw(",\"seals\":[");
        String comma = "";
        for (Seal seal : quant.seals()) {
            out.raw(comma).raw("{\"key\":").hex(seal.key());
            out.raw(",\"signature\":").hex(seal.signature()).raw("}");
            comma = ",";
        }
        out.raw("],\"transactions\":[");
    }

    /** A chain with its head and its pool. */
    public static void chain(JsonBuffer out, Chain chain, PoolState pool) {
        out.raw("{\"id\":").hex(chain.id());
        out.raw(",\"name\":").text(chain.spec().name());
        out.raw(",\"spec\":").raw(chain.spec().document());
        out.raw(",\"writable\":").raw(Boolean.toString(chain.writable()));
        out.raw(",\"frozen\":").raw(Boolean.toString(chain.frozen()));
        chain.spec().fork().ifPresent(point -> fork(out.raw(",\"fork\":"), point));
        out.raw(",\"head\":");
        head(out, chain.head().hash(), chain.head().header());
        out.raw(",\"pool\":{\"transactions\":").number(pool.transactions());
        out.raw(",\"bytes\":").number(pool.bytes());
        pool.oldest().ifPresent(since -> out.raw(",\"oldest\":").number(since));
        out.raw("}}");
    }

    /** Chains that the store cannot open, as far as it still knows them. */
    public static void damaged(JsonBuffer out, List<DamagedChain> chains) {
        String comma = "";
        for (DamagedChain chain : chains) {
            out.raw(comma).raw("{\"id\":").hex(chain.id());
            out.raw(",\"name\":").text(chain.name());
            out.raw(",\"code\":").text(chain.refusal().reason().code());
            out.raw(",\"detail\":").text(chain.refusal().detail()).raw("}");
            comma = ",";
        }
    }

    private static void fork(JsonBuffer out, ForkPoint point) {
        out.raw("{\"chain\":").hex(point.chain());
        out.raw(",\"height\":").number(point.height());
        out.raw(",\"quant\":").hex(point.quant());
        out.raw(",\"treeSize\":").number(point.treeSize());
        out.raw(",\"root\":").hex(point.root()).raw("}");
    }

    /** How far a chain is with a quant. */
    public static void head(JsonBuffer out, Hash hash, Header header) {
        out.raw("{\"height\":").number(header.height());
        out.raw(",\"hash\":").hex(hash);
        out.raw(",\"treeSize\":").number(header.treeSize());
        out.raw(",\"root\":").hex(header.root());
        out.raw(",\"timestamp\":").number(header.timestamp()).raw("}");
    }

    /** What an event tells of a quant. */
    public static void event(JsonBuffer out, Hash chain, QuantHead quant) {
        Header header = quant.header();
        out.raw("{\"chain\":").hex(chain);
        out.raw(",\"height\":").number(header.height());
        out.raw(",\"hash\":").hex(quant.hash());
        out.raw(",\"count\":").number(header.count());
        out.raw(",\"treeSize\":").number(header.treeSize());
        out.raw(",\"timestamp\":").number(header.timestamp()).raw("}");
    }
}
