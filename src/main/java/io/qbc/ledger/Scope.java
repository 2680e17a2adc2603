package io.qbc.ledger;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.nio.charset.StandardCharsets;

/** The scope in which an idempotency key may be used once, hashed together with the key. */
public final class Scope {
    private static final byte[] TAG = "qbc/scope/1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AUTHOR = "author".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NODE = "node".getBytes(StandardCharsets.US_ASCII);

    private Scope() {}

    /** The scope of a transaction's author: H("qbc/scope/1" ‖ "author" ‖ bytes(author) ‖ bytes(key)). */
    public static Hash author(Bytes author, Bytes key) {
        return scope(AUTHOR, author, key);
    }

    /** The scope of the node that accepted it: H("qbc/scope/1" ‖ "node" ‖ bytes(node key) ‖ bytes(key)). */
    public static Hash node(Bytes node, Bytes key) {
        return scope(NODE, node, key);
    }

    private static Hash scope(byte[] kind, Bytes owner, Bytes key) {
        Encoder out = new Encoder(64 + owner.size() + key.size());
        out.raw(TAG).raw(kind).bytes(owner).bytes(key);
        return Sha256.of(out.array(), 0, out.size());
    }
}
