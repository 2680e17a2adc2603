package io.qbc.model;

/** Something that holds a private key and signs with it. */
public interface Signer {
    /** The public key, 32 bytes. */
    Bytes key();

    /** The signature of the message, 64 bytes. */
    Bytes sign(byte[] message);
}
