package io.qbc.protocol.announce;

import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Faults;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.QuantAnnouncement;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.Rest;
import io.qbc.protocol.message.Message.State;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.ProtocolContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The server of the peer methods that the state machines answer, without those that prove keys, seal or read specs. */
public final class RequestHandler {
    private static final int IN_FLIGHT_MAX = 100_000;
    private static final long IN_FLIGHT_MILLIS = 2_000;
    private static final int REQUESTED_MAX = 50_000;
    private static final long REQUESTED_MILLIS = 600_000;

    private final ProtocolContext protocolContext;
    private final HeadList heads;
    private final Announcer announcer;
    private final Supplier<List<String>> addresses;
    private final InFlightRequests inFlightRequests = new InFlightRequests(IN_FLIGHT_MAX, IN_FLIGHT_MILLIS);
    private final RequestedIds requestedIds;
    private final LinkedHashMap<PeerMethod<?, ?>, Handler<?, ?>> handlers = new LinkedHashMap<>();

    /**
     * One instance.
     *
     * @param addresses of peers, to tell others
     */
    public RequestHandler(
            ProtocolContext protocolContext, HeadList heads, Announcer announcer, Supplier<List<String>> addresses) {
        this.protocolContext = protocolContext;
        this.heads = heads;
        this.announcer = announcer;
        this.addresses = addresses;
        requestedIds = new RequestedIds(REQUESTED_MAX, REQUESTED_MILLIS, protocolContext.time());
    }

    /** Answers one method; with nothing if the chain that the request names is not shown here. */
    private interface Handler<Q extends Message, A extends Message> {
        Flow<Optional<A>> answer(Q request, String caller);
    }

    /** Done at the first request: the methods bring all their codecs with them, and a start has no use for those. */
    private void handleAll() {
        handle(PeerMethod.HEAD, (asked, caller) -> Flow.done(Optional.of(status(asked.known()))));
        handle(PeerMethod.IDS, (ids, caller) -> ifShown(ids.chain(), () -> announced(ids)));
        handle(PeerMethod.TRANSACTIONS, (push, caller) -> ifShown(push.chain(), () -> pushed(push, caller)));
        handle(PeerMethod.QUANT, this::announced);
        handle(PeerMethod.SYNC, (follow, caller) -> followed(follow));
        handle(PeerMethod.FETCH, (ids, caller) -> ifShown(ids.chain(), () -> fetched(ids)));
        handle(PeerMethod.REST, (rest, caller) -> ifShown(rest.chain(), () -> rest(rest)));
    }

    private <Q extends Message, A extends Message> void handle(PeerMethod<Q, A> method, Handler<Q, A> handler) {
        handlers.put(method, handler);
    }

    /**
     * The answer to a request; nothing if the chain that it names is not shown here.
     *
     * @param caller where the request came from
     */
    @SuppressWarnings("unchecked") // handle() puts in only handlers of their method's types
    public <Q extends Message, A extends Message> Flow<Optional<A>> answer(
            PeerMethod<Q, A> method, Q request, String caller) {
        if (handlers.isEmpty()) {
            handleAll();
        }
        Handler<Q, A> handler = Optional.ofNullable((Handler<Q, A>) handlers.get(method))
                .orElseThrow(() -> new IllegalStateException("no handler for " + method));
        return handler.answer(request, caller);
    }

    private <A extends Message> Flow<Optional<A>> ifShown(Hash chain, Supplier<Flow<A>> answer) {
        return heads.has(chain) ? answer.get().map(Optional::of) : Flow.done(Optional.empty());
    }

    /** How this node's chains stand, for who knows them up to a mark. */
    public Status status(Mark known) {
        return heads.status(known, addresses.get());
    }

    private Flow<Wanted> announced(Ids ids) {
        return Flow.of(new Effect.FindUnknown(ids.chain(), ids.ids())).map(unknown -> {
            List<Hash> free = inFlightRequests.claim(unknown, protocolContext.time());
            requestedIds.asked(free, protocolContext.time());
            return new Wanted(free.size() < unknown.size(), free);
        });
    }

    private Flow<Supply> fetched(Ids ids) {
        return Flow.of(new Effect.Fetch(ids.chain(), ids.ids())).map(Supply::new);
    }

    private Flow<Taken> pushed(Push push, String caller) {
        boolean unasked = requestedIds.unasked(push.transactions(), protocolContext.time());
        return Flow.of(new Effect.Admit(caller, push, unasked)).after(taken -> {
            inFlightRequests.settle(
                    push.transactions().stream().map(Transaction::id).toList());
            return new Flow.Ended<>(taken);
        });
    }

    private Flow<Supply> rest(Rest rest) {
        return Flow.of(new Effect.ReadRest(rest.chain(), rest.quant(), rest.offset()))
                .map(Supply::new);
    }

    private Flow<Optional<Reply>> announced(QuantAnnouncement announcement, String caller) {
        return announcement instanceof Offer offer
                ? ifShown(offer.chain(), () -> offered(offer, caller))
                : hinted((Hint) announcement);
    }

    private Flow<Optional<Reply>> hinted(Hint hint) {
        Flow<Optional<Reply>> answer = ifShown(
                hint.chain(),
                () -> Flow.of(new Effect.FindQuant(hint.chain(), hint.quant()))
                        .map(found -> new Reply(found.isPresent() ? State.KNOWN : State.WANTED)));
        boolean unknownChain = hint.quant().equals(hint.chain()) || !heads.here(hint.chain());
        // The peer has opened a chain, or has one that is not here.
        return unknownChain ? Flow.of(new Effect.Begin(announcer.askHeads())).then(begun -> answer) : answer;
    }

    private Flow<Reply> offered(Offer offer, String caller) {
        return Flow.of(new Effect.Append(caller, offer.chain(), offer.compactQuant(), offer.supplied()))
                .then(this::judged);
    }

    private Flow<Reply> judged(Verdict verdict) {
        if (verdict instanceof Verdict.Missing missing) {
            requestedIds.asked(missing.ids(), protocolContext.time());
            return Flow.done(new Reply(State.MISSING, missing.ids(), ""));
        }
        if (verdict instanceof Verdict.Refused refused) {
            // What says nothing of the quant is no answer: it may be offered again.
            return Faults.own(refused.refusal().reason())
                    ? Flow.failed(Fault.own(refused.refusal()))
                    : Flow.done(new Reply(
                            State.REFUSED, List.of(), refused.refusal().reason().code()));
        }
        if (verdict instanceof Verdict.Orphan) {
            return Flow.done(new Reply(State.ORPHAN));
        }
        return Flow.done(new Reply(verdict instanceof Verdict.Known ? State.KNOWN : State.ACCEPTED));
    }

    /** The head is read first, so that it is never ahead of what is given. */
    private Flow<Optional<Range>> followed(Follow follow) {
        return heads.claim(follow.chain())
                .map(head -> Flow.of(new Effect.Read(follow.chain(), follow.locator()))
                        .map(parts -> Optional.of(new Range(head, parts))))
                .orElse(Flow.done(Optional.empty()));
    }
}
