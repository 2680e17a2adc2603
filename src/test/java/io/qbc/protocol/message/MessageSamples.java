package io.qbc.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.NetworkMode;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Callee;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.LeapDone;
import io.qbc.protocol.message.Message.LeapRefused;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Prove;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Ready;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.Rest;
import io.qbc.protocol.message.Message.State;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.message.Message.Welcome;
import io.qbc.protocol.message.PeerMethod.Payload;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Samples of every message, by the names that they have in the published vectors. */
public final class MessageSamples {
    public static final Map<String, Message> ALL = samples();

    private MessageSamples() {}

    private static Map<String, Message> samples() {
        ChainSpec spec = Samples.dbc("main");
        Hash chain = spec.id();
        List<Transaction> two = List.of(published(spec, 1), published(spec, 2));
        List<Hash> ids = two.stream().map(Transaction::id).toList();
        Quant quant = Samples.quant(spec, Tip.genesis(spec), two, Samples.GENESIS_TIME + 1);
        Claim claim = new Claim(chain, quant.header().hash(), 1, BigInteger.valueOf(200));
        Map<String, Message> all = handshakes(new Status(
                new Mark(77, 9),
                4,
                HeadsDigest.of(new TreeMap<>(Map.of(chain, claim.hash()))),
                List.of(new Listing(claim, "main")),
                List.of("http://10.0.0.1:5000")));
        all.put("ids", new Ids(chain, ids));
        all.put("ids-answer", new Wanted(true, ids.subList(1, 2)));
        all.put("transactions", new Push(chain, two));
        all.put("transactions-answer", new Taken(2, false));
        all.put("quant-hint", new Hint(chain, quant.header().hash()));
        all.put("quant", new Offer(chain, quant.compactQuant(), two.subList(0, 1)));
        all.put("quant-answer-missing", new Reply(State.MISSING, ids, ""));
        all.put("quant-answer-refused", new Reply(State.REFUSED, List.of(), "quant_root"));
        all.put("sync", new Follow(chain, List.of(quant.header().hash(), chain)));
        all.put(
                "sync-answer",
                new Range(
                        claim,
                        List.of(
                                new Part(quant.compactQuant(), two),
                                new Part(quant.compactQuant(), two.subList(0, 1)))));
        all.put("fetch", new Ids(chain, ids));
        all.put("fetch-answer", new Supply(two));
        all.put("rest", new Rest(chain, quant.header().hash(), 2));
        all.put("spec", new About(chain));
        all.put("spec-answer", new Document(spec.document()));
        all.put("leap", new AskLeap(chain, Optional.empty()));
        all.put("leap-again", new AskLeap(chain, Optional.of(quant.header().hash())));
        all.put(
                "leap-answer",
                new LeapDone(new Head(quant.header().hash(), quant.header(), BigInteger.valueOf(3)), 1, 2));
        all.put("leap-answer-refused", new LeapRefused("busy", "64 leaps wait already"));
        return all;
    }

    private static Map<String, Message> handshakes(Status status) {
        String called = "http://127.0.0.1:5000";
        String own = "http://127.0.0.1:5001";
        Bytes session = Bytes.wrap(Samples.seed("session")).slice(0, HandshakeSizes.SESSION_BYTES);
        Bytes proof = Bytes.wrap(Samples.seed("proof"));
        Map<String, Message> all = new LinkedHashMap<>();
        all.put(
                "hello",
                new Hello(
                        new NetworkLabel("qbc", NetworkMode.SECRET),
                        Bytes.wrap(Samples.seed("nonce")),
                        Bytes.wrap(Samples.seed("ephemeral")),
                        Samples.SIGNER.key(),
                        own,
                        called));
        all.put(
                "hello-answer",
                new Welcome(
                        new Callee(
                                session,
                                Bytes.wrap(Samples.seed("nonce of the callee")),
                                Bytes.wrap(Samples.seed("ephemeral of the callee")),
                                Samples.OTHER.key(),
                                called),
                        Samples.OTHER.sign(new byte[] {1}),
                        proof));
        all.put("prove", new Prove(session, Samples.SIGNER.sign(new byte[] {2}), proof));
        all.put("prove-answer", new Ready(proof));
        all.put("head", new AskStatus(new Mark(77, 3)));
        all.put("head-answer", status);
        return all;
    }

    /** The method's request or answer, as the sample's name says. */
    @SuppressWarnings("unchecked") // the type is looked at before
    static <M extends Message> Payload<M> payload(String name) {
        String word = name.replaceAll("-.*", "");
        PeerMethod<?, ?> method = PeerMethod.of(word).orElseThrow();
        Payload<?> payload = name.startsWith(word + "-answer") ? method.answer() : method.request();
        assertThat(ALL.get(name)).isInstanceOf(payload.type());
        return (Payload<M>) payload;
    }

    /** The frame of the sample with this name. */
    public static Bytes frame(String name) {
        return payload(name).codec().encode(ALL.get(name));
    }

    /** A transaction as it stands in the published vectors, with 16 random bytes for a key. */
    private static Transaction published(ChainSpec spec, int n) {
        Bytes key = Bytes.wrap(Samples.seed("key" + n)).slice(0, 16);
        return Samples.transaction(spec, n, key, "{\"n\":" + n + "}");
    }
}
