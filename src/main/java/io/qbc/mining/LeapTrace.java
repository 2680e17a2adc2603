package io.qbc.mining;

import io.qbc.bus.Failure;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Verdict;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
import io.qbc.tracing.TraceSpan.Kind;
import io.qbc.tracing.Tracing;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The spans of one leap. It is in the trace of the first traced transaction in its quant, with links to the others;
 * each of those has a span of its own for the commit, which points here.
 */
final class LeapTrace {
    private final Tracing tracing;
    private final TraceSpan span;
    private final long since;
    private final List<TraceContext> others = new ArrayList<>();
    private Optional<Hash> quant = Optional.empty();
    private boolean ended;

    /** @param parent the first of the transactions */
    LeapTrace(Tracing tracing, TraceContext parent, long since) {
        this.tracing = tracing;
        this.since = since;
        span = tracing.begin(Kind.INTERNAL, TraceNames.LEAP, parent, since);
    }

    TraceSpan span() {
        return span;
    }

    /** Whether it goes on. */
    boolean isOpen() {
        return !ended;
    }

    /** When its draft was begun. */
    long since() {
        return since;
    }

    /** One of the others in the quant. */
    void link(TraceContext other) {
        span.link(other);
        others.add(other);
    }

    /** Whether this quant is its own. */
    boolean made(Hash hash) {
        return quant.filter(hash::equals).isPresent();
    }

    TraceSpan step(String name) {
        return tracing.begin(Kind.INTERNAL, name, span.context());
    }

    /** The leap ends when its quant is judged. */
    void append(CompactQuant made, Hash chain, long from, Future<Verdict> verdict) {
        quant = Optional.of(made.hash());
        span.set(TraceNames.QUANT, made.hash().hex());
        verdict.onComplete(judged -> {
            commit(span.context(), made, chain, from, judged).end();
            others.forEach(other -> commit(other, made, chain, from, judged)
                    .link(span.context())
                    .end());
            judgedAs(judged);
        });
    }

    private TraceSpan commit(
            TraceContext parent, CompactQuant made, Hash chain, long from, AsyncResult<Verdict> judged) {
        TraceSpan commit = tracing.begin(Kind.INTERNAL, TraceNames.COMMIT, parent, from)
                .set(TraceNames.CHAIN, chain.hex())
                .set(TraceNames.HEIGHT, made.header().height())
                .set(TraceNames.QUANT, made.hash().hex());
        if (judged.failed()) {
            commit.fail(code(judged.cause()));
        } else {
            commit.set(TraceNames.OUTCOME, judged.result().word());
        }
        return commit;
    }

    private void judgedAs(AsyncResult<Verdict> judged) {
        if (judged.failed()) {
            fail(judged.cause());
        } else {
            end(judged.result().word());
        }
    }

    void fail(Throwable cause) {
        span.fail(code(cause));
        end("failed");
    }

    /** Ends it, unless its quant is judged at present. */
    void abandon() {
        if (quant.isEmpty()) {
            end("abandoned");
        }
    }

    private void end(String outcome) {
        if (!ended) {
            ended = true;
            span.set(TraceNames.OUTCOME, outcome).end();
        }
    }

    static String code(Throwable cause) {
        return Failure.of(cause).reason().code();
    }
}
