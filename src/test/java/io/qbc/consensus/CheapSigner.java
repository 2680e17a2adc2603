package io.qbc.consensus;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;

/** A signer that anybody could imitate but nobody in a test does, for histories too long for real signatures. */
public record CheapSigner(Bytes key) implements Signer {
    public static final Signatures VERIFIER =
            (key, message, signature) -> of(key, message).equals(signature);

    public static Signer of(String name) {
        return new CheapSigner(Bytes.wrap(Sha256.of(Bytes.utf8(name).toArray()).bytes()));
    }

    @Override
    public Bytes sign(byte[] message) {
        return of(key, message);
    }

    @Override
    public Bytes derive(String label) {
        return Bytes.wrap(Sha256.of(new byte[] {1}, key, Bytes.utf8(label)).bytes());
    }

    private static Bytes of(Bytes key, byte[] message) {
        Hash hash = Sha256.of(new byte[] {2}, key, Bytes.wrap(message));
        return new Encoder(64).hash(hash).hash(hash).toBytes();
    }
}
