package io.qbc.subscription.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330L);
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";

    /** As anybody may compute it, without the library that signs. */
    static String expected(WebhookSecret secret, String id, long seconds, byte[] body) {
        try {
            byte[] key = Base64.getDecoder().decode(secret.reveal().substring(WebhookSecret.PREFIX.length()));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theVectorOfStandardWebhooksIsMet() {
        WebhookSecret secret =
                WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").orElseThrow();
        assertThat(secret.sign(ID, NOW.getEpochSecond(), Bytes.utf8("{\"test\": 2432232314}")))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void bytesBeyondAsciiAreSignedAsTheyAreSent() {
        WebhookSecret secret = WebhookSecret.make(new SecureRandom());
        Bytes all = Bytes.utf8("x{\"ü\":\"\ud83d\ude00 \u0000\u2028\"}x");
        Bytes body = all.slice(1, all.size() - 2);
        assertThat(secret.sign("s:1", NOW.getEpochSecond(), body))
                .isEqualTo(expected(secret, "s:1", NOW.getEpochSecond(), body.toArray()));
    }

    @Test
    void aSecretIsLongAndSaysNothing() {
        WebhookSecret secret = WebhookSecret.make(new SecureRandom());
        assertThat(Base64.getDecoder().decode(secret.reveal().substring(6))).hasSize(32);
        assertThat(secret.toString()).doesNotContain(secret.reveal().substring(6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "whsec_AAAA", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsk_AAAA"})
    void whatIsNoSecretIsRefused(String text) {
        assertThat(WebhookSecret.parse(text)).isEmpty();
    }
}
