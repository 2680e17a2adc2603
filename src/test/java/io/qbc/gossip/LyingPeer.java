package io.qbc.gossip;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.HeadsDigest;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.session.TestCallee;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A peer with a true key that claims a head out of reach and delivers what a test gives it. */
final class LyingPeer implements AutoCloseable {
    final AtomicInteger syncs = new AtomicInteger();
    final AtomicInteger specs = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();
    private final Signer identity;
    private final Claim claim;
    private final List<Part> parts;
    private final HttpServer server;
    private Optional<TestCallee> callee = Optional.empty();

    LyingPeer(Signer identity, Hash chain, List<Part> parts) {
        this.identity = identity;
        this.parts = parts;
        claim = new Claim(chain, new Hash(7, 7, 7, 7), 1_000_000, BigInteger.ONE.shiftLeft(100));
        server = TestNode.await(
                vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
    }

    String address() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    @Override
    public void close() {
        TestNode.await(vertx.close());
    }

    private void handle(HttpServerRequest request) {
        String verb = request.path().substring(request.path().lastIndexOf('/') + 1);
        request.body()
                .map(body -> callee().answer(verb, Bytes.wrap(body.getBytes()), (word, frame) -> answer(word))
                        .orElseThrow())
                .onSuccess(answer -> request.response().end(Buffer.buffer(answer.toArray())))
                .onFailure(cause -> request.response().setStatusCode(400).end());
    }

    /** Its address is known once it listens. */
    private TestCallee callee() {
        TestCallee made = callee.orElseGet(() -> new TestCallee(identity, address()));
        callee = Optional.of(made);
        return made;
    }

    private Bytes answer(String verb) {
        Hash digest = HeadsDigest.of(new TreeMap<>(Map.of(claim.chain(), claim.hash())));
        Status status = new Status(new Mark(1, 1), 0, digest, List.of(new Listing(claim, "lie")), List.of());
        if (verb.equals("spec")) {
            specs.incrementAndGet();
            return PeerMethod.SPEC
                    .answer()
                    .codec()
                    .encode(new Document(TestNode.dbc("lie").document()));
        }
        if (verb.equals("sync")) {
            syncs.incrementAndGet();
            return PeerMethod.SYNC.answer().codec().encode(new Range(claim, parts));
        }
        return PeerMethod.HEAD.answer().codec().encode(status);
    }
}
