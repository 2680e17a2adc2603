package io.qbc.model;

import java.math.BigInteger;

/** The newest quant of a branch, with the weight of everything up to it. */
public record Head(Hash hash, Header header, BigInteger weight) {
    public long height() {
        return header.height();
    }
}
