package io.qbc.model;

/**
 * The header of a quant; its canonical bytes are what the quant hash covers.
 *
 * @param version always {@link Canonical#VERSION}
 * @param chain the chain's id; {@link Hash#ZERO} in a genesis quant, whose hash is the id
 * @param height 0 for a genesis quant, unless it begins a fork
 * @param timestamp milliseconds since 1970
 * @param previous the hash of the quant before; {@link Hash#ZERO} in a genesis quant
 * @param treeSize how many transactions the chain holds with this quant
 * @param root the RFC 6962 root over all of them
 * @param count how many of them are in this quant
 * @param producer the Ed25519 public key of the node that made it, 32 bytes, or empty in a genesis quant
 * @param consensus fields of the chain's engine; H("qbc/spec/1" ‖ spec) in a genesis quant
 * @param proof what the engine's proof needs, last so that a proof of work hashes a fixed prefix and a nonce
 */
public record Header(
        int version,
        Hash chain,
        long height,
        long timestamp,
        Hash previous,
        long treeSize,
        Hash root,
        int count,
        Bytes producer,
        Bytes consensus,
        Bytes proof) {

    /** The quant hash H("qbc/quant/1" ‖ header). */
    public Hash hash() {
        byte[] bytes = Canonical.header(this);
        return Sha256.of(bytes, 0, bytes.length);
    }

    /** Whether it is a genesis quant's, which cannot name the chain whose id is its own hash. */
    public boolean isGenesis() {
        return chain.equals(Hash.ZERO);
    }

    /** The same without a hold on the larger array from which it was read. */
    public Header detached() {
        return new Header(
                version,
                chain,
                height,
                timestamp,
                previous,
                treeSize,
                root,
                count,
                producer.detached(),
                consensus.detached(),
                proof.detached());
    }

    public Header withProof(Bytes newProof) {
        return new Header(
                version, chain, height, timestamp, previous, treeSize, root, count, producer, consensus, newProof);
    }
}
