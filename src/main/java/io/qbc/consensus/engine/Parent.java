package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Header;

/**
 * What an engine knows of the quant before.
 *
 * @param state the engine's own state after that quant, in its canonical encoding
 */
public record Parent(Header header, Hash hash, Bytes state) {
    /** The chain's id, which a genesis quant does not carry as it is its hash. */
    public Hash chain() {
        return header.isGenesis() ? hash : header.chain();
    }
}
