package io.qbc.api.json;

import io.qbc.bus.Catalogue.DeadLetter;
import io.qbc.bus.Catalogue.FetchedEvents;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.bus.Catalogue.SubscriptionInfo;
import io.qbc.model.Body;
import io.qbc.model.Hash;
import java.util.OptionalLong;

/** The JSON of subscriptions and of their events. */
public final class SubscriptionForms {
    /** The types of events, as CloudEvents have them. */
    public static final String COMMITTED = "qbc.transaction.committed";

    public static final String REVERTED = "qbc.transactions.reverted";

    private SubscriptionForms() {}

    /** What a subscription does and where it stands. */
    public static void subscription(JsonWriter out, SubscriptionInfo info) {
        out.text("name", info.name());
        out.hex("chain", info.chain());
        out.json("subscription", info.document());
        status(out, info);
    }

    /** Where it stands. */
    public static void status(JsonWriter out, SubscriptionInfo info) {
        out.text("state", info.state());
        out.number("offset", info.offset());
        out.text("quant", info.quant().map(Hash::hex));
        out.number("replay", info.replay());
        out.number("generation", info.generation());
        out.number("lagEvents", info.lagEvents());
        out.number("lagMillis", info.lagMillis());
        out.number("acknowledged", info.acknowledged());
        out.number("attempts", info.attempts());
        out.number("failingMillis", info.failingMillis());
        out.number("nextAttempt", info.nextAttempt());
        out.text("lastError", info.lastError());
        out.text("consumer", info.consumers().stream().findFirst());
        out.texts("consumers", info.consumers());
        out.number("beyond", info.beyond());
        out.number("dead", info.dead());
    }

    /** What a consumer fetched. */
    public static void events(JsonWriter out, FetchedEvents fetched) {
        out.objects("events", fetched.events(), (members, event) -> event(members, event, fetched.data()));
        out.number("offset", fetched.offset());
        out.number("generation", fetched.generation());
        out.flag("more", fetched.more());
    }

    /** One event; with its transaction's data, byte for byte, where the subscription asks for it. */
    public static void event(JsonWriter out, SubscribedEvent event, boolean data) {
        out.text("id", event.id());
        out.text("event", event.reverted() ? REVERTED : COMMITTED);
        out.number("index", event.index());
        out.number("next", event.next());
        out.number("height", event.height());
        out.hex("quant", event.quant());
        if (event.reverted()) {
            return;
        }
        out.number("quantTime", event.quantTime());
        out.number("treeSize", event.treeSize());
        out.text("transaction", event.transaction().map(Hash::hex));
        event.body().ifPresent(body -> body(out, body));
        if (data) {
            event.payload().ifPresentOrElse(payload -> out.json("data", payload), () -> out.flag("erased", true));
        }
    }

    private static void body(JsonWriter out, Body body) {
        out.number("timestamp", body.timestamp());
        out.hex("key", body.key());
        out.hex("author", body.author());
        out.text("type", body.type().text());
        out.number("length", body.length());
    }

    /** An event that could not be delivered: its ids, never its data. */
    public static void dead(JsonWriter out, DeadLetter letter) {
        out.number("number", letter.number());
        out.text("event", letter.event());
        out.number("index", OptionalLong.of(letter.index()));
        out.text("transaction", letter.transaction().map(Hash::hex));
        out.number("attempts", letter.attempts());
        out.text("error", letter.error());
        out.number("at", letter.at());
    }
}
