package io.qbc.model;

/** Something that holds a private key and signs with it. */
public interface Signer {
    /** The public key, 32 bytes. */
    Bytes key();

    /** The signature of the message, 64 bytes. */
    Bytes sign(byte[] message);

    /**
     * 32 secret bytes that follow from the private key and the label, the same at every call; whoever does not hold the
     * key cannot tell them from chance.
     */
    Bytes derive(String label);
}
