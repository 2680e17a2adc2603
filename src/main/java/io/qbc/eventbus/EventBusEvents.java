package io.qbc.eventbus;

import io.qbc.api.ChainDirectory;
import io.qbc.api.json.JsonForms;
import io.qbc.api.json.JsonWriter;
import io.qbc.api.stream.EventFeed;
import io.qbc.api.stream.EventFeed.Place;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.bus.Catalogue.Supersession;
import io.qbc.model.AuditChain;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher of what comes to the chains and what leaves them, from the start of this process on: to those that
 * subscribed, and to everybody where everybody may read.
 */
final class EventBusEvents {
    private static final Logger LOG = LoggerFactory.getLogger(EventBusEvents.class);
    private static final long RETRY_MILLIS = 1000;

    private final Vertx vertx;
    private final Bus bus;
    private final EventBusSubscriptions subscriptions;
    private final Optional<String> everybody;
    private final DeliveryOptions delivery;
    private final Map<Hash, EventFeed> feeds = new HashMap<>();

    /**
     * One that has not begun.
     *
     * @param everybody the address for all on the bus, where everybody may read every chain
     * @param delivery how far what is published there goes
     */
    EventBusEvents(
            Vertx vertx,
            Bus bus,
            EventBusSubscriptions subscriptions,
            Optional<String> everybody,
            DeliveryOptions delivery) {
        this.delivery = delivery;
        this.vertx = vertx;
        this.bus = bus;
        this.subscriptions = subscriptions;
        this.everybody = everybody;
    }

    /** Begins after the heads that the chains have now. */
    Future<Void> begin(ChainDirectory chains) {
        return chains.all().map(all -> {
            all.chains().stream()
                    .filter(chain -> !AuditChain.is(chain.spec()))
                    .forEach(chain -> feed(
                            chain.id(),
                            new Place(chain.head().height(), chain.head().hash())));
            return null;
        });
    }

    void moved(HeadMoved event) {
        // A chain that is new begins with the quant that this event is about.
        Place before =
                new Place(event.head().height() - 1, event.head().header().previous());
        feed(event.chain(), before).look(event.superseded());
    }

    /** Of a chain that is not told of to everybody there is no feed. */
    void disabled(SubscriptionDisabled event) {
        Optional.ofNullable(feeds.get(event.chain())).ifPresent(feed -> feed.disabled(event));
    }

    void closed(Hash chain) {
        Optional.ofNullable(feeds.remove(chain)).ifPresent(EventFeed::close);
        subscriptions.closed(chain);
    }

    private EventFeed feed(Hash chain, Place place) {
        return feeds.computeIfAbsent(chain, id -> new EventFeed(bus, id, place, new Publisher(id)));
    }

    private final class Publisher implements EventFeed.Listener {
        private final Hash chain;

        Publisher(Hash chain) {
            this.chain = chain;
        }

        @Override
        public Future<Void> came(QuantHead quant) {
            return publish("quant", out -> JsonForms.event(out, chain, quant));
        }

        @Override
        public Future<Void> undone(QuantHead quant) {
            return publish("undone", out -> JsonForms.event(out, chain, quant));
        }

        @Override
        public Future<Void> superseded(Supersession supersession) {
            return publish("superseded", out -> JsonForms.event(out, chain, supersession));
        }

        @Override
        public Future<Void> disabled(SubscriptionDisabled subscription) {
            return publish("subscription_disabled", out -> JsonForms.event(out, subscription));
        }

        @Override
        public void failed(Throwable cause) {
            LOG.warn("the events of chain {} wait: {}", chain, cause.toString());
            vertx.setTimer(
                    RETRY_MILLIS, again -> Optional.ofNullable(feeds.get(chain)).ifPresent(EventFeed::look));
        }

        private Future<Void> publish(String type, Consumer<JsonWriter> members) {
            JsonObject event = new JsonObject(JsonWriter.object(members).drain()).put("type", type);
            subscriptions.tell(chain, event);
            everybody.ifPresent(address -> vertx.eventBus().publish(address, event, delivery));
            return Future.succeededFuture();
        }
    }
}
