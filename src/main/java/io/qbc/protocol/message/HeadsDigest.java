package io.qbc.protocol.message;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.util.SortedMap;

/** One hash over a whole list of heads, by which two nodes see that they mean the same list. */
public final class HeadsDigest {
    private static final Bytes TAG = Bytes.utf8("qbc/heads/1");

    private HeadsDigest() {}

    /** H("qbc/heads/1" ‖ for each chain in the order of ids: id ‖ head). */
    public static Hash of(SortedMap<Hash, Hash> heads) {
        Encoder out = new Encoder(TAG.size() + 2 * Hash.BYTES * heads.size()).raw(TAG);
        heads.forEach((chain, head) -> out.hash(chain).hash(head));
        return Sha256.of(out.array(), 0, out.size());
    }
}
