package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Sha256;
import io.qbc.model.Transaction;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {
    private static final Bytes KEY = Bytes.utf8("order-1");
    private static final Bytes SIGNER = Samples.SIGNER.key();

    @Test
    void isTheHashOfTagAuthorAndKey() {
        byte[] bytes = new Encoder(64)
                .raw("qbc/scope/1".getBytes(StandardCharsets.US_ASCII))
                .bytes(SIGNER)
                .bytes(KEY)
                .toArray();
        assertThat(Scope.of(SIGNER, KEY)).isEqualTo(Sha256.of(bytes, 0, bytes.length));
    }

    @Test
    void authorsAndKeysAreApart() {
        assertThat(Scope.of(SIGNER, KEY))
                .isNotEqualTo(Scope.of(Bytes.EMPTY, KEY))
                .isNotEqualTo(Scope.of(Samples.OTHER.key(), KEY))
                .isNotEqualTo(Scope.of(SIGNER, Bytes.utf8("order-2")));
    }

    /** Which transactions the rule is about: those of an author, and those whose key no node made. */
    @ParameterizedTest
    @CsvSource({
        "false, 6f72646572, true",
        "false, 00, true",
        "false, fe, true",
        "false, ff, false",
        "false, ff0102030405060708090a0b0c0d0e0f, false",
        "false, 01ff, true",
        "true, 6f72646572, true",
        "true, ff, true",
        "true, ff0102030405060708090a0b0c0d0e0f, true",
    })
    void aKeyOfTheAcceptingNodeIsNoScope(boolean signed, String key, boolean scoped) {
        Bytes author = signed ? SIGNER : Bytes.EMPTY;
        Transaction plain = Samples.transaction(Samples.dbc("main"), 1);
        Body body = plain.body();
        Transaction transaction = Transaction.of(
                new Body(
                        body.version(),
                        body.chain(),
                        body.timestamp(),
                        Bytes.hex(key),
                        author,
                        body.type(),
                        body.schema(),
                        body.commitment(),
                        body.length()),
                plain.salt(),
                Bytes.EMPTY,
                plain.payload());
        assertThat(Scope.of(transaction).isPresent()).isEqualTo(scoped);
        if (scoped) {
            assertThat(Scope.of(transaction)).contains(Scope.of(author, Bytes.hex(key)));
        }
    }
}
