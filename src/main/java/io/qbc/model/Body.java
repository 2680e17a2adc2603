package io.qbc.model;

/**
 * The part of a transaction that is hashed into the chain's tree.
 *
 * @param version always {@link Canonical#VERSION}
 * @param chain the chain that this transaction is for
 * @param timestamp milliseconds since 1970, as its author or the accepting node says
 * @param key the client's idempotency key in UTF-8, or 16 random bytes; 1 to 255 bytes
 * @param author the author's Ed25519 public key, 32 bytes, or empty
 * @param type the name of the data's type, UTF-8, at most 255 bytes, or empty
 * @param schema the version of the type's schema, 0 without one
 * @param commitment H("qbc/payload/1" ‖ salt ‖ payload)
 * @param length the payload's size in bytes
 */
public record Body(
        int version,
        Hash chain,
        long timestamp,
        Bytes key,
        Bytes author,
        Bytes type,
        int schema,
        Hash commitment,
        int length) {}
