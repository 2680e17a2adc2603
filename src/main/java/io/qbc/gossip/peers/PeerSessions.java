package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.message.FrameCodecs;
import io.qbc.protocol.message.HandshakeSizes;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Prove;
import io.qbc.protocol.message.Message.Ready;
import io.qbc.protocol.message.Message.Refused;
import io.qbc.protocol.message.Message.Welcome;
import io.qbc.protocol.message.NetworkLabel;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.session.AnswerEnvelope;
import io.qbc.protocol.session.CallerHandshake;
import io.qbc.protocol.session.CallerHandshake.Confirmation;
import io.qbc.protocol.session.CallerHandshake.Proved;
import io.qbc.protocol.session.CallerHandshake.Unproved;
import io.qbc.protocol.session.CallerHandshake.Welcomed;
import io.qbc.protocol.session.Envelope;
import io.qbc.protocol.session.Kind;
import io.qbc.protocol.session.OutgoingSession;
import io.qbc.protocol.session.SessionFault;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that this node opens with others, one an endpoint: made at the first call, made anew when they are old
 * or the other node does not know them any more.
 */
public final class PeerSessions {
    private static final Logger LOG = LoggerFactory.getLogger(PeerSessions.class);
    private static final int UNKNOWN_SESSION = 409;

    private final GossipContext gossipContext;
    private final PeerClient client;
    private final SessionCounts counts;
    private final IdentityWatch identities;
    private final SessionRandom random = new SessionRandom();
    private final Map<PeerEndpoint, Link> links = new LinkedHashMap<>();

    public PeerSessions(GossipContext gossipContext, PeerClient client, SessionCounts counts) {
        this.gossipContext = gossipContext;
        this.client = client;
        this.counts = counts;
        identities = new IdentityWatch(gossipContext.identity().key());
    }

    /**
     * A session that is open.
     *
     * @param byItself whether this node itself is at the other end
     */
    record Opened(OutgoingSession session, boolean byItself) {}

    /** A session that is made or open. */
    private record Link(Future<Opened> opened, long madeAt) {}

    /** A request on its way, at the first try or again. */
    private record Request(
            PeerEndpoint to, Bytes key, PeerMethod<?, ?> method, Bytes frame, Hash hash, Map<String, String> fields) {
        Kind kind() {
            return new Kind(method.word(), method.chain(frame).orElse(Hash.ZERO));
        }

        String what() {
            return method + " at " + to.address() + ": ";
        }
    }

    /** The session with an endpoint; fails with {@link PeerCallFailure} if its node does not prove a key. */
    Future<Opened> open(PeerEndpoint to) {
        long now = gossipContext.now();
        long oldest = now - gossipContext.config().network().sessionAge().toMillis();
        Link known = links.get(to);
        if (known != null && known.madeAt() >= oldest) {
            return known.opened();
        }
        Link made = new Link(handshake(to), now);
        links.remove(to);
        links.put(to, made);
        if (links.size() > gossipContext.config().network().sessions()) {
            links.remove(links.keySet().iterator().next());
        }
        made.opened().onFailure(cause -> links.remove(to, made));
        return made.opened();
    }

    /**
     * Sends a request in the session with a node and gives the answer's frame; fails with {@link PeerCallFailure}.
     *
     * @param key of the node that must be there
     * @param silence how long it may be silent
     */
    <Q extends Message> Future<Bytes> send(
            PeerEndpoint to, Bytes key, PeerMethod<Q, ?> method, Q request, Duration silence) {
        return send(to, key, method, request, silence, Map.of());
    }

    /** The same with header fields beside it. */
    <Q extends Message> Future<Bytes> send(
            PeerEndpoint to,
            Bytes key,
            PeerMethod<Q, ?> method,
            Q request,
            Duration silence,
            Map<String, String> fields) {
        Bytes frame = method.request().codec().encode(request);
        return gossipContext
                .hash(frame)
                .compose(hash -> send(new Request(to, key, method, frame, hash, fields), silence, true));
    }

    IdentityWatch identities() {
        return identities;
    }

    /** How many sessions are open or made. */
    public int count() {
        return links.size();
    }

    private Future<Bytes> send(Request request, Duration silence, boolean first) {
        return open(request.to()).compose(opened -> send(request, opened, silence, first));
    }

    private Future<Bytes> send(Request request, Opened opened, Duration silence, boolean first) {
        OutgoingSession session = opened.session();
        if (!session.key().equals(request.key())) {
            return Future.failedFuture(
                    new PeerCallFailure(Fault.Kind.SILENT, request.what() + "a node with another key is there now"));
        }
        Envelope envelope = session.seal(request.kind(), request.frame(), request.hash());
        int answerBytesMax =
                AnswerEnvelope.BYTES + gossipContext.bytesMax(request.method().answer());
        PeerClient.Word word = new PeerClient.Word(request.method().word(), request.fields());
        return client.send(request.to(), word, buffer(envelope), answerBytesMax, silence)
                .compose(reply -> {
                    if (reply.status() == UNKNOWN_SESSION && first) {
                        // As after its restart: it did not read the request.
                        forget(request.to(), opened);
                        return send(request, silence, false);
                    }
                    return reply.status() == 200
                            ? opened(request, session, envelope, reply.body())
                            : Future.failedFuture(failure(request.what(), reply));
                });
    }

