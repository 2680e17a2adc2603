package io.qbc.consensus.authority;

import io.qbc.consensus.engine.Offence;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who seals, who wants whom in or out, and what is final, after one quant.
 *
 * @param signers all, by key
 * @param ballots open votes, in the order in which they came
 * @param offences what was recorded, oldest first
 */
record AuthorityState(List<Authority> signers, List<Ballot> ballots, Finality finality, List<Offence> offences) {
    private static final int LIST_MAX = 100_000;

    AuthorityState {
        signers = List.copyOf(signers);
        ballots = List.copyOf(ballots);
        offences = List.copyOf(offences);
    }

    static AuthorityState genesis(List<Bytes> keys) {
        List<Authority> signers =
                keys.stream().sorted().map(key -> Authority.fresh(key, 0)).toList();
        return new AuthorityState(signers, List.of(), Finality.GENESIS, List.of());
    }

    /** Those whose seat nobody has taken, by key. */
    List<Authority> active() {
        return signers.stream().filter(signer -> !signer.suspended()).toList();
    }

    Optional<Authority> signer(Bytes key) {
        return signers.stream().filter(signer -> signer.key().equals(key)).findFirst();
    }

    Bytes encoded() {
        Encoder out = new Encoder(64 + 100 * signers.size());
        out.u32(signers.size());
        signers.forEach(signer -> signer.write(out));
        out.u32(ballots.size());
        ballots.forEach(ballot -> ballot.write(out));
        finality.write(out);
        out.u32(offences.size());
        offences.forEach(offence -> offence.write(out));
        return out.toBytes();
    }

    /** Reads a state that this engine wrote. */
    static AuthorityState decode(Bytes bytes) {
        Decoder in = new Decoder(bytes);
        AuthorityState state = new AuthorityState(
                list(in, Authority::read), list(in, Ballot::read), Finality.read(in), list(in, Offence::read));
        if (!in.complete()) {
            throw new IllegalStateException("a stored state of poa is one that poa wrote");
        }
        return state;
    }

    private static <T> List<T> list(Decoder in, Function<Decoder, T> read) {
        int size = in.u32();
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size && size <= LIST_MAX && !in.failed(); i++) {
            list.add(read.apply(in));
        }
        return list;
    }
}
