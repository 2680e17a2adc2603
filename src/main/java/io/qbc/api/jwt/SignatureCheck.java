package io.qbc.api.jwt;

import io.qbc.model.Bytes;

/** A check whether a signature is by one public key. */
@FunctionalInterface
interface SignatureCheck {
    boolean verify(Bytes signed, Bytes signature);
}