    private Future<Bytes> opened(Request request, OutgoingSession session, Envelope envelope, Bytes body) {
        return AnswerEnvelope.of(body)
                .map(answer -> gossipContext.hash(answer.frame()).map(hash -> {
                    if (!session.proves(envelope, request.kind().verb(), answer, hash)) {
                        throw new PeerCallFailure(Fault.Kind.SILENT, request.what() + "the answer is not proved");
                    }
                    return answer.frame();
                }))
                .orElseGet(() -> Future.failedFuture(PeerCallFailure.malformed()));
    }

    /** What goes wrong later with the old session is no matter of the new one. */
    @SuppressWarnings("ReferenceEquality")
    private void forget(PeerEndpoint to, Opened opened) {
        Link link = links.get(to);
        if (link != null && link.opened().succeeded() && link.opened().result() == opened) {
            links.remove(to);
        }
    }

    private static Buffer buffer(Envelope envelope) {
        Bytes frame = envelope.frame();
        return Buffer.buffer(Envelope.BYTES + frame.size())
                .appendBytes(envelope.head())
                .appendBytes(frame.array(), frame.offset(), frame.size());
    }

    private Future<Opened> handshake(PeerEndpoint to) {
        CallerHandshake handshake = new CallerHandshake(
                gossipContext.node(),
                to.address().text(),
                random.bytes(HandshakeSizes.NONCE_BYTES),
                random.bytes(HandshakeSizes.EPHEMERAL_BYTES));
        Bytes nonce = handshake.hello().nonce();
        identities.asked(nonce);
        return greet(to, PeerMethod.HELLO, handshake.hello())
                .compose(welcome -> prove(to, handshake, welcome))
                .onFailure(cause -> identities.over(nonce))
                .map(session -> new Opened(session, identities.over(nonce)))
                .onSuccess(opened -> counts.made())
                .onFailure(cause -> counts.failed());
    }

    private Future<OutgoingSession> prove(PeerEndpoint to, CallerHandshake handshake, Welcome welcome) {
        Welcomed welcomed = handshake.welcomed(welcome);
        if (welcomed instanceof Proved proved) {
            return greet(to, PeerMethod.PROVE, proved.prove())
                    .map(ready -> confirmed(to, proved.confirmation(), ready));
        }
        Unproved unproved = (Unproved) welcomed;
        unproved.prove().ifPresent(prove -> tell(to, prove));
        NetworkLabel label = handshake.hello().network();
        String words = unproved.fault().found(label, label);
        return Future.failedFuture(new PeerRefusal(Fault.Kind.SILENT, to.address() + ": " + words));
    }

    private static OutgoingSession confirmed(PeerEndpoint to, Confirmation confirmation, Ready ready) {
        return confirmation
                .session(ready)
                .orElseThrow(() -> new PeerCallFailure(
                        Fault.Kind.SILENT, to.address() + ": it did not say that the session is open"));
    }

    /** So that the other node can say the same. */
    private void tell(PeerEndpoint to, Prove prove) {
        greet(to, PeerMethod.PROVE, prove)
                .onFailure(refused -> LOG.debug("the handshake is over: {}", refused.toString()));
    }

    private <Q extends Message, A extends Message> Future<A> greet(
            PeerEndpoint to, PeerMethod<Q, A> method, Q message) {
        Buffer sent = Buffer.buffer(method.request().codec().encode(message).toArray());
        int answerBytesMax = gossipContext.bytesMax(method.answer());
        PeerClient.Word word = new PeerClient.Word(method.word(), Map.of());
        return client.send(to, word, sent, answerBytesMax, gossipContext.callTimeout())
                .map(reply -> {
                    if (reply.status() != 200) {
                        throw failure(method + " at " + to.address() + ": ", reply);
                    }
                    return method.answer()
                            .codec()
                            .decode(reply.body())
                            .orElseThrow(() -> new PeerCallFailure(
                                    Fault.Kind.DECLINED,
                                    method + " at " + to.address() + ": " + foreign(reply.status())));
                });
    }

    private PeerCallFailure failure(String what, PeerReply reply) {
        Fault.Kind other = reply.status() < 500 ? Fault.Kind.DECLINED : Fault.Kind.SILENT;
        Fault.Kind kind = reply.status() == 503 ? Fault.Kind.BUSY : other;
        return refusal(reply.body())
                .<PeerCallFailure>map(words -> new PeerRefusal(kind, what + words))
                .orElseGet(() -> new PeerCallFailure(kind, what + reason(what, reply.status())));
    }

    /** What the other node says why it refuses, in this node's words. */
    private Optional<String> refusal(Bytes body) {
        Optional<Refused> refused = FrameCodecs.REFUSED.decode(body);
        return refused.flatMap(no -> SessionFault.of(no.code())
                .map(fault -> fault.told(gossipContext.node().network().label(), no.network())));
    }

    private static String reason(String what, int status) {
        boolean handshake = what.startsWith(PeerMethod.HELLO.word() + " ");
        return handshake && (status == 400 || status == 404) ? foreign(status) : "status " + status;
    }

    private static String foreign(int status) {
        return "it does not speak this node's version of the peers' protocol (status " + status + ")";
    }
}
