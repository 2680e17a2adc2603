package io.qbc.model;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The bytes that are hashed and signed: format 1. Every change here is a new format. */
public final class Canonical {
    public static final int VERSION = 1;
    /** A transaction's body whose fields of no fixed size are empty. */
    static final int BODY_BYTES_MIN = 6 * Integer.BYTES + Long.BYTES + 2 * Hash.BYTES;
    /** A header whose fields of no fixed size are empty. */
    public static final int HEADER_BYTES_MIN = 5 * Integer.BYTES + 3 * Long.BYTES + 3 * Hash.BYTES;

    private static final byte[] QUANT_TAG = ascii("qbc/quant/1");
    private static final byte[] PAYLOAD_TAG = ascii("qbc/payload/1");
    private static final byte[] SPEC_TAG = ascii("qbc/spec/1");
    private static final byte[] TRANSACTION_TAG = ascii("qbc/tx/1");
    private static final byte[] SEAL_TAG = ascii("qbc/seal/1");
    private static final int FIELD_BYTES_MAX = 64 * 1024;

    private Canonical() {}

    /** Writes a transaction body. */
    public static void body(Encoder out, Body body) {
        out.u32(body.version())
                .hash(body.chain())
                .u64(body.timestamp())
                .bytes(body.key())
                .bytes(body.author())
                .bytes(body.type())
                .u32(body.schema())
                .hash(body.commitment())
                .u32(body.length());
    }

    /** Reads a transaction body; nothing if the bytes are not exactly one. Rules about its values are not checked. */
    public static Optional<Body> body(Bytes bytes) {
        Decoder in = new Decoder(bytes);
        Body body = new Body(
                in.u32(),
                in.hash(),
                in.u64(),
                in.bytes(Transaction.KEY_BYTES_MAX),
                in.bytes(32),
                in.bytes(Transaction.TYPE_BYTES_MAX),
                in.u32(),
                in.hash(),
                in.u32());
        return in.complete() ? Optional.of(body) : Optional.empty();
    }

    /** Whether the bytes are exactly one transaction body; finds out without keeping anything of it. */
    static boolean isBody(Bytes bytes) {
        Decoder in = new Decoder(bytes);
        in.raw(Integer.BYTES + Hash.BYTES + Long.BYTES);
        in.bytes(Transaction.KEY_BYTES_MAX);
        in.bytes(32);
        in.bytes(Transaction.TYPE_BYTES_MAX);
        in.raw(Integer.BYTES + Hash.BYTES + Integer.BYTES);
        return in.complete();
    }

    /** The bytes under a quant hash: the tag "qbc/quant/1" and the header. */
    public static byte[] header(Header header) {
        Encoder out = new Encoder(320);
        out.raw(QUANT_TAG);
        write(out, header);
        return out.toArray();
    }

    /** A header's fields without the tag, as they travel and are stored. */
    public static void write(Encoder out, Header header) {
        out.u32(header.version())
                .hash(header.chain())
                .u64(header.height())
                .u64(header.timestamp())
                .hash(header.previous())
                .u64(header.treeSize())
                .hash(header.root())
                .u32(header.count())
                .bytes(header.producer())
                .bytes(header.consensus())
                .bytes(header.proof());
    }

    /** Reads a header's fields; the caller asks the decoder whether that went well. */
    public static Header header(Decoder in) {
        return new Header(
                in.u32(),
                in.hash(),
                in.u64(),
                in.u64(),
                in.hash(),
                in.u64(),
                in.hash(),
                in.u32(),
                in.bytes(32),
                in.bytes(FIELD_BYTES_MAX),
                in.bytes(FIELD_BYTES_MAX));
    }

    /** H("qbc/payload/1" ‖ salt ‖ payload). */
    public static Hash commitment(Bytes salt, Bytes payload) {
        return Sha256.of(PAYLOAD_TAG, salt, payload);
    }

    /** H("qbc/spec/1" ‖ spec), the spec in its RFC 8785 bytes. */
    public static Hash spec(Bytes document) {
        return Sha256.of(SPEC_TAG, document, Bytes.EMPTY);
    }

    /** What a transaction's author signs: "qbc/tx/1" ‖ id. */
    public static byte[] transactionSigned(Hash id) {
        return tagged(TRANSACTION_TAG, id);
    }

    /** What a sealer signs: "qbc/seal/1" ‖ quant hash. */
    public static byte[] sealSigned(Hash quant) {
        return tagged(SEAL_TAG, quant);
    }

    private static byte[] tagged(byte[] tag, Hash hash) {
        return new Encoder(tag.length + Hash.BYTES).raw(tag).hash(hash).toArray();
    }

    private static byte[] ascii(String tag) {
        return tag.getBytes(StandardCharsets.US_ASCII);
    }
}
