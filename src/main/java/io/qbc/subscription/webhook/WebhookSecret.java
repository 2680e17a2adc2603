package io.qbc.subscription.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.qbc.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** A symmetric secret of Standard Webhooks, with which this node signs what it sends to one receiver. */
public final class WebhookSecret {
    /** What every secret begins with, so that scanners for lost secrets know it. */
    public static final String PREFIX = "whsec_";

    private static final int MADE_BYTES = 32;
    private static final int BYTES_MIN = 24;
    private static final int BYTES_MAX = 64;

    private final byte[] key;

    private WebhookSecret(byte[] key) {
        this.key = key;
    }

    /** A new one. */
    public static WebhookSecret make(SecureRandom random) {
        byte[] key = new byte[MADE_BYTES];
        random.nextBytes(key);
        return new WebhookSecret(key);
    }

    /** Reads one as it is shown to its owner; nothing if it is none. */
    public static Optional<WebhookSecret> parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
            return Optional.of(key)
                    .filter(bytes -> bytes.length >= BYTES_MIN && bytes.length <= BYTES_MAX)
                    .map(WebhookSecret::new);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** As it is shown to its owner, once. */
    public String reveal() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /**
     * The signature of one attempt, as it stands in {@code webhook-signature}.
     *
     * @param id of the message, without a dot
     * @param seconds since 1970, when the attempt is made
     * @param body exactly as it is sent, which is UTF-8
     */
    String sign(String id, long seconds, Bytes body) {
        try {
            String text = new String(body.array(), body.offset(), body.size(), StandardCharsets.UTF_8);
            return new Webhook(key).sign(id, seconds, text);
        } catch (EmptyWebhookSecretException | WebhookSigningException e) {
            throw new IllegalStateException("a secret of " + key.length + " bytes signs anything", e);
        }
    }

    /** Not the secret, so that no log has it. */
    @Override
    public String toString() {
        return PREFIX + "...";
    }
}
