package io.qbc.subscription.webhook;

import io.qbc.model.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What one attempt sends; all but time and signature is the same in every attempt.
 *
 * @param id by which receivers know that they have it already
 * @param type of the body
 * @param fields of the header that its subscription asks for
 * @param secrets to sign with, the newest first
 * @param timeout for the attempt
 */
record WebhookMessage(
        WebhookTarget target,
        String id,
        String type,
        Bytes body,
        SortedMap<String, String> fields,
        List<WebhookSecret> secrets,
        Duration timeout) {
    WebhookMessage {
        secrets = List.copyOf(secrets);
    }

    /** The value of {@code webhook-signature}: a signature by each secret. */
    String signatures(Instant now) {
        return secrets.stream()
                .map(secret -> secret.sign(id, now.getEpochSecond(), body))
                .collect(Collectors.joining(" "));
    }
}
