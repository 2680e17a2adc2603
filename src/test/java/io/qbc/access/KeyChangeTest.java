package io.qbc.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.access.ApiKey.Token;
import io.qbc.access.KeyChange.KeyMark;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KeyChangeTest {
    private static Token token(int id, int secret) {
        byte[] ids = new byte[ApiKey.ID_BYTES];
        byte[] secrets = new byte[ApiKey.SECRET_BYTES];
        ids[0] = (byte) id;
        secrets[0] = (byte) secret;
        return Token.of(ids, secrets);
    }

    private static ApiKey key(int id, String name, String role) {
        List<Grant> grants = List.of(Grant.parse(role).orElseThrow());
        return ApiKey.made(token(id, 1), new ApiKey.Request(name, grants, OptionalLong.empty()), 0);
    }

    private static List<String> told(KeyRing before, KeyRing after) {
        return KeyChange.between(KeyRingText.marks(before), KeyRingText.marks(after)).stream()
                .map(change -> change.word() + " " + change.key().name() + " "
                        + change.key().roles())
                .toList();
    }

    @Test
    void eachChangeIsToldByWhatItIs() {
        KeyRing one = KeyRing.EMPTY.with(key(1, "a", "reader"));
        KeyRing two = one.with(key(2, "b", "admin"));
        assertThat(told(KeyRing.EMPTY, two)).containsExactly("added a [reader]", "added b [admin]");
        assertThat(told(two, one)).containsExactly("removed b [admin]");
        assertThat(told(two, two)).isEmpty();
        assertThat(told(one, one.rotated(token(1, 2), 0, 1000))).containsExactly("rotated a [reader]");
        assertThat(told(one, one.with(key(1, "a", "writer@orders")))).containsExactly("changed a [writer@orders]");
        assertThat(told(two, KeyRing.EMPTY.with(key(3, "c", "sealer"))))
                .containsExactly("removed a [reader]", "removed b [admin]", "added c [sealer]");
    }

    @Test
    void whatIsRememberedHasNoSecretAndNoDigestOfOne() {
        ApiKey key = key(1, "a", "reader");
        KeyMark mark = KeyRingText.marks(KeyRing.EMPTY.with(key)).get(0);
        assertThat(mark.toString())
                .doesNotContain(key.digest().hex())
                .doesNotContain(token(1, 1).secret());
    }
}
