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
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Push;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides what a peer's call is answered; nothing if the chain that it names is not shown here. */
public final class RequestHandler {
    private static final int PROMISES_MAX = 100_000;
    private static final long PROMISE_MILLIS = 2_000;

    private final ProtocolContext protocolContext;
    private final HeadList heads;
    private final Announcer announcer;
    private final Supplier<List<String>> addresses;
    private final InFlightRequests inFlightRequests = new InFlightRequests(PROMISES_MAX, PROMISE_MILLIS);

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
    }

    /** The answer to a message of an errand. */
    public Flow<Optional<Message>> answer(PeerMethod<?> peerMethod, Message message) {
        if (message instanceof AskStatus asked) {
            return Flow.done(Optional.of(status(asked.known())));
        }
        if (message instanceof Ids ids && heads.has(ids.chain())) {
            return (peerMethod.equals(PeerMethod.IDS) ? announced(ids).map(Message.class::cast) : fetched(ids))
                    .map(Optional::of);
        }
        if (message instanceof Push push && heads.has(push.chain())) {
            return pushed(push).map(Optional::of);
        }
        if (message instanceof Offer offer && heads.has(offer.chain())) {
            return offered(offer).map(Optional::of);
        }
        if (message instanceof Rest rest && heads.has(rest.chain())) {
            return Flow.of(new Effect.ReadRest(rest.chain(), rest.quant(), rest.offset()))
                    .map(Supply::new)
                    .map(Optional::of);
        }
        if (message instanceof Hint hint) {
            return hinted(hint);
        }
        return message instanceof Follow follow ? followed(follow) : Flow.done(Optional.empty());
    }

    /** How this node's chains stand, for who knows them up to a mark. */
    public Status status(Mark known) {
        return heads.status(known, addresses.get());
    }

    private Flow<Wanted> announced(Ids ids) {
        return Flow.of(new Effect.FindUnknown(ids.chain(), ids.ids())).map(unknown -> {
            List<Hash> free = inFlightRequests.claim(unknown, protocolContext.time());
            return new Wanted(free.size() < unknown.size(), free);
        });
    }

    private Flow<Message> fetched(Ids ids) {
        return Flow.of(new Effect.Fetch(ids.chain(), ids.ids())).map(Supply::new);
    }

    private Flow<Taken> pushed(Push push) {
        return Flow.of(new Effect.Admit(push)).after(taken -> {
            inFlightRequests.settle(
                    push.transactions().stream().map(Transaction::id).toList());
            return new Flow.Over<>(taken);
        });
    }

    private Flow<Optional<Message>> hinted(Hint hint) {
        Flow<Optional<Message>> answer = heads.has(hint.chain())
                ? Flow.of(new Effect.FindQuant(hint.chain(), hint.quant()))
                        .map(found -> Optional.of(new Reply(found.isPresent() ? State.KNOWN : State.WANTED)))
                : Flow.done(Optional.empty());
        boolean news = hint.quant().equals(hint.chain()) || !heads.here(hint.chain());
        // Somebody has a chain now that it had not before, or that is not here.
        return news ? Flow.of(new Effect.Begin(announcer.askHeads())).then(begun -> answer) : answer;
    }

    private Flow<Message> offered(Offer offer) {
        return Flow.of(new Effect.Append(offer.chain(), offer.compactQuant(), offer.supplied()))
                .then(RequestHandler::judged);
    }

    private static Flow<Message> judged(Verdict verdict) {
        if (verdict instanceof Verdict.Missing missing) {
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
    private Flow<Optional<Message>> followed(Follow follow) {
        return heads.claim(follow.chain())
                .map(head -> Flow.of(new Effect.Read(follow.chain(), follow.locator()))
                        .<Optional<Message>>map(parts -> Optional.of(new Range(head, parts))))
                .orElse(Flow.done(Optional.empty()));
    }
}
