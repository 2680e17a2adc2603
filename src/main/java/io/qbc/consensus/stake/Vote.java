package io.qbc.consensus.stake;

import io.qbc.consensus.engine.Fields;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.Optional;

/**
 * A holder's finality vote, the operation {@code qbc.pos.vote}.
 *
 * @param source the number of the justified checkpoint that it builds on
 * @param target the number of the checkpoint that it is for
 * @param hash the target's quant
 */
record Vote(long source, long target, Hash hash) {
    static final String TYPE = "qbc.pos.vote";

    /** Reads a payload; nothing if it is no vote from a source to a later target. */
    static Optional<Vote> of(Bytes payload) {
        return Fields.of(payload, "source", "target", "hash")
                .flatMap(fields -> fields.number("source")
                        .flatMap(source -> fields.number("target")
                                .flatMap(target -> fields.hash("hash").map(hash -> new Vote(source, target, hash)))))
                .filter(vote -> vote.source < vote.target);
    }

    Bytes payload() {
        return Bytes.utf8("{\"source\":" + source + ",\"target\":" + target + ",\"hash\":\"" + hash.hex() + "\"}");
    }

    /** Whether an honest holder never gives both: two votes for one target, or one around the other (Casper FFG). */
    boolean contradicts(Vote other) {
        return target == other.target ? !equals(other) : around(other) || other.around(this);
    }

    private boolean around(Vote other) {
        return source < other.source && target > other.target;
    }
}
