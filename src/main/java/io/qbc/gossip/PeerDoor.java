package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Which;
import io.qbc.bus.Failure;
import io.qbc.gossip.Message.About;
import io.qbc.gossip.Message.AskLeap;
import io.qbc.gossip.Message.Document;
import io.qbc.gossip.Message.Follow;
import io.qbc.gossip.Message.Hello;
import io.qbc.gossip.Message.Hint;
import io.qbc.gossip.Message.Ids;
import io.qbc.gossip.Message.Offer;
import io.qbc.gossip.Message.Reply;
import io.qbc.gossip.Message.Rest;
import io.qbc.gossip.Message.State;
import io.qbc.gossip.Message.Status;
import io.qbc.gossip.Message.Supply;
import io.qbc.gossip.Message.Wanted;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Verdict;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers the calls of peers. A malformed frame is answered 400 and changes nothing. */
final class PeerDoor {
    private static final int PROMISES_MAX = 100_000;
    private static final long PROMISE_MILLIS = 2_000;

    private final Setting setting;
    private final Heads heads;
    private final Neighbours neighbours;
    private final Greeter greeter;
    private final Announcer announcer;
    private final LeapForward leaps;
    private final Intake intake;
    private final RangeReader ranges;
    private final Promises promises = new Promises(PROMISES_MAX, PROMISE_MILLIS);

    PeerDoor(
            Setting setting,
            Heads heads,
            Neighbours neighbours,
            Greeter greeter,
            Announcer announcer,
            LeapForward leaps) {
        this.setting = setting;
        this.heads = heads;
        this.neighbours = neighbours;
        this.greeter = greeter;
        this.announcer = announcer;
        this.leaps = leaps;
        intake = new Intake(setting);
        ranges = new RangeReader(setting);
    }

    Future<PeerAnswer> answer(PeerCall call) {
        Bytes body = call.body();
        Future<PeerAnswer> answer = switch (call.verb()) {
            case Verb.HELLO -> read(Frame.hello(body), this::hello);
            case Verb.HEAD -> read(Frame.askStatus(body), asked -> told(status(asked.known())));
            case Verb.IDS -> read(Frame.ids(body), this::announced);
            case Verb.TRANSACTIONS -> setting.compute(() -> Frame.push(body)).compose(push -> read(push, this::pushed));
            case Verb.QUANT -> setting.compute(() -> Frame.quant(body)).compose(quant -> read(quant, this::quant));
            case Verb.SYNC -> read(Frame.follow(body), this::followed);
            case Verb.FETCH -> read(Frame.ids(body), this::fetched);
            case Verb.REST -> read(Frame.rest(body), this::rest);
            case Verb.SPEC -> read(Frame.about(body), this::spec);
            case Verb.LEAP -> read(Frame.askLeap(body), this::leap);
            default -> status(404);
        };
        return answer.recover(PeerDoor::failed);
    }

    private Future<PeerAnswer> hello(Hello hello) {
        Optional<Message> welcome = greeter.answer(hello, status(hello.known())).map(w -> w);
        if (welcome.isPresent() && !hello.address().isEmpty()) {
            neighbours.heard(hello.address(), hello.key());
        }
        return welcome.map(PeerDoor::told).orElseGet(() -> status(400));
    }

    private Future<PeerAnswer> announced(Ids ids) {
        if (!heads.has(ids.chain())) {
            return status(404);
        }
        return setting.bus()
                .ask(Catalogue.WHICH_UNKNOWN, new Which(ids.chain(), ids.ids()))
                .compose(unknown -> {
                    List<Hash> free = promises.claim(unknown.ids(), setting.now());
                    return told(new Wanted(free.size() < unknown.ids().size(), free));
                });
    }

    private Future<PeerAnswer> pushed(Message.Push push) {
        return heads.rules(push.chain())
                .map(rules -> intake.take(push, rules)
                        .onComplete(taken -> promises.settle(push.transactions().stream()
                                .map(transaction -> transaction.id())
                                .toList()))
                        .compose(PeerDoor::told))
                .orElseGet(() -> status(404));
    }

