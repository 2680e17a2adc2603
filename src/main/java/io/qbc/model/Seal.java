package io.qbc.model;

/** One sealer's Ed25519 signature (64 bytes) over ("qbc/seal/1" ‖ quant hash), with its public key (32 bytes). */
public record Seal(Bytes key, Bytes signature) {
    /** The same without a hold on the larger array from which it was read. */
    public Seal detached() {
        return new Seal(key.detached(), signature.detached());
    }
}
