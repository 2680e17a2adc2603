package io.qbc.e2e.hostile;

import io.qbc.Patience;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.HeadsDigest;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.session.TestCallee;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private Optional<TestCallee> callee = Optional.empty();

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
        String verb = request.path().substring(request.path().lastIndexOf('/') + 1);
        request.body().onSuccess(body -> {
            if (verb.equals("sync")) {
                trickle(request);
                return;
            }
            callee().answer(verb, Bytes.wrap(body.getBytes()), (word, frame) -> status())
                    .ifPresentOrElse(
                            answer -> request.response().end(Buffer.buffer(answer.toArray())),
                            () -> request.response().setStatusCode(400).end());
        });
    }

    /** Its address is known once it listens. */
    private TestCallee callee() {
        TestCallee made = callee.orElseGet(() -> new TestCallee(identity, address()));
        callee = Optional.of(made);
        return made;
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

    private Bytes status() {
        Hash digest = HeadsDigest.of(new TreeMap<>(Map.of(claim.chain(), claim.hash())));
        Status status = new Status(new Mark(1, 1), 0, digest, List.of(new Listing(claim, "main")), List.of());
        return PeerMethod.HEAD.answer().codec().encode(status);
    }
}
