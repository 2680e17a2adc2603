package io.qbc.e2e;

import io.qbc.Samples;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.protocol.session.TestCaller;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;

/** Calls of the peer protocol written by the test's own hand, as its page says, by somebody who only has a key. */
final class PeerCalls {
    static final int MISSING = 2;
    static final int ACCEPTED = 1;
    static final int REFUSED = 4;
    static final int WANTED = 5;
    private static final int VERSION = 3;
    private static final int HEADER_TAG = "qbc/quant/1".length();

    private final Client client;
    private final TestCaller caller;

    PeerCalls(Client client) {
        this.client = client;
        caller = TestCaller.open(Samples.OTHER, "http://127.0.0.1:5000", this::post);
    }

    /** The answer to a quant. */
    record Reply(int state, List<Hash> ids, String text) {
        Reply {
            ids = List.copyOf(ids);
        }
    }

    /** Brings a quant with all its transactions. */
    Reply offer(ChainSpec spec, Quant quant) {
        return offer(spec, quant, quant.compactQuant().ids());
    }

    /** Brings a quant with these ids, and with the transactions that the given one has. */
    Reply offer(ChainSpec spec, Quant quant, List<Hash> ids) {
        byte[] header = Canonical.header(quant.header());
        Encoder out = frame(spec).u8(1);
        out.raw(Bytes.wrap(header).slice(HEADER_TAG, header.length - HEADER_TAG));
        out.u32(quant.seals().size());
        quant.seals().forEach(seal -> out.bytes(seal.key()).bytes(seal.signature()));
        out.u32(ids.size());
        ids.forEach(out::hash);
        return reply(call("quant", transactions(out, quant.transactions())));
    }

    /** Tells of a quant. */
    Reply hint(ChainSpec spec, Quant quant) {
        return reply(call("quant", frame(spec).u8(0).hash(quant.header().hash())));
    }

    /** Brings transactions for the pool. */
    void push(ChainSpec spec, List<Transaction> transactions) {
        call("transactions", transactions(frame(spec), transactions));
    }

    private static Encoder frame(ChainSpec spec) {
        return new Encoder(1024).u8(VERSION).hash(spec.id());
    }

    private static Encoder transactions(Encoder out, List<Transaction> transactions) {
        out.u32(transactions.size());
        transactions.forEach(transaction -> out.bytes(transaction.encoded()));
        return out;
    }

    private Bytes call(String verb, Encoder frame) {
        TestCaller.Reply answer = caller.call(verb, frame.toBytes());
        if (answer.status() != 200) {
            throw new AssertionError(verb + " is answered " + answer.status());
        }
        return answer.body();
    }

    private TestCaller.Reply post(String verb, Bytes body) {
        Answer answer = client.send(client.request(
                "POST",
                "/v1/peer/" + verb,
                BodyPublishers.ofByteArray(body.toArray()),
                "Content-Type",
                "application/octet-stream"));
        return new TestCaller.Reply(answer.status(), answer.body());
    }

    private static Reply reply(Bytes answer) {
        Decoder in = new Decoder(answer);
        int version = in.u8();
        int state = in.u8();
        List<Hash> ids = new ArrayList<>();
        for (int count = in.u32(); count > 0 && !in.failed(); count--) {
            ids.add(in.hash());
        }
        Reply reply = new Reply(state, ids, in.bytes(255).text());
        if (version != VERSION || !in.complete()) {
            throw new AssertionError("not a reply: " + answer);
        }
        return reply;
    }
}
