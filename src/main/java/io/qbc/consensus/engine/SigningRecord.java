package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import java.util.Optional;

/**
 * What a key has bound itself to in one chain, on whatever branch. A node stores it, synced, before the signature that
 * makes it leaves; a later record never falls below an earlier one.
 *
 * @param slot the last slot that it sealed in, -1 before the first
 * @param source the highest source of its finality votes
 * @param target the highest target of its finality votes
 */
public record SigningRecord(long slot, long source, long target) {
    public static final SigningRecord NONE = new SigningRecord(-1, 0, 0);

    public Bytes encoded() {
        return new Encoder(24).u64(slot).u64(source).u64(target).toBytes();
    }

    /** Reads an encoding; nothing if the bytes are not exactly one. */
    public static Optional<SigningRecord> decode(Bytes bytes) {
        Decoder in = new Decoder(bytes);
        SigningRecord signingRecord = new SigningRecord(in.u64(), in.u64(), in.u64());
        return in.complete() ? Optional.of(signingRecord) : Optional.empty();
    }

    /** The record that binds to all that this and another one bind to. */
    public SigningRecord covering(SigningRecord other) {
        return new SigningRecord(
                Math.max(slot, other.slot), Math.max(source, other.source), Math.max(target, other.target));
    }

    /** The record after a seal in {@code next}; nothing if this key sealed in that slot or a later one before. */
    public Optional<SigningRecord> sealing(long next) {
        return next > slot ? Optional.of(new SigningRecord(next, source, target)) : Optional.empty();
    }

    /** The record after votes from {@code from} to {@code to}; nothing if they would contradict an earlier vote. */
    public Optional<SigningRecord> voting(long votedSource, long from, long to) {
        boolean free = from > target && votedSource >= source;
        return free ? Optional.of(new SigningRecord(slot, votedSource, to)) : Optional.empty();
    }
}
