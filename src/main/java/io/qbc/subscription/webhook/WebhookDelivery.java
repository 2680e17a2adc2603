package io.qbc.subscription.webhook;

import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.model.Bytes;
import io.qbc.subscription.Delivery;
import io.qbc.subscription.Subscription;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The deliveries of one subscription by webhook. */
final class WebhookDelivery implements Delivery {
    private final WebhookSender sender;
    private final WebhookTarget target;

    WebhookDelivery(WebhookSender sender, WebhookTarget target) {
        this.sender = sender;
        this.target = target;
    }

    @Override
    public Future<Outcome> offer(Offer offer) {
        return sender.send(message(offer)).map(outcome -> outcome(offer, outcome));
    }

    private WebhookMessage message(Offer offer) {
        Subscription subscription = offer.subscription();
        List<SubscribedEvent> events = offer.events();
        boolean batch = subscription.deliver().batch() > 1;
        Bytes body = batch
                ? CloudEvents.batch(subscription.chain(), events, subscription.data())
                : CloudEvents.event(subscription.chain(), events.get(0), subscription.data());
        List<WebhookSecret> secrets = offer.secrets().stream()
                .map(text -> WebhookSecret.parse(text)
                        .orElseThrow(() -> new IllegalStateException("what is kept as a secret is none")))
                .toList();
        return new WebhookMessage(
                target,
                id(subscription.name(), events, batch),
                batch ? CloudEvents.BATCH : CloudEvents.EVENT,
                body,
                subscription.deliver().headers(),
                secrets,
                subscription.deliver().timeout());
    }

    /** A batch is known by its first and its last event: tried again, it may be a longer one. */
    static String id(String subscription, List<SubscribedEvent> events, boolean batch) {
        String first = subscription + ":" + events.get(0).id();
        return batch ? first + "-" + events.get(events.size() - 1).id() : first;
    }

    private static Outcome outcome(Offer offer, WebhookOutcome outcome) {
        if (outcome instanceof WebhookOutcome.Gone gone) {
            return Outcome.disable(gone.why());
        }
        if (outcome instanceof WebhookOutcome.Throttled throttled) {
            return Outcome.retry(throttled.why(), throttled.after());
        }
        if (outcome instanceof WebhookOutcome.Failed failed) {
            return Outcome.retry(failed.why(), Optional.<Duration>empty());
        }
        int taken = offer.subscription().deliver().batch() > 1 ? offer.events().size() : 1;
        return new Outcome(taken, new Then.GoOn());
    }
}
