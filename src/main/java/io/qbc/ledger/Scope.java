package io.qbc.ledger;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.qbc.model.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * In what an idempotency key may be used once, as a hash: H("qbc/scope/1" ‖ bytes(kind) ‖ bytes(public key) ‖
 * bytes(key)).
 */
public final class Scope {
    private static final byte[] TAG = "qbc/scope/1".getBytes(StandardCharsets.US_ASCII);
    private static final Bytes AUTHOR = Bytes.utf8("author");
    private static final Bytes NODE = Bytes.utf8("node");
    private static final int BODY_BYTES_MAX = 1024;
    private static final int BEFORE_KEY = 4 + Hash.BYTES + 8;

    private Scope() {}

    /** The scope of a signed transaction's key: its author's, the same on every node. */
    public static Hash author(Bytes author, Bytes key) {
        return hash(AUTHOR, author, key);
    }

    /** The scope of a key that an unnamed caller gave to the node with this public key. */
    public static Hash node(Bytes nodeKey, Bytes key) {
        return hash(NODE, nodeKey, key);
    }

    /** The author's scope of a signed transaction; nothing for an unsigned one. */
    public static Optional<Hash> of(Transaction transaction) {
        return of(transaction.encoded());
    }

    /** As {@link #of(Transaction)}, from the beginning of an encoding that holds the whole body. */
    public static Optional<Hash> of(Bytes encoded) {
        Bytes body = new Decoder(encoded).bytes(BODY_BYTES_MAX);
        Decoder in = new Decoder(body);
        in.raw(BEFORE_KEY);
        Bytes key = in.bytes(Transaction.KEY_BYTES_MAX);
        Bytes author = in.bytes(Transaction.KEY_BYTES_MAX);
        return author.isEmpty() ? Optional.empty() : Optional.of(author(author, key));
    }

    private static Hash hash(Bytes kind, Bytes publicKey, Bytes key) {
        Encoder out = new Encoder(TAG.length + 12 + kind.size() + publicKey.size() + key.size());
        byte[] bytes = out.raw(TAG).bytes(kind).bytes(publicKey).bytes(key).array();
        return Sha256.of(bytes, 0, out.size());
    }
}
