package io.qbc.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import io.qbc.model.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScopedKeyTest {
    private static Bytes of(String scope, String key) {
        return ScopedKey.of(scope, Bytes.utf8(key));
    }

    @Test
    void theBytesAreTheMarkTheScopeWithItsLengthAndTheKey() {
        assertThat(of("shop", "o-7").hex()).isEqualTo("fe" + "04" + "73686f70" + "6f2d37");
        assertThat(of("", "o-7").hex()).isEqualTo("6f2d37");
    }

    @Test
    void noTwoPairsAreTheSameBytes() {
        List<String> scopes = List.of("", "a", "ab", "abc", "a".repeat(64), "a".repeat(65), "a".repeat(66));
        List<String> keys = List.of("a", "b", "ab", "bc", "abc", "\u0000", "\u0001a", "\u00fe\u0001a", "\u0001ab");
        Map<Bytes, String> seen = new HashMap<>();
        for (String scope : scopes) {
            for (String key : keys) {
                assertThat(seen.put(of(scope, key), scope + "/" + key))
                        .as(scope + "/" + key)
                        .isNull();
            }
        }
    }

    @Test
    void everyScopeLeavesTheSameRoom() {
        for (String scope : List.of("a", "a".repeat(64), "a".repeat(65), "\u20ac".repeat(300))) {
            int most = ScopedKey.bytesMax(scope);
            assertThat(most).isEqualTo(189);
            assertThat(of(scope, "k".repeat(most)).size()).isLessThanOrEqualTo(Transaction.KEY_BYTES_MAX);
        }
        assertThat(ScopedKey.bytesMax("")).isEqualTo(255);
    }

    @Test
    void aCallerGetsItsOwnKeyBackAndNobodyElses() {
        for (String scope : List.of("shop", "a".repeat(65))) {
            assertThat(ScopedKey.own(scope, of(scope, "o-7"))).contains(Bytes.utf8("o-7"));
            assertThat(ScopedKey.own("other", of(scope, "o-7"))).isEmpty();
            assertThat(ScopedKey.own(scope, Bytes.utf8("o-7"))).isEmpty();
            assertThat(ScopedKey.own(scope, of(scope, ""))).isEmpty();
        }
        assertThat(ScopedKey.own("sho", of("shop", "o-7"))).isEmpty();
    }
}
