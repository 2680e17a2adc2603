package io.qbc.http.routes;

import io.qbc.api.CallerKey;
import io.qbc.api.ChainDirectory;
import io.qbc.api.InjectStyle;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.limits.ByteBudget;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Failure;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Deadlines;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.ReaderWatch;
import io.qbc.http.server.RequestTrace;
import io.qbc.http.server.RouteTable;
import io.qbc.http.server.Turns;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
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
 * by line in order. Only a few groups are in work at a time; while they are, no more is read. What was read and is not
 * settled counts among the bodies under way.
 *
 * <p>A caller may send all before it reads an answer, so answers wait for it, up to the size that a batch may have, as
 * long as there is room among all that waits for readers.
 */
final class BatchExchange implements Deadlines.Timed {
    private static final String CROWDED = "too many bytes of bodies are under way";
    private static final int GROUPS_IN_WORK = 4;
    /** Lines that are read before others on the event loop have their turn. */
    private static final int LINES_A_SLICE = 250;
    /** What a batch holds in any case: one piece that was read. */
    private static final int RESERVE_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final Verbs verbs;
    private final Deadlines deadlines;
    private final Turns turns;
    private final Limits limits;
    private final ByteBudget bodies;
    private final ByteBudget waiting;
    private final ReaderWatch reader;
    private final BatchReader lines;
    private final CallerKey keys;
    private final Deque<BatchGroup> groups = new ArrayDeque<>();
    private final BooleanSupplier left;
    private final TraceSpan trace;
    private Optional<ChainDirectory.Known> chain = Optional.empty();
    private BatchGroup filling;
    private long received;
    /** Bytes that were read and are in no group yet. */
    private long read;

    private long unsent;
    /** Whether there was no room among the bodies for what came last; then no more is read until there is. */
    private boolean crowded;

    /** Whether lines of what came last are still to be read. */
    private boolean backlog;

    private boolean reading;
    private boolean scheduled;
    private long since = System.nanoTime();
    private long heardAt = since;
    private long pausedAt = since;
    private long pausedNanos;
    private boolean apart;
    private boolean paused;
    private boolean ended;
    private boolean stopped;

    /** What a batch may be, and how long it may be silent. */
    record Limits(int lineBytes, long batchBytes, Duration silence) {}

    BatchExchange(Exchange exchange, Verbs verbs, Deadlines deadlines, Turns turns, Limits limits) {
        this.exchange = exchange;
        this.verbs = verbs;
        this.deadlines = deadlines;
        this.turns = turns;
        this.limits = limits;
        this.bodies = exchange.bodyBytes();
        this.waiting = exchange.streamBytes();
        this.reader = new ReaderWatch(exchange, () -> {});
        this.trace = RequestTrace.begin(verbs.tracing(), exchange, TraceNames.INJECT, RouteTable.INJECT);
        this.filling = new BatchGroup(trace.context());
        this.lines = new BatchReader(limits.lineBytes(), this::line);
        this.keys = CallerKey.of(exchange.caller());
        this.left = exchange.left();
    }

    /** To be called in the turn in which the request came. */
    void begin(Future<ChainDirectory.Known> found) {
        if (BodyReader.tooLong(exchange, limits.batchBytes())) {
            exchange.closeAfter();
            exchange.fail(BodyReader.tooLarge(limits.batchBytes()));
            return;
        }
        if (!bodies.take(RESERVE_BYTES)) {
            exchange.closeAfter();
            exchange.problem(Reason.BUSY, CROWDED);
            return;
        }
        exchange.whenOver(() -> bodies.release(RESERVE_BYTES));
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
        if (crowded && groups.isEmpty()) {
            if (Deadlines.passed(pausedAt, limits.silence(), now)) {
                endEarly(Reason.BUSY.refusal(CROWDED));
                return;
            }
            settled();
        }
        if (!paused && (Deadlines.passed(heardAt, limits.silence(), now) || lame(now))) {
            Failure late = new Failure(Reason.TIMED_OUT, "the batch did not go on in time");
            stop(late);
            exchange.abort(late);
        }
    }

    /** Whether the caller sent too little in the time in which it could. */
    private boolean lame(long now) {
        return exchange.pace().tooSlow(received, now - since - pausedNanos, limits.silence());
    }

