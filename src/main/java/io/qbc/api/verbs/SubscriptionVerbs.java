package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.api.WaitTime;
import io.qbc.api.json.JsonFields;
import io.qbc.api.json.SubscriptionForms;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.AcknowledgeEvents;
import io.qbc.bus.Catalogue.CommitOffset;
import io.qbc.bus.Catalogue.DropSubscription;
import io.qbc.bus.Catalogue.FetchEvents;
import io.qbc.bus.Catalogue.FindDeadLetters;
import io.qbc.bus.Catalogue.FindSubscription;
import io.qbc.bus.Catalogue.FindSubscriptions;
import io.qbc.bus.Catalogue.PutSubscription;
import io.qbc.bus.Catalogue.ReleaseSubscription;
import io.qbc.bus.Catalogue.RetryDeadLetter;
import io.qbc.bus.Catalogue.SteerSubscription;
import io.qbc.bus.Catalogue.Steering;
import io.qbc.bus.Catalogue.SubscriptionPut;
import io.qbc.bus.Failure;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The verbs about subscriptions: durable followers of a chain, each with an offset that acknowledgements move. */
public final class SubscriptionVerbs {
    private static final JsonLimits LIMITS = new JsonLimits(64 << 10, 32);
    private static final int FETCH_DEFAULT = 100;
    private static final int DEAD_DEFAULT = 100;
    private static final int EVENTS_MAX = 1000;
    private static final int CONSUMER_MAX = 200;
    private static final long NUMBER_MAX = 1L << 53;

    private final Bus bus;
    private final ChainDirectory chains;

    SubscriptionVerbs(Bus bus, ChainDirectory chains) {
        this.bus = bus;
        this.chains = chains;
    }

    /** All subscriptions of a chain. */
    public Future<Answer> list(String chain) {
        return chains.find(chain)
                .compose(known -> bus.ask(Catalogue.FIND_SUBSCRIPTIONS, new FindSubscriptions(Optional.of(known.id()))))
                .map(found -> Answer.object(
                        200,
                        out -> out.objects("subscriptions", found.subscriptions(), SubscriptionForms::subscription)));
    }

    /** Those of all chains, for the metrics; none while the stage that has them does not answer. */
    public Future<Catalogue.Subscriptions> all() {
        return bus.ask(Catalogue.FIND_SUBSCRIPTIONS, new FindSubscriptions(Optional.empty()))
                .otherwise(new Catalogue.Subscriptions(List.of()));
    }

    public Future<Answer> put(String chain, String name, Bytes document) {
        return chains.find(chain)
                .compose(known -> bus.ask(Catalogue.PUT_SUBSCRIPTION, new PutSubscription(known.id(), name, document)))
                .map(put -> answer(put, put.created() ? 201 : 200));
    }

    private static Answer answer(SubscriptionPut put, int status) {
        return Answer.object(status, out -> {
            SubscriptionForms.subscription(out, put.info());
            put.secret().ifPresent(secret -> out.text("secret", secret));
        });
    }

    public Future<Answer> find(String chain, String name) {
        return chains.find(chain)
                .compose(known -> bus.ask(Catalogue.FIND_SUBSCRIPTION, new FindSubscription(known.id(), name)))
                .map(info -> Answer.object(200, out -> SubscriptionForms.subscription(out, info)));
    }

    /** Where it stands, without what it does. */
    public Future<Answer> status(String chain, String name) {
        return chains.find(chain)
                .compose(known -> bus.ask(Catalogue.FIND_SUBSCRIPTION, new FindSubscription(known.id(), name)))
                .map(info -> Answer.object(200, out -> SubscriptionForms.status(out, info)));
    }

    public Future<Answer> drop(String chain, String name) {
        return chains.find(chain)
                .compose(known -> bus.ask(Catalogue.DROP_SUBSCRIPTION, new DropSubscription(known.id(), name)))
                .map(info -> Answer.object(200, out -> SubscriptionForms.subscription(out, info)));
    }

    public Future<Answer> pause(String chain, String name) {
        return steer(chain, name, new Steering.Pause());
    }

    public Future<Answer> resume(String chain, String name) {
        return steer(chain, name, new Steering.Resume());
    }

    /** Goes on from {@code oldest}, {@code newest} or a leaf index. */
    public Future<Answer> seek(String chain, String name, Optional<String> to) {
        String place = to.orElseThrow(() -> invalid("to must be oldest, newest or a leaf index"));
        return steer(chain, name, new Steering.Seek(place));
    }

    /** Delivers the leaves of a range once more. */
    public Future<Answer> replay(String chain, String name, OptionalLong from, OptionalLong to) {
        if (from.isEmpty() || to.isEmpty()) {
            throw invalid("from and to must be leaf indexes");
        }
        return steer(chain, name, new Steering.Replay(from.getAsLong(), to.getAsLong()));
    }

    /** Makes a new secret, which the answer shows. */
    public Future<Answer> rotate(String chain, String name) {
        return steer(chain, name, new Steering.Rotate());
    }

    private Future<Answer> steer(String chain, String name, Steering steering) {
        return chains.find(chain)
                .compose(known ->
                        bus.ask(Catalogue.STEER_SUBSCRIPTION, new SteerSubscription(known.id(), name, steering)))
                .map(put -> answer(put, 200));
    }

