package io.qbc.consensus.authority;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;

/** A signer's vote to let somebody in or put somebody out. */
record Ballot(Bytes subject, Bytes voter, boolean add) {
    void write(Encoder out) {
        out.raw(subject).raw(voter).u8(add ? 1 : 0);
    }

    static Ballot read(Decoder in) {
        return new Ballot(in.raw(Ed25519.KEY_BYTES), in.raw(Ed25519.KEY_BYTES), in.u8() == 1);
    }
}
