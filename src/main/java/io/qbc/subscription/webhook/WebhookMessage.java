package io.qbc.subscription.webhook;

import io.qbc.model.Bytes;

/**
 * What one attempt sends; all but time and signature is the same in every attempt.
 *
 * @param id by which receivers know that they have it already
 * @param type of the body
 */
public record WebhookMessage(WebhookTarget target, String id, String type, Bytes body, WebhookSecrets secrets) {
    /** The id of an event or of a batch by its first one. */
    public static String id(String subscription, long leaf) {
        return subscription + ":" + leaf;
    }
}
