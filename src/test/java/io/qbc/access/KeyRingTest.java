package io.qbc.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.access.ApiKey.Token;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KeyRingTest {
    private static final long NOW = 1_000_000;
    private static final Token TOKEN = token(1, 2);
    private static final KeyRing RING = KeyRing.EMPTY.with(key(TOKEN, OptionalLong.empty()));

    private static Token token(int id, int secret) {
        byte[] ids = new byte[ApiKey.ID_BYTES];
        byte[] secrets = new byte[ApiKey.SECRET_BYTES];
        ids[0] = (byte) id;
        secrets[0] = (byte) secret;
        return Token.of(ids, secrets);
    }

    private static ApiKey key(Token token, OptionalLong life) {
        List<Grant> grants = List.of(Grant.parse("writer@orders").orElseThrow(), Grant.everywhere(Role.READER));
        return ApiKey.made(token, new ApiKey.Request("shop", grants, life), NOW);
    }

    @Test
    void whoShowsTheSecretIsTheKeysCaller() {
        Caller caller = RING.prove(TOKEN.text(), NOW).orElseThrow();
        assertThat(caller.name()).isEqualTo("shop");
        assertThat(caller.scope()).isEqualTo("shop");
        assertThat(caller.proof()).isEqualTo(Proof.KEY);
        assertThat(caller.mayEverywhere(Role.READER)).isTrue();
        assertThat(caller.mayEverywhere(Role.WRITER)).isFalse();
    }

    @Test
    void nothingElseProvesAnything() {
        String text = TOKEN.text();
        for (String wrong : List.of(
                "",
                "qbc_",
                text.substring(1),
                text + "0",
                text.replace("qbc_", "qbd_"),
                text.toUpperCase(Locale.ROOT),
                token(1, 3).text(),
                token(2, 2).text(),
                "qbc_" + TOKEN.id() + "_" + "0".repeat(64),
                "qbc_ffffffffffff_" + "0".repeat(64))) {
            assertThat(RING.prove(wrong, NOW)).as(wrong).isEmpty();
        }
    }

    @Test
    void aKeyEnds() {
        KeyRing ring = KeyRing.EMPTY.with(key(TOKEN, OptionalLong.of(10)));
        assertThat(ring.prove(TOKEN.text(), NOW + 9)).isPresent();
        assertThat(ring.prove(TOKEN.text(), NOW + 10)).isEmpty();
        assertThat(RING.without(TOKEN.id()).prove(TOKEN.text(), NOW)).isEmpty();
    }

    @Test
    void aSecretThatWasReplacedCountsForItsGraceAlone() {
        Token next = Token.of(TOKEN.id(), new byte[ApiKey.SECRET_BYTES]);
        KeyRing ring = RING.rotated(next, NOW, 10);
        assertThat(ring.prove(next.text(), NOW + 99)).isPresent();
        assertThat(ring.prove(TOKEN.text(), NOW + 9)).isPresent();
        assertThat(ring.prove(TOKEN.text(), NOW + 10)).isEmpty();
        assertThat(RING.rotated(next, NOW, 0).prove(TOKEN.text(), NOW)).isEmpty();
    }

    @Test
    void theFormOnDiskHoldsEverythingButTheSecret() {
        KeyRing ring = KeyRing.EMPTY
                .with(key(TOKEN, OptionalLong.of(10)))
                .rotated(Token.of(TOKEN.id(), new byte[ApiKey.SECRET_BYTES]), NOW, 10)
                .with(key(token(7, 8), OptionalLong.empty()));
        String text = KeyRingText.write(ring);
        assertThat(text)
                .doesNotContain(TOKEN.secret())
                .doesNotContain(token(7, 8).secret());
        assertThat(read(text).keys()).isEqualTo(ring.keys());
    }

    @Test
    void whatIsNotAsItWasWrittenIsRefused() {
        String text = KeyRingText.write(RING);
        for (String damaged : List.of(
                "{}",
                text.replace("\"version\":1", "\"version\":2"),
                text.replace("reader", "king"),
                text.replace("\"name\"", "\"nome\""),
                text.replace("\"digest\":\"", "\"digest\":\"x"))) {
            assertThatThrownBy(() -> read(damaged)).as(damaged).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static KeyRing read(String text) {
        Map<String, Object> members = new LinkedHashMap<>();
        ((LinkedHashMap<?, ?>) JsonTree.read(Bytes.utf8(text)))
                .forEach((name, value) -> members.put(name.toString(), value));
        return KeyRingText.read(members);
    }
}
