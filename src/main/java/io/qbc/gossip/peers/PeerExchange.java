package io.qbc.gossip.peers;

import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.protocol.effect.Fault;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of a peer while it is under way, and the codec that takes its answer. It ends with the answer, or
 * when the peer takes too long in all, is slower than it may be, or sends more than it may; then the connection is
 * closed. Confined to one event loop.
 */
final class PeerExchange implements BodyCodec<Void> {
    private static final Logger LOG = LoggerFactory.getLogger(PeerExchange.class);
    private static final long WATCH_MILLIS_MAX = 250;
    private static final long WATCHES = 20;

    private final Vertx vertx;
    private final Limits limits;
    private final BoundedBody body;
    private final String what;
    private final Promise<PeerReply> end = Promise.promise();
    private final long begun = System.nanoTime();
    private final long watch;
    private Optional<HttpClientRequest> request = Optional.empty();
    private OptionalLong answeredAt = OptionalLong.empty();

    /**
     * What the call may take.
     *
     * @param bytesMax the answer's bytes
     * @param total the call's time from its beginning to its end
     * @param grace how long an answer may come as slowly as it likes
     * @param rate bytes a second that it must have brought afterwards
     */
    record Limits(int bytesMax, Duration total, Duration grace, int rate) {}

    /**
     * A call that begins.
     *
     * @param what the call in words, for messages
     */
    PeerExchange(Vertx vertx, Limits limits, AnswerBudget budget, String what) {
        this.vertx = vertx;
        this.limits = limits;
        body = new BoundedBody(limits.bytesMax(), budget);
        this.what = what;
        long pause = Math.min(WATCH_MILLIS_MAX, limits.total().toMillis() / WATCHES);
        watch = vertx.setPeriodic(Math.max(1, pause), timer -> watch());
    }

    /**
     * Sends the request; gives the answer, whatever its status is, or a {@link PeerCallFailure}.
     *
     * @param dated takes the {@code Date} of an answer, empty if it has none
     */
    Future<PeerReply> run(HttpRequest<Buffer> call, Buffer sent, Consumer<Optional<String>> dated) {
        call.as(this)
                .sendBuffer(sent)
                .onSuccess(response -> {
                    dated.accept(Optional.ofNullable(response.getHeader("Date")));
                    answered(response.statusCode());
                })
                .onFailure(this::broken);
        return end.future();
    }

    /** Takes note of what must be reset if the call ends early; false if it ended already. */
    boolean sends(HttpClientRequest made) {
        request = Optional.of(made);
        return !end.future().isComplete();
    }

    @Override
    public BodyStream<Void> stream() {
        answeredAt = OptionalLong.of(System.nanoTime());
        return new Pieces();
    }

    private void take(Buffer piece) {
        if (end.future().isComplete()) {
            return;
        }
        switch (body.add(piece)) {
            case TAKEN -> {}
            case TOO_LONG ->
                fail(new PeerCallFailure(
                        Fault.Kind.SILENT, what + "the answer is longer than " + limits.bytesMax() + " bytes"));
            case NO_BUDGET -> fail(new Failure(Reason.BUSY, "too many bytes of peers' answers are under way"));
        }
    }

    private void answered(int status) {
        Bytes bytes = body.bytes();
        if (settle()) {
            end.complete(new PeerReply(status, bytes));
        }
    }

    private void watch() {
        long now = System.nanoTime();
        if (now - begun > limits.total().toNanos()) {
            slow("it takes longer than " + limits.total().toMillis() + " ms");
            return;
        }
        answeredAt.ifPresent(since -> {
            long nanos = now - since;
            double seconds = nanos / 1e9;
            if (nanos > limits.grace().toNanos() && body.size() < limits.rate() * seconds) {
                slow("it brings less than " + limits.rate() + " bytes a second");
            }
        });
    }

    private void slow(String why) {
        fail(new PeerCallFailure(Fault.Kind.SLOW, what + why));
    }

    private void broken(Throwable cause) {
        if (!end.future().isComplete()) {
            settle(kind(cause), String.valueOf(cause.getMessage()));
        }
    }

    private static Fault.Kind kind(Throwable cause) {
        if (cause instanceof ConnectionPoolTooBusyException) {
            // Too many calls to it wait here, which is not its fault.
            return Fault.Kind.BUSY;
        }
        return cause instanceof ConnectException ? Fault.Kind.REFUSED : Fault.Kind.SILENT;
    }

    private void settle(Fault.Kind kind, String why) {
        if (settle()) {
            end.fail(new PeerCallFailure(kind, what + why));
        }
    }

    /** Ends a call whose rest nobody wants. */
    private void fail(Throwable cause) {
        if (settle()) {
            end.fail(cause);
            request.ifPresent(PeerExchange::abandon);
        }
    }

    /** Takes everything back; false if that was done before. */
    private boolean settle() {
        if (end.future().isComplete()) {
            return false;
        }
        vertx.cancelTimer(watch);
        body.release();
        return true;
    }

    private static void abandon(HttpClientRequest made) {
        made.reset().onFailure(cause -> LOG.debug("a call cannot be reset: {}", cause.toString()));
    }

    /** The answer's pieces. How the call ends is not theirs to say. */
    private final class Pieces implements BodyStream<Void> {
        @Override
        public Future<Void> write(Buffer piece) {
            take(piece);
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> end() {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> result() {
            return Future.succeededFuture();
        }

        @Override
        public void handle(Throwable cause) {}

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public Pieces exceptionHandler(Handler<Throwable> handler) {
            return this;
        }

        @Override
        public Pieces setWriteQueueMaxSize(int size) {
            return this;
        }

        @Override
        public Pieces drainHandler(Handler<Void> handler) {
            return this;
        }
    }
}