    /** Gives the next events, with a lease. */
    public Future<Answer> fetch(String chain, String name, Bytes body) {
        JsonObjectText text = object(body, Set.of("max", "wait", "consumer"));
        JsonFields fields = new JsonFields(text, Reason.REQUEST_INVALID);
        int most = text.member("max").isEmpty() ? FETCH_DEFAULT : (int) fields.number("max", Integer.MAX_VALUE);
        if (most == 0) {
            throw invalid("max must be at least 1");
        }
        // A number alone is in seconds, as over the event bus.
        long wait = text.member("wait")
                .map(value -> text.string("wait").orElseGet(value::text))
                .map(WaitTime::read)
                .map(Duration::toMillis)
                .orElse(0L);
        Optional<String> consumer = consumer(fields);
        return chains.find(chain)
                .compose(known -> bus.ask(
                        Catalogue.FETCH_EVENTS,
                        new FetchEvents(known.id(), name, consumer, Optional.empty(), most, wait)))
                .map(fetched -> Answer.object(200, out -> SubscriptionForms.events(out, fetched)));
    }

    /** Acknowledges all events below an offset, or, where consumers share a subscription, events by their ids. */
    public Future<Answer> commit(String chain, String name, Bytes body) {
        JsonObjectText text = object(body, Set.of("offset", "events", "generation", "consumer"));
        JsonFields fields = new JsonFields(text, Reason.REQUEST_INVALID);
        Optional<List<String>> events = text.member("events").map(SubscriptionVerbs::events);
        if (events.isPresent() == text.member("offset").isPresent()) {
            throw invalid("either offset or events says what was taken");
        }
        OptionalLong generation = text.member("generation").isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(fields.number("generation", NUMBER_MAX));
        Optional<String> consumer = consumer(fields);
        Optional<Long> offset =
                events.isPresent() ? Optional.empty() : Optional.of(fields.number("offset", NUMBER_MAX));
        return chains.find(chain)
                .compose(known -> offset.map(at -> bus.ask(
                                Catalogue.COMMIT_OFFSET, new CommitOffset(known.id(), name, consumer, at, generation)))
                        .orElseGet(() -> bus.ask(
                                Catalogue.ACKNOWLEDGE_EVENTS,
                                new AcknowledgeEvents(known.id(), name, consumer, events.orElseThrow(), generation))))
                .map(info -> Answer.object(200, out -> SubscriptionForms.status(out, info)));
    }

    /** Gives back what a consumer has and will not take, so that others get it before its lease ends. */
    public Future<Answer> release(String chain, String name, Bytes body) {
        JsonObjectText text = object(body, Set.of("consumer", "events"));
        Optional<List<String>> events = text.member("events").map(SubscriptionVerbs::events);
        Optional<String> consumer = consumer(new JsonFields(text, Reason.REQUEST_INVALID));
        return chains.find(chain)
                .compose(known -> bus.ask(
                        Catalogue.RELEASE_SUBSCRIPTION, new ReleaseSubscription(known.id(), name, consumer, events)))
                .map(info -> Answer.object(200, out -> SubscriptionForms.status(out, info)));
    }

    private static List<String> events(Bytes text) {
        boolean listed = JsonTree.read(text) instanceof List<?> all
                && !all.isEmpty()
                && all.size() <= EVENTS_MAX
                && all.stream().allMatch(String.class::isInstance);
        if (!listed) {
            throw invalid("events must be a list of 1 to " + EVENTS_MAX + " ids of events");
        }
        return ((List<?>) JsonTree.read(text)).stream().map(String.class::cast).toList();
    }

    private static Optional<String> consumer(JsonFields fields) {
        Optional<String> consumer = fields.optionalText("consumer");
        consumer.ifPresent(name -> {
            if (name.isEmpty() || name.length() > CONSUMER_MAX || name.startsWith("~")) {
                throw invalid("consumer must be 1 to " + CONSUMER_MAX + " characters, and not begin with ~");
            }
        });
        return consumer;
    }

    /** A page of dead letters behind a number. */
    public Future<Answer> dead(String chain, String name, OptionalLong after, OptionalLong limit) {
        int most = (int) Math.min(1000, limit.orElse(DEAD_DEFAULT));
        if (most == 0) {
            throw invalid("limit must be at least 1");
        }
        return chains.find(chain)
                .compose(known -> bus.ask(
                        Catalogue.FIND_DEAD_LETTERS, new FindDeadLetters(known.id(), name, after.orElse(0), most)))
                .map(found -> Answer.object(200, out -> {
                    out.objects("dead", found.letters(), SubscriptionForms::dead);
                    int count = found.letters().size();
                    out.number(
                            "next",
                            count < most
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(
                                            found.letters().get(count - 1).number()));
                }));
    }

    /** Delivers a dead letter once more. */
    public Future<Answer> retry(String chain, String name, String number) {
        if (!number.matches("[0-9]{1,15}")) {
            throw new Failure(Reason.DEAD_LETTER_UNKNOWN, "a dead letter is called by its number");
        }
        return chains.find(chain)
                .compose(known -> bus.ask(
                        Catalogue.RETRY_DEAD_LETTER, new RetryDeadLetter(known.id(), name, Long.parseLong(number))))
                .map(letter -> Answer.object(200, out -> SubscriptionForms.dead(out, letter)));
    }

    private static JsonObjectText object(Bytes body, Set<String> known) {
        JsonObjectText text = StrictJson.object(body.isEmpty() ? Bytes.utf8("{}") : body, LIMITS);
        text.fault().ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        JsonFields.refuseUnknown(text, known);
        return text;
    }

    private static Failure invalid(String detail) {
        return new Failure(Reason.REQUEST_INVALID, detail);
    }
}
