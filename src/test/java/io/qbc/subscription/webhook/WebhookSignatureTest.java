package io.qbc.subscription.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330L);
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final Hash CHAIN = Hash.ZERO;

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
        assertThat(WebhookSecrets.first(secret).signatures(ID, NOW, Bytes.utf8("{\"test\": 2432232314}")))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void bytesBeyondAsciiAreSignedAsTheyAreSent() {
        WebhookSecret secret = WebhookSecret.make(new SecureRandom());
        Bytes all = Bytes.utf8("x{\"ü\":\"\ud83d\ude00 \u0000\u2028\"}x");
        Bytes body = all.slice(1, all.size() - 2);
        assertThat(WebhookSecrets.first(secret).signatures("s:1", NOW, body))
                .isEqualTo(expected(secret, "s:1", NOW.getEpochSecond(), body.toArray()));
    }

    @Test
    void twoSecretsSignWhileOneRetires() {
        WebhookSecret old = WebhookSecret.make(new SecureRandom());
        WebhookSecret next = WebhookSecret.make(new SecureRandom());
        Bytes body = Bytes.utf8("{}");
        WebhookSecrets both = WebhookSecrets.first(old).rotate(next, NOW.plusSeconds(60));
        String first = next.sign("s:1", NOW.getEpochSecond(), body);
        assertThat(both.signatures("s:1", NOW, body))
                .isEqualTo(first + " " + old.sign("s:1", NOW.getEpochSecond(), body));
        Instant later = NOW.plusSeconds(60);
        assertThat(both.signatures("s:1", later, body)).isEqualTo(next.sign("s:1", later.getEpochSecond(), body));
    }

    @Test
    void aSecretIsLongAndSaysNothing() {
        WebhookSecret secret = WebhookSecret.make(new SecureRandom());
        assertThat(Base64.getDecoder().decode(secret.reveal().substring(6))).hasSize(32);
        assertThat(secret.toString()).doesNotContain(secret.reveal().substring(6));
        assertThat(WebhookSecrets.first(secret).toString())
                .doesNotContain(secret.reveal().substring(6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "whsec_AAAA", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsk_AAAA"})
    void whatIsNoSecretIsRefused(String text) {
        assertThat(WebhookSecret.parse(text)).isEmpty();
    }

    @Test
    void filesAreForTheirOwnerAlone(@TempDir Path home) throws Exception {
        SecretFiles files = new SecretFiles(home.resolve("webhooks"));
        assertThat(files.read(CHAIN, "a")).isEmpty();
        WebhookSecrets one = WebhookSecrets.first(WebhookSecret.make(new SecureRandom()));
        files.write(CHAIN, "a", one);
        WebhookSecrets two = one.rotate(WebhookSecret.make(new SecureRandom()), NOW);
        files.write(CHAIN, "b", two);
        assertThat(files.read(CHAIN, "a").orElseThrow().text()).isEqualTo(one.text());
        assertThat(files.read(CHAIN, "b").orElseThrow().text()).isEqualTo(two.text());
        try (var all = Files.walk(home.resolve("webhooks"))) {
            assertThat(all.map(WebhookSignatureTest::mode)).containsExactlyInAnyOrder("rwx------", "rw-------", "rw-------");
        }
        files.delete(CHAIN, "a");
        files.delete(CHAIN, "a");
        assertThat(files.read(CHAIN, "a")).isEmpty();
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