    private void ready(ChainDirectory.Known known) {
        chain = Optional.of(known);
        if (trace.isRecording()) {
            trace.set(TraceNames.CHAIN, known.id().hex());
        }
        deadlines.watch(this);
        since = System.nanoTime();
        heardAt = since;
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
            endEarly(BodyReader.tooLarge(limits.batchBytes()).refusal());
            return;
        }
        crowded = !bodies.take(chunk.length());
        read += crowded ? 0 : chunk.length();
        lines.offer(chunk);
        backlog = true;
        flow();
    }

    /** Reads some of the lines that came; what is left waits for another turn, and until there is room for it. */
    private void readOn() {
        if (stopped || ended || isFull()) {
            return;
        }
        reading = true;
        backlog = lines.read(LINES_A_SLICE);
        reading = false;
        if (groups.isEmpty() && !backlog) {
            dispatch();
        }
        flow();
    }

    /** Looks whether there is room again. */
    private void settled() {
        if (crowded && bodies.take(RESERVE_BYTES)) {
            bodies.release(RESERVE_BYTES);
            crowded = false;
        }
        flow();
    }

    /** What came before is answered; then one line says why there is no more. */
    private void endEarly(Refusal refusal) {
        filling.refuse(0, refusal);
        finishEarly();
    }

    /** What still comes is let fall until the connection is closed, as nobody may keep it. */
    private void finishEarly() {
        exchange.closeAfter();
        finish();
        exchange.pauseReading(false);
        exchange.request().resume();
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
        forget();
        drain();
    }

    /** What was read and is in no group is let fall. */
    private void forget() {
        bodies.release(read);
        read = 0;
    }

    private void line(BatchReader.Line line) {
        if (ended || stopped) {
            return;
        }
        if (!line.whole()) {
            refuse(line, BodyReader.tooLarge(limits.lineBytes()));
        } else if (!line.isBlank()) {
            try {
                filling.submit(
                        line.number(), verbs.reader().read(chain.orElseThrow(), line.text(), keys, InjectStyle.STRICT));
            } catch (Failure failure) {
                refuse(line, failure);
            }
        }
        if (filling.isFull()) {
            dispatch();
        }
    }

    private void refuse(BatchReader.Line line, Failure failure) {
        verbs.injector().refused(failure);
        filling.refuse(line.number(), failure.refusal());
    }

    private void dispatch() {
        if (filling.isEmpty() || stopped) {
            return;
        }
        int room = filling.answerBytes();
        if (!waiting.take(room)) {
            room = 0;
            filling = new BatchGroup(trace.context());
            filling.refuse(0, Reason.BUSY.refusal("too much waits for readers of answers"));
            if (!ended) {
                finishEarly();
                return;
            }
        }
        send(room);
    }

    private void send(int room) {
        BatchGroup group = filling;
        group.hold(room);
        filling = new BatchGroup(trace.context());
        groups.add(group);
        long size = Math.max(0, read - lines.kept());
        read -= size;
        // Once one goes the longer way all do, so that none overtakes another.
        apart |= group.isCostly();
        group.send(verbs, chain.orElseThrow().id(), apart ? Optional.of(left) : Optional.empty())
                .onComplete(settled -> bodies.release(size))
                .onSuccess(settled -> drain())
                .onFailure(this::stop);
        flow();
    }

    /** Writes the answers of the groups at the front that are done. */
    private void drain() {
        JsonBuffer out = new JsonBuffer(4096);
        long held = 0;
        while (!groups.isEmpty() && groups.peek().isDone()) {
            BatchGroup group = groups.poll();
            held += group.held();
            group.outcomes().forEach(exchange::recordPart);
            group.write(out);
        }
        if (stopped) {
            waiting.release(held);
            return;
        }
        if (out.size() > 0) {
            send(out.drain(), held);
        }
        if (groups.isEmpty()) {
            if (ended) {
                stopped = true;
                exchange.endStream();
                return;
            }
            dispatch();
        }
        settled();
    }

    /** @param room how much was taken for these answers */
    private void send(Buffer answers, long room) {
        int size = answers.length();
        long held = Math.min(room, size);
        waiting.release(room - held);
        unsent += size;
        reader.begin();
        exchange.write(answers)
                .onComplete(sent -> {
                    waiting.release(held);
                    unsent -= size;
                    reader.took();
                    if (unsent == 0) {
                        reader.end();
                    }
                })
                .onSuccess(sent -> flow())
                .onFailure(this::stop);
    }

    /** Reads on, or not, as groups and answers allow. */
    private void flow() {
        if (reading || ended || stopped) {
            return;
        }
        if (backlog && !isFull() && !scheduled) {
            scheduled = true;
            turns.take(() -> {
                scheduled = false;
                readOn();
            });
            if (ended || stopped) {
                return;
            }
        }
        boolean full = isFull() || backlog;
        if (full == paused) {
            return;
        }
        paused = full;
        heardAt = System.nanoTime();
        exchange.pauseReading(full);
        if (full) {
            pausedAt = heardAt;
            exchange.request().pause();
        } else {
            pausedNanos += heardAt - pausedAt;
            exchange.request().resume();
        }
    }

    private boolean isFull() {
        return groups.size() >= GROUPS_IN_WORK || unsent > limits.batchBytes() || crowded;
    }

    private void stop(Throwable cause) {
        stopped = true;
        deadlines.forget(this);
        forget();
        exchange.pauseReading(false);
    }
}
