package io.qbc.e2e.hostile;

import io.qbc.Patience;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.HandshakeMessages;
import io.qbc.protocol.message.HeadsDigest;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Welcome;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A peer with a true key that claims the best head of all, and answers {@code sync} with a byte now and then: always
 * before a silence would end the call, and never to the end.
 */
public final class TricklingPeer implements AutoCloseable {
    public final AtomicInteger syncs = new AtomicInteger();
    public final AtomicInteger cutOff = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();
    private final Signer identity;
    private final Claim claim;
    private final Duration pause;
    private final HttpServer server;

    public TricklingPeer(Signer identity, Hash chain, Duration pause) {
        this.identity = identity;
        this.pause = pause;
        claim = new Claim(chain, new Hash(7, 7, 7, 7), 1_000_000, BigInteger.ONE.shiftLeft(100));
        server = Patience.get(
                vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
    }

    public String address() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    @Override
    public void close() {
        Patience.get(vertx.close());
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            if (request.path().endsWith("/sync")) {
                trickle(request);
            } else {
                request.response()
                        .end(Buffer.buffer(answer(request.path(), Bytes.wrap(body.getBytes()))
                                .toArray()));
            }
        });
    }

    private void trickle(HttpServerRequest request) {
        syncs.incrementAndGet();
        request.response().putHeader("Content-Length", Integer.toString(1 << 20));
        long timer =
                vertx.setPeriodic(pause.toMillis(), each -> request.response().write(Buffer.buffer(new byte[] {2})));
        request.response().closeHandler(closed -> {
            vertx.cancelTimer(timer);
            cutOff.incrementAndGet();
        });
    }

    private Bytes answer(String path, Bytes body) {
        Hash digest = HeadsDigest.of(new TreeMap<>(Map.of(claim.chain(), claim.hash())));
        Status status = new Status(new Mark(1, 1), 0, digest, List.of(new Listing(claim, "main")), List.of());
        if (path.endsWith("/hello")) {
            Hello hello = PeerMethod.HELLO.request().codec().decode(body).orElseThrow();
            Bytes signature = identity.sign(HandshakeMessages.answered(hello.nonce(), hello.called(), address()));
            return PeerMethod.HELLO.answer().codec().encode(new Welcome(identity.key(), address(), signature, status));
        }
        return PeerMethod.HEAD.answer().codec().encode(status);
    }
}
