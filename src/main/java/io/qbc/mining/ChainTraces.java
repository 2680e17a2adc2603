package io.qbc.mining;

import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Catalogue.Supersession;
import io.qbc.ledger.leap.LeapEffect;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Verdict;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
import io.qbc.tracing.TraceSpan.Kind;
import io.qbc.tracing.Tracing;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The traced transactions that wait in one chain, and the spans of the leaps that take them. */
final class ChainTraces {
    private final Tracing tracing;
    private final Hash chain;
    private final NavigableMap<Long, Waiting> bySequence = new TreeMap<>();
    private final Map<Hash, Waiting> byId = new HashMap<>();
    private Optional<LeapTrace> leap = Optional.empty();

    ChainTraces(Tracing tracing, Hash chain) {
        this.tracing = tracing;
        this.chain = chain;
    }

    /**
     * A traced transaction that waits.
     *
     * @param since it is durable
     */
    private record Waiting(Hash id, long sequence, TraceContext trace, long since) {}

    /** The time as spans have it. */
    long now() {
        return tracing.now();
    }

    /**
     * Submissions were made durable, those that were accepted.
     *
     * @param since when that began
     */
    void kept(List<Submission> submissions, List<Admission> admissions, long since) {
        if (!tracing.isOn()) {
            return;
        }
        long now = tracing.now();
        TraceContext last = TraceContext.NONE;
        Iterator<Submission> each = submissions.iterator();
        for (Admission admission : admissions) {
            Submission submission = each.next();
            TraceContext trace = submission.trace();
            if (trace.isSampled() && admission instanceof Accepted accepted) {
                // The lines of a batch are made durable together, and have one span.
                if (!trace.equals(last)) {
                    span(TraceNames.PERSIST, trace, since).end(now);
                    last = trace;
                }
                tracing.remember(accepted.id(), trace);
                follow(new Waiting(accepted.id(), accepted.sequence(), trace, now));
            }
        }
    }

    private void follow(Waiting waiting) {
        if (tracing.follow()) {
            bySequence.put(waiting.sequence(), waiting);
            byId.put(waiting.id(), waiting);
        }
    }

    /** A quant is to be made; if it holds what is traced, its leap has a span in the trace of the first of them. */
    void begin(LeapEffect.Plan plan) {
        abandon();
        if (byId.isEmpty()) {
            return;
        }
        List<Waiting> traced = new ArrayList<>();
        for (Hash id : plan.ids()) {
            Optional.ofNullable(byId.get(id)).ifPresent(traced::add);
        }
        if (!traced.isEmpty()) {
            LeapTrace begun = new LeapTrace(tracing, traced.get(0).trace(), tracing.now());
            begun.span()
                    .set(TraceNames.CHAIN, chain.hex())
                    .set(TraceNames.HEIGHT, plan.tip().head().header().height() + 1)
                    .set(TraceNames.TRANSACTIONS, plan.ids().size());
            traced.stream().map(Waiting::trace).distinct().skip(1).forEach(trace -> begun.link(trace));
            leap = Optional.of(begun);
        }
    }

    /** A step of the leap that is under way; what fails ends it. */
    <T> Future<T> step(String name, Future<T> work) {
        if (leap.isEmpty() || !leap.get().isOpen()) {
            return work;
        }
        LeapTrace under = leap.get();
        TraceSpan span = under.step(name);
        return work.onComplete(done -> {
            if (done.failed()) {
                span.fail(LeapTrace.code(done.cause()));
                under.fail(done.cause());
            } else if (done.result() instanceof Optional<?> made && made.isEmpty()) {
                span.set(TraceNames.OUTCOME, "cancelled");
            }
            span.end();
        });
    }

    /** Offers the sealed quant; its trace is known before, since peers may hear of it before the answer. */
    Future<Verdict> append(CompactQuant quant, Supplier<Future<Verdict>> offer) {
        if (leap.isEmpty() || !leap.get().isOpen()) {
            return offer.get();
        }
        tracing.remember(quant.hash(), leap.get().span().context());
        long from = tracing.now();
        Future<Verdict> verdict = offer.get();
        leap.get().append(quant, chain, from, verdict);
        return verdict;
    }

    /** What came into the chain, or never will, waits no more. */
    void moved(HeadMoved moved) {
        if (bySequence.isEmpty()) {
            return;
        }
        if (leap.isPresent()
                && moved.done().stream().noneMatch(placed -> leap.get().made(placed.quant()))) {
            leap.get().abandon();
        }
        for (Placed placed : moved.done()) {
            leave(placed);
        }
        for (Supersession superseded : moved.superseded()) {
            for (Waiting gone : take(new LogRange(superseded.sequence(), 1))) {
                span(TraceNames.POOL, gone.trace(), gone.since())
                        .set(TraceNames.TRANSACTION, gone.id().hex())
                        .set(TraceNames.OUTCOME, "superseded")
                        .end();
            }
        }
    }

    void stop() {
        abandon();
        tracing.unfollow(bySequence.size());
        bySequence.clear();
        byId.clear();
    }

    /** A leap that came to nothing: another quant was faster, or its turn is over. */
    private void abandon() {
        leap.ifPresent(LeapTrace::abandon);
        leap = Optional.empty();
    }

    private void leave(Placed placed) {
        List<Waiting> gone = take(placed.logRange());
        if (gone.isEmpty()) {
            return;
        }
        Optional<LeapTrace> own = leap.filter(under -> under.made(placed.quant()));
        long until = own.map(LeapTrace::since).orElseGet(tracing::now);
        byTrace(gone).forEach((trace, some) -> {
            TraceSpan pool = span(TraceNames.POOL, trace, some.get(0).since())
                    .set(TraceNames.TRANSACTIONS, some.size())
                    .set(TraceNames.HEIGHT, placed.height())
                    .set(TraceNames.QUANT, placed.quant().hex());
            if (some.size() == 1) {
                pool.set(TraceNames.TRANSACTION, some.get(0).id().hex());
            }
            TraceContext quant = tracing.recall(placed.quant());
            if (quant.isSampled() && !quant.traceId().equals(trace.traceId())) {
                pool.link(quant);
            }
            pool.end(Math.max(until, some.get(0).since()));
        });
    }

    private static Map<TraceContext, List<Waiting>> byTrace(List<Waiting> waiting) {
        Map<TraceContext, List<Waiting>> all = new LinkedHashMap<>();
        waiting.forEach(each ->
                all.computeIfAbsent(each.trace(), first -> new ArrayList<>()).add(each));
        return all;
    }

    private List<Waiting> take(LogRange range) {
        NavigableMap<Long, Waiting> part = bySequence.subMap(range.from(), true, range.end(), false);
        List<Waiting> taken = List.copyOf(part.values());
        taken.forEach(each -> byId.remove(each.id()));
        tracing.unfollow(taken.size());
        part.clear();
        return taken;
    }

    private TraceSpan span(String name, TraceContext parent, long since) {
        return tracing.begin(Kind.INTERNAL, name, parent, since).set(TraceNames.CHAIN, chain.hex());
    }
}
