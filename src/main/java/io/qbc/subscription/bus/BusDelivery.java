package io.qbc.subscription.bus;

import io.qbc.model.Bytes;
import io.qbc.subscription.CloudEvents;
import io.qbc.subscription.Delivery;
import io.qbc.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/**
 * The deliveries of one subscription to an address of the event bus: a buffer with the event in JSON, to one of the
 * consumers there. Any reply acknowledges it; a failure, or none in time, does not.
 */
final class BusDelivery implements Delivery {
    /** The header with what makes a message known to who has it already. */
    static final String ID = "id";

    private final EventBus events;
    private final String address;

    BusDelivery(EventBus events, String address) {
        this.events = events;
        this.address = address;
    }

    @Override
    public Future<Outcome> offer(Offer offer) {
        Subscription subscription = offer.subscription();
        Bytes body = CloudEvents.body(subscription, offer.events());
        DeliveryOptions options = new DeliveryOptions()
                .setSendTimeout(subscription.deliver().timeout().toMillis())
                .addHeader(HttpHeaders.CONTENT_TYPE.toString(), CloudEvents.mediaType(subscription))
                .addHeader(ID, CloudEvents.messageId(subscription, offer.events()));
        Buffer buffer = Buffer.buffer(body.size()).appendBytes(body.array(), body.offset(), body.size());
        int taken = CloudEvents.taken(subscription, offer.events());
        return events.request(address, buffer, options)
                .map(reply -> new Outcome(taken, new Then.GoOn()))
                .recover(cause -> Future.succeededFuture(Outcome.retry(why(cause), Optional.empty())));
    }

    private String why(Throwable cause) {
        if (cause instanceof ReplyException reply) {
            return switch (reply.failureType()) {
                case NO_HANDLERS -> "nobody listens at " + address;
                case TIMEOUT -> "no reply from " + address + " in time";
                default -> "the consumer at " + address + " failed: " + reply.getMessage();
            };
        }
        return "the event bus failed: " + cause;
    }
}
