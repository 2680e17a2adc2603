package io.qbc.http.server;

import io.qbc.api.access.Excess;
import io.qbc.api.limits.ByteBudget;
import io.qbc.api.limits.CallerShares;
import io.qbc.api.limits.CallerShares.Kind;
import io.qbc.api.limits.Permits;
import io.qbc.api.stream.Sink;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.function.Function;

/** The streamed answers: so many at once, at the pace of their readers, and within the budget of bytes. */
public final class Streams {
    private static final CharSequence UNBUFFERED = HttpHeaders.createOptimized("x-accel-buffering");

    private Streams() {}

    /**
     * Sends what {@code writer} writes. A failure before the first byte is answered as a problem; a later one ends the
     * connection, so that nobody takes half an answer for a whole one.
     */
    public static void send(Exchange exchange, String type, Function<Sink, Future<Void>> writer) {
        Optional<Runnable> place = take(exchange);
        if (place.isEmpty()) {
            return;
        }
        if (exchange.isHead()) {
            place.get().run();
            exchange.stream(type);
            return;
        }
        ResponseSink sink = new ResponseSink(exchange, type);
        writer.apply(sink)
                .compose(done -> sink.end())
                .onFailure(cause -> cut(exchange, cause))
                .onComplete(done -> {
                    sink.release();
                    place.get().run();
                });
    }

    /**
     * Begins an answer that goes on until its caller or {@link Exchange#endStream()} ends it, which no cache may keep
     * and no proxy may hold back (nginx reads the second field). Empty if there is nothing to write: it was refused, or
     * the caller left or asked with HEAD.
     */
    public static Optional<Sink> open(Exchange exchange, String type) {
        Optional<Runnable> place = take(exchange);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        ResponseSink sink = new ResponseSink(exchange, type);
        exchange.whenOver(() -> {
            sink.release();
            place.get().run();
        });
        exchange.response().headers().set(HttpHeaders.CACHE_CONTROL, "no-cache").set(UNBUFFERED, "no");
        return exchange.stream(type) ? Optional.of(sink) : Optional.empty();
    }

    /** Takes a place among the streams, for an address and for a credential; gives what leaves it. */
    static Optional<Runnable> take(Exchange exchange) {
        Permits permits = exchange.connection().share().streams();
        CallerShares callers = exchange.connection().shared().callers();
        String credential = exchange.caller().id();
        if (!permits.take()) {
            exchange.problem(Reason.BUSY, "too many streams are open");
            return Optional.empty();
        }
        if (credential.isEmpty()) {
            return Optional.of(permits::release);
        }
        if (!callers.take(Kind.STREAMS, credential)) {
            permits.release();
            Excess excess = Excess.held("streams", callers.most(Kind.STREAMS));
            LimitFields.exceeded(exchange, excess);
            exchange.problem(excess.refusal());
            return Optional.empty();
        }
        return Optional.of(() -> {
            callers.release(Kind.STREAMS, credential);
            permits.release();
        });
    }

    private static void cut(Exchange exchange, Throwable cause) {
        if (exchange.isAnswered()) {
            exchange.abort(cause);
        } else {
            exchange.fail(cause);
        }
    }

    /**
     * A sink that writes into a response at the pace of its reader; one for a response. The next bytes are welcome when
     * the system has taken all: the server's own mark counts pieces, of which sixteen would wait for each reader.
     */
    private static final class ResponseSink implements Sink {
        private final Exchange exchange;
        private final String type;
        private final ByteBudget budget;
        private final ReaderWatch watch;
        private Runnable slow = () -> {};
        private Optional<Gzip> gzip = Optional.empty();
        private long held;
        private boolean released;

        ResponseSink(Exchange exchange, String type) {
            this.exchange = exchange;
            this.type = type;
            this.budget = exchange.connection().share().streamBytes();
            this.watch = new ReaderWatch(exchange, () -> slow.run());
        }

        @Override
        public Future<Void> write(Buffer bytes) {
            if (exchange.isOver() || (!exchange.isAnswered() && !begin(bytes.length()))) {
                return left();
            }
            if (bytes.length() == 0) {
                return Future.succeededFuture();
            }
            return gzip.map(coder -> coder.piece(bytes).compose(this::send)).orElseGet(() -> send(bytes));
        }

        /** Begins the answer, compressed if its first piece is large enough; events never are. */
        private boolean begin(int first) {
            gzip = Gzip.of(exchange, type, first);
            return exchange.stream(type);
        }

        /** Ends the answer: JSON with a line feed, for who reads it on a terminal. */
        Future<Void> end() {
            Buffer last = Buffer.buffer(MediaTypes.isJson(type) ? "\n" : "");
            if (exchange.isOver() || (!exchange.isAnswered() && !begin(0))) {
                return left();
            }
            return gzip.map(coder -> coder.end(last))
                    .orElseGet(() -> Future.succeededFuture(last))
                    .onSuccess(exchange::endStream)
                    .mapEmpty();
        }

        private static Future<Void> left() {
            return Future.failedFuture(new HttpClosedException("the caller left"));
        }

        private Future<Void> send(Buffer bytes) {
            if (exchange.isOver()) {
                return left();
            }
            Future<Void> written = exchange.write(bytes);
            if (written.isComplete()) {
                return written;
            }
            watch.begin();
            return written.onComplete(taken -> watch.end());
        }

        @Override
        public boolean hold(long bytes) {
            return !released && (bytes <= held || budget.take(bytes - held)) && held(bytes);
        }

        @Override
        public boolean holdSpare(long bytes) {
            return !released && (bytes <= held || budget.takeSpare(bytes - held)) && held(bytes);
        }

        /** More was taken already; less is given back. */
        private boolean held(long bytes) {
            if (bytes < held) {
                budget.release(held - bytes);
            }
            held = bytes;
            return true;
        }

        /** Gives back what is held, for good. */
        void release() {
            hold(0);
            released = true;
            gzip.ifPresent(Gzip::close);
        }

        @Override
        public void whenSlow(Runnable work) {
            slow = work;
        }
    }
}
