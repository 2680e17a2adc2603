package io.qbc.model;

import java.util.Optional;

/**
 * A transaction as it is stored and sent: its id, and the canonical encoding of body, salt, signature and payload.
 *
 * <p>Shape of {@code encoded}: {@code bytes(body) ‖ salt(16) ‖ bytes(signature) ‖ bytes(payload)}.
 */
public final class Transaction {
    public static final int SALT_BYTES = 16;
    public static final int KEY_BYTES_MAX = 255;
    public static final int TYPE_BYTES_MAX = 255;
    /** The shortest encoding that is read as one. */
    public static final int BYTES_MIN = Canonical.BODY_BYTES_MIN + SALT_BYTES + 3 * Integer.BYTES;

    private static final int BODY_BYTES_MAX = 1024;
    private static final int SIGNATURE_BYTES_MAX = 64;

    private final Hash id;
    private final Bytes encoded;
    private final boolean proven;

    /** A transaction as somebody states it; whether the id belongs to the bytes is for the reader to find out. */
    public Transaction(Hash id, Bytes encoded) {
        this(id, encoded, false);
    }

    private Transaction(Hash id, Bytes encoded, boolean proven) {
        this.id = id;
        this.encoded = encoded;
        this.proven = proven;
    }

    /** The fields of an encoding, all read in one pass. */
    public record Parts(Body body, Bytes salt, Bytes signature, Bytes payload) {}

    /** Puts a transaction together; the commitment and the length in {@code body} are taken as they stand. */
    public static Transaction of(Body body, Bytes salt, Bytes signature, Bytes payload) {
        Encoder out = new Encoder(160 + body.key().size() + payload.size() + signature.size());
        out.u32(0);
        Canonical.body(out, body);
        int bodySize = out.size() - 4;
        byte[] array = out.array();
        array[2] = (byte) (bodySize >>> 8);
        array[3] = (byte) bodySize;
        Hash id = Sha256.leaf(array, 4, bodySize);
        out.raw(salt).bytes(signature).bytes(payload);
        return new Transaction(id, out.toBytes());
    }

    /** Reads one encoding and computes its id; nothing if the bytes are not exactly one well-formed transaction. */
    public static Optional<Transaction> decode(Bytes encoded) {
        Decoder in = new Decoder(encoded);
        Bytes body = in.bytes(BODY_BYTES_MAX);
        in.raw(SALT_BYTES);
        in.bytes(SIGNATURE_BYTES_MAX);
        in.bytes(Integer.MAX_VALUE);
        if (!in.complete() || !Canonical.isBody(body)) {
            return Optional.empty();
        }
        return Optional.of(new Transaction(Sha256.leaf(body.array(), body.offset(), body.size()), encoded, true));
    }

    /** H(0x00 ‖ body), which is also its leaf hash in the chain's tree. */
    public Hash id() {
        return id;
    }

    /** The encoding, kept as it came so that the payload's bytes never change. */
    public Bytes encoded() {
        return encoded;
    }

    /** Whether {@link #decode} read these very bytes in this process and computed the id from them. */
    public boolean proven() {
        return proven;
    }

    /** The same without a hold on the larger array from which it was read. */
    public Transaction detached() {
        return new Transaction(id, encoded.detached(), proven);
    }

    /** The body's canonical bytes, whose leaf hash is the id. */
    public Bytes bodyBytes() {
        return new Decoder(encoded).bytes(BODY_BYTES_MAX);
    }

    public Body body() {
        return body(bodyBytes());
    }

    private static Body body(Bytes bytes) {
        return Canonical.body(bytes)
                .orElseThrow(() -> new IllegalStateException("an encoded transaction has a well-formed body"));
    }

    /** Everything in it. */
    public Parts parts() {
        Decoder in = new Decoder(encoded);
        return new Parts(
                body(in.bytes(BODY_BYTES_MAX)),
                in.raw(SALT_BYTES),
                in.bytes(SIGNATURE_BYTES_MAX),
                in.bytes(Integer.MAX_VALUE));
    }

    /** The 16 bytes that make the commitment unguessable. */
    public Bytes salt() {
        Decoder in = new Decoder(encoded);
        in.bytes(BODY_BYTES_MAX);
        return in.raw(SALT_BYTES);
    }

    /** The author's signature over ("qbc/tx/1" ‖ id), 64 bytes, or empty. */
    public Bytes signature() {
        Decoder in = new Decoder(encoded);
        in.bytes(BODY_BYTES_MAX);
        in.raw(SALT_BYTES);
        return in.bytes(SIGNATURE_BYTES_MAX);
    }

    /** The exact UTF-8 bytes of the JSON value that the client sent. */
    public Bytes payload() {
        Decoder in = new Decoder(encoded);
        in.bytes(BODY_BYTES_MAX);
        in.raw(SALT_BYTES);
        in.bytes(SIGNATURE_BYTES_MAX);
        return in.bytes(Integer.MAX_VALUE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Transaction o && id.equals(o.id) && encoded.equals(o.encoded);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "Transaction " + id;
    }
}
