package io.qbc.subscription.webhook;

import io.qbc.subscription.CloudEvents;
import io.qbc.subscription.Delivery;
import io.qbc.subscription.Subscription;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The deliveries of one subscription by webhook. */
final class WebhookDelivery implements Delivery {
    private final WebhookSender sender;
    private final WebhookTarget target;
    private final int parallelMax;
    private final Consumer<String> attempts;

    /**
     * One instance.
     *
     * @param parallelMax how many attempts may be under way at once
     * @param attempts is told what became of each attempt, in a word of {@link WebhookOutcome}
     */
    WebhookDelivery(WebhookSender sender, WebhookTarget target, int parallelMax, Consumer<String> attempts) {
        this.sender = sender;
        this.target = target;
        this.parallelMax = parallelMax;
        this.attempts = attempts;
    }

    @Override
    public int parallelMax() {
        return parallelMax;
    }

    @Override
    public Future<Outcome> offer(Offer offer) {
        return sender.send(message(offer)).map(outcome -> {
            attempts.accept(outcome.word());
            return outcome(offer, outcome);
        });
    }

    private WebhookMessage message(Offer offer) {
        Subscription subscription = offer.subscription();
        List<WebhookSecret> secrets = offer.secrets().stream()
                .map(text -> WebhookSecret.parse(text)
                        .orElseThrow(() -> new IllegalStateException("what is kept as a secret is none")))
                .toList();
        return new WebhookMessage(
                target,
                CloudEvents.messageId(subscription, offer.events()),
                CloudEvents.mediaType(subscription),
                CloudEvents.body(subscription, offer.events()),
                subscription.deliver().headers(),
                secrets,
                subscription.deliver().timeout());
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
        return new Outcome(CloudEvents.taken(offer.subscription(), offer.events()), new Then.GoOn());
    }
}
