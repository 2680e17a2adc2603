package io.qbc.gossip;

import io.qbc.gossip.peers.GossipContext;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
import io.qbc.tracing.TraceSpan.Kind;
import io.qbc.tracing.Tracing;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The spans of calls between peers: what is announced, and what is received, each in the trace of what it is about. */
final class GossipTraces {
    private final Tracing tracing;

    GossipTraces(GossipContext gossipContext) {
        this.tracing = gossipContext.tracing();
    }

    /** Begins the span of a call of a peer; none for what is not traced. */
    TraceSpan announcing(Bytes peer, Message request) {
        if (!tracing.isOn()) {
            return TraceSpan.NONE;
        }
        if (request instanceof Offer offer) {
            TraceContext parent = tracing.recall(offer.compactQuant().hash());
            return parent.isSampled()
                    ? quant(tracing.begin(Kind.CLIENT, TraceNames.ANNOUNCE_QUANT, parent), offer)
                            .set(TraceNames.PEER, peer.hex())
                    : TraceSpan.NONE;
        }
        return request instanceof Push push ? announcing(peer, push) : TraceSpan.NONE;
    }

    /** One call has one trace: that of the first of its transactions, with links to those of the others. */
    private TraceSpan announcing(Bytes peer, Push push) {
        List<TraceContext> traces = push.transactions().stream()
                .map(Transaction::id)
                .map(tracing::recall)
                .filter(TraceContext::isSampled)
                .distinct()
                .toList();
        if (traces.isEmpty()) {
            return TraceSpan.NONE;
        }
        TraceSpan span = transactions(tracing.begin(Kind.CLIENT, TraceNames.ANNOUNCE_TRANSACTIONS, traces.get(0)), push)
                .set(TraceNames.PEER, peer.hex());
        traces.stream().skip(1).forEach(span::link);
        return span;
    }

    /**
     * Begins the span of a peer's call; none for what is not traced.
     *
     * @param trace that the caller names
     * @param caller the peer's key
     */
    TraceSpan receiving(TraceContext trace, Message request, String caller) {
        if (!trace.isSampled()) {
            return TraceSpan.NONE;
        }
        if (request instanceof Offer offer) {
            Hash quant = offer.compactQuant().hash();
            TraceSpan span = quant(tracing.begin(Kind.SERVER, TraceNames.RECEIVE_QUANT, trace), offer)
                    .set(TraceNames.PEER, caller);
            if (!tracing.recall(quant).isSampled()) {
                tracing.remember(quant, span.context());
            }
            return span;
        }
        return request instanceof Push push
                ? transactions(tracing.begin(Kind.SERVER, TraceNames.RECEIVE_TRANSACTIONS, trace), push)
                        .set(TraceNames.PEER, caller)
                : TraceSpan.NONE;
    }

    /** Ends the span of a call with its answer. */
    <A> Future<A> ended(TraceSpan span, Future<A> answer) {
        return span.isRecording()
                ? answer.onSuccess(given -> outcome(span, given))
                        .onFailure(cause -> span.fail(cause.getClass().getSimpleName()))
                        .onComplete(done -> span.end())
                : answer;
    }

    private static void outcome(TraceSpan span, Object answer) {
        Object given = answer instanceof Optional<?> some ? some.orElse(null) : answer;
        if (given instanceof Reply reply) {
            span.set(TraceNames.OUTCOME, reply.state().name().toLowerCase(Locale.ROOT));
        } else if (given instanceof Taken taken) {
            span.set(TraceNames.OUTCOME, taken.busy() ? "busy" : "taken");
        }
    }

    /** Judges and stores a peer's quant in a span. */
    Future<Verdict> committing(TraceContext trace, Effect.Append append, Supplier<Future<Verdict>> work) {
        if (!trace.isSampled()) {
            return work.get();
        }
        TraceSpan span =
                quant(tracing.begin(Kind.INTERNAL, TraceNames.COMMIT, trace), append.chain(), append.compactQuant());
        return work.get()
                .onSuccess(verdict -> span.set(TraceNames.OUTCOME, verdict.word()))
                .onFailure(cause -> span.fail(cause.getClass().getSimpleName()))
                .onComplete(done -> span.end());
    }

    private static TraceSpan quant(TraceSpan span, Offer offer) {
        return quant(span, offer.chain(), offer.compactQuant());
    }

    private static TraceSpan quant(TraceSpan span, Hash chain, CompactQuant quant) {
        return span.set(TraceNames.CHAIN, chain.hex())
                .set(TraceNames.HEIGHT, quant.header().height())
                .set(TraceNames.QUANT, quant.hash().hex());
    }

    private static TraceSpan transactions(TraceSpan span, Push push) {
        span.set(TraceNames.CHAIN, push.chain().hex())
                .set(TraceNames.TRANSACTIONS, push.transactions().size());
        if (push.transactions().size() == 1) {
            span.set(TraceNames.TRANSACTION, push.transactions().get(0).id().hex());
        }
        return span;
    }
}
