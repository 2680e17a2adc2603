package io.qbc.ledger;

import io.qbc.model.Hash;

/** A quant that a node's operator vouches for, so that no chain made of old keys can take its place. */
public record Pin(long height, Hash hash) {
    boolean contradicts(long otherHeight, Hash otherHash) {
        return height == otherHeight && !hash.equals(otherHash);
    }
}
