package io.qbc.persistence.write;

import io.qbc.ledger.Tip;
import io.qbc.model.Hash;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
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
     * What goes with the next commit; by the commit thread alone.
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
        byte[] key = new byte[StoreKeys.ASIDE_BYTES];
        byte[] first = StoreKeys.asides(chain.number(), 0);
        long lowest = Long.MAX_VALUE;
        try (Store.Scan scan = store.scan(ColumnFamily.META)) {
            for (scan.seek(first); scan.here() && scan.key(key) == key.length; scan.next()) {
                boolean own = Arrays.equals(key, 0, 1 + StoreKeys.CHAIN_BYTES, first, 0, 1 + StoreKeys.CHAIN_BYTES);
                if (!own) {
                    break;
                }
                long height = StoreKeys.number(key, 1 + StoreKeys.CHAIN_BYTES);
                if (height >= limit || asides.size() == ASIDES_MAX) {
                    lowest = height;
                    break;
                }
                Hash hash = Hash.at(key, StoreKeys.ASIDE_BYTES - Hash.BYTES);
                asides.add(new Aside(height, hash, needed(chain, height, hash)));
            }
        }
        chain.lowestAside(lowest);
        return asides;
    }

    /** The height below which a chain's quants aside were let go. */
    public static long pruned(Store store, OpenChain chain) {
        return store.get(ColumnFamily.META, StoreKeys.pruned(chain.number()))
                .map(value -> StoreKeys.number(value, 0))
                .orElse(0L);
    }

    private static boolean needed(OpenChain chain, long height, Hash hash) {
        Optional<Hash> here = Optional.of(hash);
        return chain.quants().at(height).equals(here)
                || chain.forks().stream()
                        .filter(fork ->
                                height <= fork.parentHistory().orElseThrow().point())
                        .anyMatch(fork -> fork.quants().at(height).equals(here));
    }

    /** Writes what goes. */
    public void put(Group group, int chain) {
        states.forEach(hash -> group.delete(ColumnFamily.STATES, StoreKeys.hashed(chain, hash)));
        for (Aside aside : asides) {
            group.delete(ColumnFamily.META, StoreKeys.aside(chain, aside.height(), aside.hash()));
            group.delete(ColumnFamily.STATES, StoreKeys.hashed(chain, aside.hash()));
            if (!aside.kept()) {
                group.delete(ColumnFamily.QUANTS, StoreKeys.hashed(chain, aside.hash()));
            }
        }
        if (!asides.isEmpty()) {
            group.put(ColumnFamily.META, StoreKeys.pruned(chain), StoreKeys.number(below));
        }
    }

    /** Notes that a quant is aside from now on. */
    public static void aside(Group group, int chain, QuantRecord quant) {
        group.put(ColumnFamily.META, StoreKeys.aside(chain, quant.height(), quant.hash()), NOTHING);
    }

    /** Notes that a quant is on the chain again. */
    public static void back(Group group, int chain, QuantRecord quant) {
        group.delete(ColumnFamily.META, StoreKeys.aside(chain, quant.height(), quant.hash()));
    }

    /** Deletes all that is noted of a chain. */
    public static void forget(Group group, int chain) {
        group.delete(ColumnFamily.META, StoreKeys.asides(chain, 0), StoreKeys.asides(chain + 1, 0));
        group.delete(ColumnFamily.META, StoreKeys.pruned(chain));
    }
}
