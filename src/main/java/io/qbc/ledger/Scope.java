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
 * An author and an idempotency key, of which a chain holds one transaction at most, as a hash: H("qbc/scope/1" ‖
 * bytes(author) ‖ bytes(key)). A key that the accepting node made up, in an unsigned transaction, is no scope.
 */
public final class Scope {
    /** What a key begins with that a node made up; no UTF-8 text does. */
    public static final byte NODE_MADE = (byte) 0xff;

    private static final byte[] TAG = "qbc/scope/1".getBytes(StandardCharsets.US_ASCII);
    private static final int BODY_BYTES_MAX = 1024;
    private static final int BEFORE_KEY = 4 + Hash.BYTES + 8;

    private Scope() {}

    /** The scope of a key; the author is empty in an unsigned transaction. */
    public static Hash of(Bytes author, Bytes key) {
        Encoder out = new Encoder(TAG.length + 8 + author.size() + key.size());
        byte[] bytes = out.raw(TAG).bytes(author).bytes(key).array();
        return Sha256.of(bytes, 0, out.size());
    }

    /** A transaction's scope; nothing if its key is the accepting node's. */
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
        return author.isEmpty() && nodeMade(key) ? Optional.empty() : Optional.of(of(author, key));
    }

    private static boolean nodeMade(Bytes key) {
        return !key.isEmpty() && key.array()[key.offset()] == NODE_MADE;
    }
}
