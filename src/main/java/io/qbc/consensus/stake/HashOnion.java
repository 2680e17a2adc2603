package io.qbc.consensus.stake;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import java.util.Optional;

/**
 * What a leader reveals: the next layer of a hash onion whose outside it committed to before. It cannot choose the
 * layer, it can only withhold it, together with its quant.
 *
 * <p>Consensus fields: {@code bytes(layer) ‖ bytes(commitment)}. A holder's first quant has no layer and the first
 * commitment; one that takes the last layer commits to the next onion; all others have no commitment.
 *
 * @param layer 32 bytes whose hash is the holder's commitment, or empty
 * @param commitment the outside of a new onion, 32 bytes, or empty
 */
record HashOnion(Bytes layer, Bytes commitment) {
    static final int LAYERS = 1024;
    private static final byte[] TAG = Bytes.utf8("qbc/onion/1").toArray();

    /** What the holder must reveal next, by its own secrets. */
    static HashOnion next(Hash chain, Optional<Holder> holder, Signer self) {
        long reveals = holder.map(each -> each.reveals).orElse(0L);
        boolean committed = holder.flatMap(each -> each.commitment).isPresent();
        Bytes layer = Bytes.EMPTY;
        if (committed) {
            int outer = (int) (reveals % LAYERS);
            layer = wrapped(secret(chain, reveals / LAYERS, self), LAYERS - 1 - outer);
        }
        long following = committed ? reveals + 1 : 0;
        Bytes commitment =
                following % LAYERS == 0 ? wrapped(secret(chain, following / LAYERS, self), LAYERS) : Bytes.EMPTY;
        return new HashOnion(layer, commitment);
    }

    /** Reads the fields; nothing if they are not two runs of at most 32 bytes. */
    static Optional<HashOnion> of(Bytes fields) {
        Decoder in = new Decoder(fields);
        HashOnion onion = new HashOnion(in.bytes(Hash.BYTES), in.bytes(Hash.BYTES));
        return in.complete() ? Optional.of(onion) : Optional.empty();
    }

    Bytes encoded() {
        return new Encoder(72).bytes(layer).bytes(commitment).toBytes();
    }

    /** Whether this is what the holder owes. */
    boolean fits(Holder holder) {
        boolean renews = holder.commitment.isEmpty() || (holder.reveals + 1) % LAYERS == 0;
        boolean reveals = holder.commitment
                .map(promised -> layer.size() == Hash.BYTES && hash(layer).equals(promised))
                .orElse(layer.isEmpty());
        return reveals && commitment.size() == (renews ? Hash.BYTES : 0);
    }

    /** Takes a fitting layer off: what was revealed is the next commitment, unless there is a new one. */
    void peel(StakeState state, Holder holder) {
        if (!layer.isEmpty()) {
            state.mix = Draw.mix(state.mix, layer);
            holder.reveals++;
        }
        holder.commitment = Optional.of(Hash.at((commitment.isEmpty() ? layer : commitment).toArray(), 0));
    }

    private static Bytes secret(Hash chain, long number, Signer self) {
        return self.derive("qbc/onion/" + chain.hex() + "/" + number);
    }

    private static Bytes wrapped(Bytes inside, int times) {
        Bytes layer = inside;
        for (int i = 0; i < times; i++) {
            layer = Bytes.wrap(hash(layer).bytes());
        }
        return layer;
    }

    private static Hash hash(Bytes layer) {
        return Sha256.of(TAG, layer, Bytes.EMPTY);
    }
}
