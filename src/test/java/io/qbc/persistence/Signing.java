package io.qbc.persistence;

import io.qbc.Samples;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Transaction;

/** Makes signed transactions. */
public final class Signing {
    private Signing() {}

    /** The n-th transaction of the sample signer, under this key. */
    static Transaction transaction(ChainSpec spec, int n, String key, String json) {
        return order(spec, n, key, "", json);
    }

    /** The n-th transaction of the sample signer, of a type that may speak to the engine. */
    public static Transaction order(ChainSpec spec, int n, String key, String type, String json) {
        Bytes payload = Bytes.utf8(json);
        Bytes salt = Bytes.wrap(Samples.seed("signed salt" + n)).slice(0, Transaction.SALT_BYTES);
        Body body = new Body(
                Canonical.VERSION,
                spec.id(),
                Samples.GENESIS_TIME + n,
                Bytes.utf8(key),
                Samples.SIGNER.key(),
                Bytes.utf8(type),
                0,
                Canonical.commitment(salt, payload),
                payload.size());
        Transaction unsigned = Transaction.of(body, salt, Bytes.EMPTY, payload);
        Bytes signature = Samples.SIGNER.sign(Canonical.transactionSigned(unsigned.id()));
        return Transaction.of(body, salt, signature, payload);
    }
}
