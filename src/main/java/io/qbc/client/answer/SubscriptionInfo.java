package io.qbc.client.answer;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.Optional;

/**
 * A subscription: what it does, and where it stands.
 *
 * @param chain the chain's id
 * @param document what it does, as JSON text
 * @param secret of a webhook, where it was made with this call: it is never shown again
 */
public record SubscriptionInfo(
        String name, Hash chain, String document, SubscriptionStatus status, Optional<String> secret) {
    /** Reads an answer. */
    public static SubscriptionInfo of(AnswerReader answer) {
        return new SubscriptionInfo(
                answer.text("name"),
                answer.hash("chain"),
                answer.json("subscription").orElse(Bytes.EMPTY).text(),
                SubscriptionStatus.of(answer),
                answer.optionalText("secret"));
    }

    /** The secret is left out, so that it comes into no log. */
    @Override
    public String toString() {
        return "SubscriptionInfo[name=" + name + ", chain=" + chain + ", document=" + document + ", status=" + status
                + "]";
    }
}
