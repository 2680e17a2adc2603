package io.qbc.eventbus;

import io.qbc.api.Answer;
import io.qbc.api.verbs.SubscriptionVerbs;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The verbs about subscriptions as the event bus has them; the members are those of the path, query and body. */
final class SubscriptionAddresses {
    private static final String CHAIN = "chain";
    private static final String NAME = "name";

    private final SubscriptionVerbs verbs;

    SubscriptionAddresses(SubscriptionVerbs verbs) {
        this.verbs = verbs;
    }

    /** Serves each of them. */
    List<Future<Void>> served(BiFunction<String, Function<JsonObject, Future<Answer>>, Future<Void>> serve) {
        return List.of(
                serve.apply(PublicAddresses.SUBSCRIPTIONS_LIST, ask -> verbs.list(chain(ask))),
                serve.apply(PublicAddresses.SUBSCRIPTIONS_PUT, this::put),
                serve.apply(PublicAddresses.SUBSCRIPTIONS_FIND, ask -> verbs.find(chain(ask), name(ask))),
                serve.apply(PublicAddresses.SUBSCRIPTIONS_STATUS, ask -> verbs.status(chain(ask), name(ask))),
                serve.apply(PublicAddresses.SUBSCRIPTIONS_REMOVE, ask -> verbs.drop(chain(ask), name(ask))),
                serve.apply(PublicAddresses.SUBSCRIPTIONS_PAUSE, ask -> verbs.pause(chain(ask), name(ask))),
                serve.apply(PublicAddresses.SUBSCRIPTIONS_RESUME, ask -> verbs.resume(chain(ask), name(ask))),
                serve.apply(
                        PublicAddresses.SUBSCRIPTIONS_SEEK,
                        ask -> verbs.seek(chain(ask), name(ask), EventBusVerbs.optionalText(ask, "to"))),
                serve.apply(
                        PublicAddresses.SUBSCRIPTIONS_REPLAY,
                        ask -> verbs.replay(chain(ask), name(ask), whole(ask, "from"), whole(ask, "to"))),
                serve.apply(PublicAddresses.SUBSCRIPTIONS_ROTATE, ask -> verbs.rotate(chain(ask), name(ask))),
                serve.apply(PublicAddresses.SUBSCRIPTIONS_FETCH, ask -> verbs.fetch(chain(ask), name(ask), rest(ask))),
                serve.apply(
                        PublicAddresses.SUBSCRIPTIONS_COMMIT, ask -> verbs.commit(chain(ask), name(ask), rest(ask))),
                serve.apply(
                        PublicAddresses.SUBSCRIPTIONS_RELEASE, ask -> verbs.release(chain(ask), name(ask), rest(ask))),
                serve.apply(
                        PublicAddresses.SUBSCRIPTIONS_DEAD,
                        ask -> verbs.dead(chain(ask), name(ask), whole(ask, "after"), whole(ask, "limit"))),
                serve.apply(
                        PublicAddresses.SUBSCRIPTIONS_RETRY,
                        ask -> verbs.retry(chain(ask), name(ask), String.valueOf(ask.getValue("number", "")))));
    }

    private Future<Answer> put(JsonObject ask) {
        if (!(ask.getValue("subscription") instanceof JsonObject document)) {
            throw new Failure(Reason.REQUEST_INVALID, "an object named subscription is required");
        }
        return verbs.put(chain(ask), name(ask), EventBusVerbs.encoded(document));
    }

    /** What is not the subscription's name. */
    private static Bytes rest(JsonObject ask) {
        JsonObject body = new JsonObject(new LinkedHashMap<>(ask.getMap()));
        body.remove(CHAIN);
        body.remove(NAME);
        return EventBusVerbs.encoded(body);
    }

    private static OptionalLong whole(JsonObject ask, String name) {
        return EventBusVerbs.whole(ask, name);
    }

    private static String chain(JsonObject ask) {
        return EventBusVerbs.text(ask, CHAIN);
    }

    private static String name(JsonObject ask) {
        return EventBusVerbs.text(ask, NAME);
    }
}
