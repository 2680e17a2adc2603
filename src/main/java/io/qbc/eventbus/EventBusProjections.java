package io.qbc.eventbus;

import io.qbc.access.Caller;
import io.qbc.api.Answer;
import io.qbc.api.verbs.ProjectionVerbs.Since;
import io.qbc.api.verbs.TableVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The verbs about projections as the event bus has them; {@code name} says which one. */
final class EventBusProjections {
    private static final String NAME = "name";

    private final Verbs verbs;
    private final Duration waitMax;

    EventBusProjections(Verbs verbs, Duration waitMax) {
        this.verbs = verbs;
        this.waitMax = waitMax;
    }

    Future<Answer> find(JsonObject ask, Caller caller) {
        return verbs.projections().find(caller, name(ask), since(ask));
    }

    /** The members are {@code name} and {@code mapping}, an object. */
    Future<Answer> put(JsonObject ask, Caller caller) {
        Object mapping = ask.getValue("mapping");
        if (mapping instanceof Map<?, ?> || mapping instanceof JsonObject) {
            return verbs.projections().put(name(ask), EventBusVerbs.encoded(ask.getJsonObject("mapping")));
        }
        throw new Failure(Reason.REQUEST_INVALID, "an object named mapping is required");
    }

    Future<Answer> remove(JsonObject ask, Caller caller) {
        return verbs.projections().drop(name(ask), Boolean.TRUE.equals(ask.getValue("tables")));
    }

    BiFunction<JsonObject, Caller, Future<Answer>> steer(ProjectionAction action) {
        return (ask, caller) -> verbs.projections().steer(name(ask), action);
    }

    BiFunction<JsonObject, Caller, Future<Answer>> verify(ProjectionAction action) {
        return (ask, caller) -> verbs.projections().verify(caller, name(ask), action);
    }

    Future<Answer> dead(JsonObject ask, Caller caller) {
        return verbs.projections()
                .dead(caller, name(ask), EventBusVerbs.whole(ask, "after"), EventBusVerbs.whole(ask, "limit"));
    }

    /** The columns and what they must be are the members of {@code equal}. */
    Future<Answer> rows(JsonObject ask, Caller caller) {
        return verbs.tables().rows(caller, name(ask), EventBusVerbs.text(ask, "table"), page(ask), since(ask));
    }

    Future<Answer> row(JsonObject ask, Caller caller) {
        return verbs.tables()
                .row(caller, name(ask), EventBusVerbs.text(ask, "table"), EventBusVerbs.text(ask, "key"), since(ask));
    }

    Future<Answer> history(JsonObject ask, Caller caller) {
        return verbs.tables()
                .history(
                        caller,
                        name(ask),
                        EventBusVerbs.text(ask, "table"),
                        EventBusVerbs.text(ask, "key"),
                        page(ask),
                        since(ask));
    }

    /** The members are those of the REST body, and {@code name}, {@code at} and {@code wait}. */
    Future<Answer> query(JsonObject ask, Caller caller) {
        Bytes body = EventBusVerbs.without(ask, NAME, "at", "wait");
        return verbs.tables().query(caller, name(ask), body, since(ask), left -> {});
    }

    private static String name(JsonObject ask) {
        return EventBusVerbs.text(ask, NAME);
    }

    private static TableVerbs.Page page(JsonObject ask) {
        Map<String, String> equal = new LinkedHashMap<>();
        Object wanted = ask.getValue("equal");
        if (wanted instanceof JsonObject columns) {
            columns.fieldNames().forEach(name -> equal.put(name, String.valueOf(columns.getValue(name))));
        } else if (wanted != null) {
            throw new Failure(Reason.REQUEST_INVALID, "equal must be an object of columns and values");
        }
        return new TableVerbs.Page(
                equal,
                EventBusVerbs.optionalText(ask, "order"),
                EventBusVerbs.optionalText(ask, "after"),
                EventBusVerbs.whole(ask, "limit"));
    }

    /** The member {@code wait} is a time as REST has it, {@code 5s} or {@code 500ms}, or a number of seconds. */
    private Since since(JsonObject ask) {
        Optional<String> at = Optional.ofNullable(ask.getValue("at")).map(Object::toString);
        if (ask.getValue("wait") != null && at.isEmpty()) {
            throw new Failure(Reason.REQUEST_INVALID, "wait needs at, which says what is waited for");
        }
        return Since.of(at, EventBusVerbs.waited(ask, waitMax));
    }
}
