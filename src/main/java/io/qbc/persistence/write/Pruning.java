package io.qbc.persistence.write;

import io.qbc.ledger.Tip;
import io.qbc.model.Hash;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.store.Keys;
import io.qbc.persistence.store.Space;
import io.qbc.persistence.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What may go as a chain grows, since it lies too deep for a branch to begin there: engine states of the present chain,
 * and quants aside with theirs. Forks of the chain keep what is their history. Little at a time, so that no commit
 * takes long.
 *
 * @param states quants whose states go
 * @param asides quants aside that go
 * @param below the height below which quants aside are not kept any more
 */
public record Pruning(List<Hash> states, List<Aside> asides, long below) {
    private static final int ASIDES_MAX = 16;
    private static final byte[] NOTHING = {};

    public Pruning {
        states = List.copyOf(states);
        asides = List.copyOf(asides);
    }

    /** A quant aside; {@code kept} if it is in the history of a fork, or was noted for nothing. */
    record Aside(long height, Hash hash, boolean kept) {}

    /**
     * What goes with the next commit; by the ledger alone.
     *
     * @param next the quant that is committed
     * @param depthMax how many quants a reorganisation may undo
     */
    public static Pruning of(Store store, OpenChain chain, Tip next, int depthMax) {
        long limit = chain.tip().head().height() - depthMax - 2L;
        List<Hash> states = new ArrayList<>();
        if (!next.state().isEmpty()) {
            long last = Math.max(limit, next.head().height() - depthMax - 3L);
            for (long height = limit; height <= last; height++) {
                chain.quants().at(height).ifPresent(states::add);
            }
        }
        List<Aside> asides = limit > chain.lowestAside() ? asides(store, chain, limit) : List.of();
        return new Pruning(states, asides, asides.isEmpty() ? limit : Math.max(limit, pruned(store, chain)));
    }

    private static List<Aside> asides(Store store, OpenChain chain, long limit) {
        List<Aside> asides = new ArrayList<>();
        byte[] key = new byte[Keys.ASIDE_BYTES];
        byte[] first = Keys.asides(chain.number(), 0);
        long lowest = Long.MAX_VALUE;
        try (Store.Scan scan = store.scan(Space.META)) {
            for (scan.seek(first); scan.here() && scan.key(key) == key.length; scan.next()) {
                boolean own = Arrays.equals(key, 0, 1 + Keys.CHAIN_BYTES, first, 0, 1 + Keys.CHAIN_BYTES);
                if (!own) {
                    break;
                }
                long height = Keys.number(key, 1 + Keys.CHAIN_BYTES);
                if (height >= limit || asides.size() == ASIDES_MAX) {
                    lowest = height;
                    break;
                }
                Hash hash = Hash.at(key, Keys.ASIDE_BYTES - Hash.BYTES);
                asides.add(new Aside(height, hash, needed(chain, height, hash)));
            }
        }
        chain.lowestAside(lowest);
        return asides;
    }

    /** The height below which a chain's quants aside were let go. */
    public static long pruned(Store store, OpenChain chain) {
        return store.get(Space.META, Keys.pruned(chain.number()))
                .map(value -> Keys.number(value, 0))
                .orElse(0L);
    }

    private static boolean needed(OpenChain chain, long height, Hash hash) {
        Optional<Hash> here = Optional.of(hash);
        return chain.quants().at(height).equals(here)
                || chain.forks().stream()
                        .filter(fork -> height <= fork.past().orElseThrow().point())
                        .anyMatch(fork -> fork.quants().at(height).equals(here));
    }

    /** Writes what goes. */
    public void put(Group group, int chain) {
        states.forEach(hash -> group.delete(Space.STATES, Keys.hashed(chain, hash)));
        for (Aside aside : asides) {
            group.delete(Space.META, Keys.aside(chain, aside.height(), aside.hash()));
            group.delete(Space.STATES, Keys.hashed(chain, aside.hash()));
            if (!aside.kept()) {
                group.delete(Space.QUANTS, Keys.hashed(chain, aside.hash()));
            }
        }
        if (!asides.isEmpty()) {
            group.put(Space.META, Keys.pruned(chain), Keys.number(below));
        }
    }

    /** Notes that a quant is aside from now on. */
    public static void aside(Group group, int chain, QuantRecord quant) {
        group.put(Space.META, Keys.aside(chain, quant.height(), quant.hash()), NOTHING);
    }

    /** Notes that a quant is on the chain again. */
    public static void back(Group group, int chain, QuantRecord quant) {
        group.delete(Space.META, Keys.aside(chain, quant.height(), quant.hash()));
    }

    /** Deletes all that is noted of a chain. */
    public static void forget(Group group, int chain) {
        group.delete(Space.META, Keys.asides(chain, 0), Keys.asides(chain + 1, 0));
        group.delete(Space.META, Keys.pruned(chain));
    }
}
