package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.message.HandshakeMessages;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Welcome;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Optional;

/** The handshake of two nodes, on both sides: who signs a fresh nonce holds the key. */
public final class Handshake {
    private final GossipContext gossipContext;
    private final PeerClient client;
    private final IdentityWatch identities;
    // A nonce that could be foreseen would let an old answer pass.
    private final SecureRandom nonces = new SecureRandom();

    public Handshake(GossipContext gossipContext, PeerClient client) {
        this.gossipContext = gossipContext;
        this.client = client;
        identities = new IdentityWatch(gossipContext.identity().key());
    }

    /**
     * Who answered a challenge, where, under which address of its own, and what it says of chains and peers.
     *
     * @param byItself whether this node itself answered
     */
    record Result(PeerEndpoint peerEndpoint, Bytes key, String address, Status status, boolean byItself) {}

    /** Challenges; fails with {@link PeerCallFailure} if the answer does not prove a key. */
    Future<Result> challenge(PeerEndpoint peerEndpoint, Mark known) {
        Hello hello = hello(peerEndpoint.address().text(), known);
        identities.asked(hello.nonce());
        return client.send(peerEndpoint, PeerMethod.HELLO, hello, gossipContext.callTimeout())
                .onFailure(cause -> identities.over(hello.nonce()))
                .compose(answer -> gossipContext.decode(PeerMethod.HELLO.answer(), answer))
                .map(decoded -> {
                    boolean byItself = identities.over(hello.nonce());
                    Welcome welcome = decoded.filter(w -> proves(hello, w))
                            .orElseThrow(() -> new PeerCallFailure(
                                    Fault.Kind.SILENT,
                                    peerEndpoint.address() + " did not sign the challenge with its key"));
                    return new Result(peerEndpoint, welcome.key(), welcome.address(), welcome.status(), byItself);
                });
    }

    IdentityWatch identities() {
        return identities;
    }

    /** The answer to a challenge; nothing if its caller did not sign it. */
    public Optional<Welcome> answer(Hello hello, Status status) {
        byte[] asked = HandshakeMessages.asked(hello.nonce(), hello.called(), hello.address());
        if (!Ed25519.VERIFIER.verify(hello.key(), asked, hello.signature())) {
            return Optional.empty();
        }
        if (hello.key().equals(gossipContext.identity().key())) {
            identities.called(hello.nonce(), hello.address(), gossipContext.now());
        }
        String own = gossipContext.advertised();
        Bytes signature = gossipContext.identity().sign(HandshakeMessages.answered(hello.nonce(), hello.called(), own));
        return Optional.of(new Welcome(gossipContext.identity().key(), own, signature, status));
    }

    private Hello hello(String called, Mark known) {
        byte[] random = new byte[HandshakeMessages.NONCE_BYTES];
        nonces.nextBytes(random);
        Bytes nonce = Bytes.wrap(random);
        String own = gossipContext.advertised();
        Bytes signature = gossipContext.identity().sign(HandshakeMessages.asked(nonce, called, own));
        return new Hello(nonce, gossipContext.identity().key(), called, own, signature, known);
    }

    private static boolean proves(Hello hello, Welcome welcome) {
        byte[] answered = HandshakeMessages.answered(hello.nonce(), hello.called(), welcome.address());
        return Ed25519.VERIFIER.verify(welcome.key(), answered, welcome.signature());
    }
}
