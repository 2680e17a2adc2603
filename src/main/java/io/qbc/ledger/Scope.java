package io.qbc.ledger;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.nio.charset.StandardCharsets;

/** In which scope an idempotency key may be used once, hashed together with the key. */
public final class Scope {
    private static final byte[] TAG = ascii("qbc/scope/1");
    private static final byte[] NODE = ascii("node");
    private static final byte[] AUTHOR = ascii("author");

    private Scope() {}

    /** H("qbc/scope/1" ‖ "node" ‖ bytes(nodeKey) ‖ bytes(key)): the key of a client that this node does not know. */
    public static Hash node(Bytes nodeKey, Bytes key) {
        return hash(NODE, nodeKey, key);
    }

    /** H("qbc/scope/1" ‖ "author" ‖ bytes(author) ‖ bytes(key)): the key of a signed transaction. */
    public static Hash author(Bytes author, Bytes key) {
        return hash(AUTHOR, author, key);
    }

    private static Hash hash(byte[] kind, Bytes owner, Bytes key) {
        Encoder out = new Encoder(64 + owner.size() + key.size());
        out.raw(TAG).raw(kind).bytes(owner).bytes(key);
        return Sha256.of(out.array(), 0, out.size());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
