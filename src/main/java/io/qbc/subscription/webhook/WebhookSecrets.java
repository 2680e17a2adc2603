package io.qbc.subscription.webhook;

import io.qbc.model.Bytes;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The secrets of one receiver: the current one, and after a rotation the one before it for a while, so that a receiver
 * that knows either can verify.
 *
 * @param previous the one before, with the time until which it signs too
 */
public record WebhookSecrets(WebhookSecret current, Optional<Retiring> previous) {
    private static final String SPACE = " ";
    private static final int RETIRING_WORDS = 3;

    /** A secret that signs until a time. */
    public record Retiring(WebhookSecret secret, Instant until) {}

    /** A first secret. */
    public static WebhookSecrets first(WebhookSecret secret) {
        return new WebhookSecrets(secret, Optional.empty());
    }

    /** With another current secret; the one of now signs beside it until a time. */
    public WebhookSecrets rotate(WebhookSecret next, Instant until) {
        return new WebhookSecrets(next, Optional.of(new Retiring(current, until)));
    }

    /** The value of {@code webhook-signature}: a signature by each secret that holds now. */
    public String signatures(String id, Instant now, Bytes body) {
        Stream<WebhookSecret> old =
                previous.filter(one -> now.isBefore(one.until())).stream().map(Retiring::secret);
        return Stream.concat(Stream.of(current), old)
                .map(secret -> secret.sign(id, now.getEpochSecond(), body))
                .collect(Collectors.joining(SPACE));
    }

    /** As it stands in its private file. */
    String text() {
        String line = current.reveal();
        return previous.map(one -> line + SPACE + one.secret().reveal() + SPACE
                                + one.until().toEpochMilli())
                        .orElse(line)
                + "\n";
    }

    /** Reads what {@link #text} wrote; nothing if it is something else. */
    static Optional<WebhookSecrets> parse(String text) {
        String[] words = text.strip().split(SPACE, -1);
        Optional<WebhookSecret> current = WebhookSecret.parse(words[0]);
        if (words.length == 1) {
            return current.map(WebhookSecrets::first);
        }
        if (words.length != RETIRING_WORDS || !words[2].matches("[0-9]{1,15}")) {
            return Optional.empty();
        }
        Instant until = Instant.ofEpochMilli(Long.parseLong(words[2]));
        return current.flatMap(now -> WebhookSecret.parse(words[1])
                .map(before -> new WebhookSecrets(now, Optional.of(new Retiring(before, until)))));
    }
}
