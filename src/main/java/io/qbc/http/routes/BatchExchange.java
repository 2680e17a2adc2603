package io.qbc.http.routes;

import io.qbc.api.ChainDirectory;
import io.qbc.api.InjectStyle;
import io.qbc.api.Verbs;
import io.qbc.api.json.JsonBuffer;
import io.qbc.bus.Failure;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Deadlines;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * An exchange of a batch of transactions, one a line: read as it comes, sent to the pool in groups, and answered line
 * by line in order. Only a few groups are in work at a time; while they are, no more is read.
 *
 * <p>A caller may send all before it reads an answer, so answers wait for it, up to the size that a batch may have.
 */
final class BatchExchange implements Deadlines.Timed {
    private static final int GROUPS_IN_WORK = 4;

    private final Exchange exchange;
    private final Verbs verbs;
    private final Deadlines deadlines;
    private final Limits limits;
    private final BatchReader lines;
    private final Deque<BatchGroup> groups = new ArrayDeque<>();
    private final BooleanSupplier left;
    private Optional<ChainDirectory.Known> chain = Optional.empty();
    private BatchGroup filling = new BatchGroup();
    private long received;
    private long unsent;
    private long heardAt = System.nanoTime();
    private boolean apart;
    private boolean paused;
    private boolean ended;
    private boolean stopped;

    /** What a batch may be, and how long it may be silent. */
    record Limits(int lineBytes, long batchBytes, Duration silence) {}

    BatchExchange(Exchange exchange, Verbs verbs, Deadlines deadlines, Limits limits) {
        this.exchange = exchange;
        this.verbs = verbs;
        this.deadlines = deadlines;
        this.limits = limits;
        this.lines = new BatchReader(limits.lineBytes(), this::line);
        this.left = exchange.left();
    }

    /** To be called in the turn in which the request came. */
    void begin(Future<ChainDirectory.Known> found) {
        if (BodyReader.tooLong(exchange, limits.batchBytes())) {
            exchange.closeAfter();
            exchange.fail(BodyReader.tooLarge(limits.batchBytes()));
            return;
        }
        HttpServerRequest request = exchange.request();
        request.handler(this::chunk);
        request.endHandler(end -> end());
        request.exceptionHandler(this::stop);
        exchange.whenOver(() -> stop(new HttpClosedException("the caller left")));
        request.pause();
        found.onSuccess(this::ready).onFailure(this::refuse);
    }

    @Override
    public void expire(long now) {
        if (!paused && Deadlines.passed(heardAt, limits.silence(), now)) {
            Failure late = new Failure(Reason.TIMED_OUT, "the batch did not go on in time");
            stop(late);
            exchange.abort(late);
        }
    }

    private void ready(ChainDirectory.Known known) {
        chain = Optional.of(known);
        deadlines.watch(this);
        heardAt = System.nanoTime();
        exchange.stream(MediaTypes.NDJSON);
        exchange.request().resume();
    }

    private void refuse(Throwable cause) {
        stop(cause);
        exchange.closeAfter();
        exchange.request().resume();
        exchange.fail(cause);
    }

    private void chunk(Buffer chunk) {
        if (stopped || ended) {
            return;
        }
        heardAt = System.nanoTime();
        received += chunk.length();
        if (received > limits.batchBytes()) {
            // What came before the limit is answered; then one line says why there is no more.
            filling.refuse(0, BodyReader.tooLarge(limits.batchBytes()).refusal());
            exchange.closeAfter();
            finish();
            return;
        }
        lines.chunk(chunk);
        if (groups.isEmpty()) {
            dispatch();
        }
    }

    private void end() {
        if (!stopped && !ended) {
            lines.end();
            finish();
        }
    }

    private void finish() {
        ended = true;
        deadlines.forget(this);
        dispatch();
        drain();
    }

    private void line(BatchReader.Line line) {
        if (!line.whole()) {
            filling.refuse(
                    line.number(), BodyReader.tooLarge(limits.lineBytes()).refusal());
        } else if (!line.isBlank()) {
            try {
                filling.submit(
                        line.number(),
                        verbs.reader().read(chain.orElseThrow(), line.text(), Optional.empty(), InjectStyle.STRICT));
            } catch (Failure failure) {
                filling.refuse(line.number(), failure.refusal());
            }
        }
        if (filling.isFull()) {
            dispatch();
        }
    }

    private void dispatch() {
        if (filling.isEmpty()) {
            return;
        }
        BatchGroup group = filling;
        filling = new BatchGroup();
        groups.add(group);
        // Once one goes the longer way all do, so that none overtakes another.
        apart |= group.isCostly();
        group.send(verbs, chain.orElseThrow().id(), apart ? Optional.of(left) : Optional.empty())
                .onSuccess(settled -> drain())
                .onFailure(this::stop);
        flow();
    }

    /** Writes the answers of the groups at the front that are done. */
    private void drain() {
        JsonBuffer out = new JsonBuffer(4096);
        while (!groups.isEmpty() && groups.peek().isDone()) {
            groups.poll().write(out);
        }
        if (stopped) {
            return;
        }
        if (out.size() > 0) {
            send(out.drain());
        }
        if (groups.isEmpty()) {
            if (ended) {
                stopped = true;
                exchange.endStream();
                return;
            }
            dispatch();
        }
        flow();
    }

    private void send(Buffer answers) {
        unsent += answers.length();
        exchange.response()
                .write(answers)
                .onSuccess(sent -> {
                    unsent -= answers.length();
                    flow();
                })
                .onFailure(this::stop);
    }

    /** Reads on, or not, as groups and answers allow. */
    private void flow() {
        boolean full = groups.size() >= GROUPS_IN_WORK || unsent > limits.batchBytes();
        if (full == paused || ended || stopped) {
            return;
        }
        paused = full;
        heardAt = System.nanoTime();
        if (full) {
            exchange.request().pause();
        } else {
            exchange.request().resume();
        }
    }

    private void stop(Throwable cause) {
        stopped = true;
        deadlines.forget(this);
    }
}
