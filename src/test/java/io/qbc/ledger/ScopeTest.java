package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Sha256;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static final Bytes KEY = Bytes.utf8("order-1");

    @Test
    void isTheHashOfTagKindPublicKeyAndKey() {
        byte[] bytes = new Encoder(64)
                .raw("qbc/scope/1".getBytes(StandardCharsets.US_ASCII))
                .bytes(Bytes.utf8("author"))
                .bytes(Samples.SIGNER.key())
                .bytes(KEY)
                .toArray();
        assertThat(Scope.author(Samples.SIGNER.key(), KEY)).isEqualTo(Sha256.of(bytes, 0, bytes.length));
    }

    @Test
    void kindsAndKeysAreApart() {
        assertThat(Scope.author(Samples.SIGNER.key(), KEY))
                .isNotEqualTo(Scope.node(Samples.SIGNER.key(), KEY))
                .isNotEqualTo(Scope.author(Samples.OTHER.key(), KEY))
                .isNotEqualTo(Scope.author(Samples.SIGNER.key(), Bytes.utf8("order-2")));
    }

    @Test
    void anUnsignedTransactionHasNone() {
        assertThat(Scope.of(Samples.transaction(Samples.dbc("main"), 1))).isEmpty();
    }
}
