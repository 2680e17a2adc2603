package io.qbc.model;

/** The check of a signature, an interface so that a simulation can put a cheap one in its place. */
public interface Signatures {
    /** Whether {@code signature} is by {@code key} over {@code message}; false for anything malformed. */
    boolean verify(Bytes key, byte[] message, Bytes signature);
}