    private Future<PeerAnswer> quant(Message message) {
        if (message instanceof Offer offer) {
            return heads.has(offer.chain()) ? offered(offer) : status(404);
        }
        Hint hint = (Hint) message;
        if (hint.quant().equals(hint.chain()) || !heads.here(hint.chain())) {
            // Somebody has a chain now that it had not before, or that is not here.
            announcer.askHeads();
        }
        return heads.has(hint.chain()) ? hinted(hint) : status(404);
    }

    private Future<PeerAnswer> spec(About about) {
        return heads.spec(about.chain())
                .map(spec -> told(new Document(spec.document())))
                .orElseGet(() -> status(404));
    }

    private Future<PeerAnswer> leap(AskLeap ask) {
        return heads.has(ask.chain()) ? leaps.answer(ask).compose(PeerDoor::told) : status(404);
    }

    private Future<PeerAnswer> hinted(Hint hint) {
        return setting.bus()
                .ask(Catalogue.FIND_QUANT, new FindQuant(hint.chain(), new QuantName.ByHash(hint.quant())))
                .compose(found -> told(new Reply(found.quant().isPresent() ? State.KNOWN : State.WANTED)));
    }

    private Future<PeerAnswer> offered(Offer offer) {
        return setting.bus()
                .ask(Catalogue.APPEND, Append.foreign(offer.chain(), offer.outline(), offer.supplied()))
                .compose(PeerDoor::judged);
    }

    private Future<PeerAnswer> followed(Follow follow) {
        return heads.head(follow.chain())
                .map(head -> ranges.read(follow, Claim.of(follow.chain(), head)).compose(this::toldLarge))
                .orElseGet(() -> status(404));
    }

    private Future<PeerAnswer> fetched(Ids ids) {
        if (!heads.has(ids.chain())) {
            return status(404);
        }
        return setting.bus()
                .ask(
                        Catalogue.FETCH,
                        new Fetch(ids.chain(), ids.ids(), setting.gossip().batchBytes()))
                .compose(found -> toldLarge(new Supply(found.transactions())));
    }

    private Future<PeerAnswer> rest(Rest rest) {
        return heads.has(rest.chain()) ? ranges.read(rest).compose(this::toldLarge) : status(404);
    }

    private Status status(Mark known) {
        return heads.status(known, neighbours.addresses());
    }

    private static Future<PeerAnswer> judged(Verdict verdict) {
        if (verdict instanceof Verdict.Missing missing) {
            return told(new Reply(State.MISSING, missing.ids(), ""));
        }
        if (verdict instanceof Verdict.Orphan) {
            return told(new Reply(State.ORPHAN));
        }
        if (verdict instanceof Verdict.Known) {
            return told(new Reply(State.KNOWN));
        }
        if (verdict instanceof Verdict.Refused refused) {
            Reason reason = refused.refusal().reason();
            return Faults.own(reason)
                    ? Future.failedFuture(new Failure(refused.refusal()))
                    : told(new Reply(State.REFUSED, List.of(), reason.code()));
        }
        return told(new Reply(State.ACCEPTED));
    }

    private static <T> Future<PeerAnswer> read(Optional<T> message, Function<T, Future<PeerAnswer>> act) {
        return message.map(act).orElseGet(() -> status(400));
    }

    private static Future<PeerAnswer> told(Message message) {
        return Future.succeededFuture(new PeerAnswer(200, Frame.write(message)));
    }

    /** Some megabytes are not to be written on the event loop. */
    private Future<PeerAnswer> toldLarge(Message message) {
        return setting.compute(() -> new PeerAnswer(200, Frame.write(message)));
    }

    private static Future<PeerAnswer> status(int status) {
        return Future.succeededFuture(new PeerAnswer(status, Bytes.EMPTY));
    }

    private static Future<PeerAnswer> failed(Throwable cause) {
        Reason reason = Failure.of(cause).reason();
        if (reason == Reason.INTERNAL) {
            return Future.failedFuture(cause);
        }
        return status(reason == Reason.CHAIN_UNKNOWN ? 404 : 503);
    }
}
