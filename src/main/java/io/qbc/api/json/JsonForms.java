package io.qbc.api.json;

import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.bus.Catalogue.Supersession;
import io.qbc.bus.Catalogue.Warning;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec.ForkPoint;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import java.util.OptionalLong;

/**
 * JSON forms of facts; payloads are the bytes that came.
 *
 * <p>What the benchmark measures sets its commas by hand: the transactions and quants here and in {@link QuantForm},
 * and the answers to an inject and to a batch. All else is written by a {@link JsonWriter}.
 */
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

    /** The members of a chain with its head and its pool. */
    public static void chain(JsonWriter out, Chain chain, PoolState pool) {
        out.hex("id", chain.id());
        out.text("name", chain.name());
        out.json("spec", chain.spec().document());
        out.flag("writable", chain.writable());
        out.flag("frozen", chain.frozen());
        chain.spec().fork().ifPresent(point -> out.object("fork", fork -> fork(fork, point)));
        out.object("head", head -> head(head, chain.head().hash(), chain.head().header()));
        out.object("pool", waiting -> pool(waiting, pool));
    }

    /** The members of a chain that the store cannot open, as far as it still knows it. */
    public static void damaged(JsonWriter out, DamagedChain chain) {
        out.hex("id", chain.id());
        out.text("name", chain.name());
        out.text("code", chain.refusal().reason().code());
        out.text("detail", chain.refusal().detail());
    }

    /** The members of a warning. */
    public static void warning(JsonWriter out, Warning warning) {
        out.text("code", warning.code());
        warning.chain().ifPresent(chain -> out.text("chain", chain));
        out.text("detail", warning.detail());
    }

    private static void pool(JsonWriter out, PoolState pool) {
        out.number("transactions", pool.transactions());
        out.number("bytes", pool.bytes());
        pool.oldest().ifPresent(since -> out.number("oldest", since));
    }

    private static void fork(JsonWriter out, ForkPoint point) {
        out.hex("chain", point.chain());
        out.number("height", point.height());
        out.hex("quant", point.quant());
        out.number("treeSize", point.treeSize());
        out.hex("root", point.root());
    }

    /** The members of a chain's head. */
    public static void head(JsonWriter out, Hash hash, Header header) {
        out.number("height", header.height());
        out.hex("hash", hash);
        out.number("treeSize", header.treeSize());
        out.hex("root", header.root());
        out.number("timestamp", header.timestamp());
    }

    /** The members that an event tells of a quant. */
    public static void event(JsonWriter out, Hash chain, QuantHead quant) {
        Header header = quant.header();
        out.hex("chain", chain);
        out.number("height", header.height());
        out.hex("hash", quant.hash());
        out.number("count", header.count());
        out.number("treeSize", header.treeSize());
        out.number("timestamp", header.timestamp());
    }

    /** What is told of a transaction in whose place another one stands. */
    public static void event(JsonWriter out, Hash chain, Supersession supersession) {
        out.hex("chain", chain);
        out.hex("id", supersession.id());
        out.text("state", supersession.same() ? "superseded" : "conflict");
        out.hex("standing", supersession.standing());
    }

    /** What is told of a subscription that stopped by itself. */
    public static void event(JsonWriter out, SubscriptionDisabled disabled) {
        out.hex("chain", disabled.chain());
        out.text("subscription", disabled.name());
        out.text("error", disabled.error());
    }
}
