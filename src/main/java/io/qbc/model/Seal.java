package io.qbc.model;

/** One sealer's Ed25519 signature (64 bytes) over ("qbc/seal/1" ‖ quant hash), with its public key (32 bytes). */
public record Seal(Bytes key, Bytes signature) {}
