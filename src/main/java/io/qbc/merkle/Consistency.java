package io.qbc.merkle;

import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.util.ArrayList;
import java.util.List;

/**
 * A proof that a tree only grew: that its first leaves are all those of an earlier tree, in the same order (RFC 9162
 * section 2.1.4). The histories of a chain and of its fork are joined by it.
 *
 * @param older leaves of the earlier tree, at least one
 * @param newer leaves of the later tree, at least as many
 * @param path roots of subtrees, in the order of the RFC
 */
public record Consistency(long older, long newer, List<Hash> path) {
    public Consistency {
        path = List.copyOf(path);
        if (older < 1 || newer < older) {
            throw new IllegalArgumentException("a tree of " + older + " leaves does not grow to " + newer);
        }
    }

    /** The proof that the tree of these leaves grew out of the tree of the first {@code older} of them. */
    public static Consistency of(List<Hash> leaves, int older) {
        List<Hash> path = new ArrayList<>();
        collect(leaves, older, true, path);
        return new Consistency(older, leaves.size(), path);
    }

    /** SUBPROOF of the RFC; {@code known} while the earlier tree's root covers exactly these leaves' beginning. */
    private static void collect(List<Hash> leaves, int older, boolean known, List<Hash> path) {
        int size = leaves.size();
        if (older == size) {
            if (!known) {
                path.add(root(leaves));
            }
            return;
        }
        int split = Integer.highestOneBit(size - 1);
        if (older <= split) {
            collect(leaves.subList(0, split), older, known, path);
            path.add(root(leaves.subList(split, size)));
        } else {
            collect(leaves.subList(split, size), older - split, false, path);
            path.add(root(leaves.subList(0, split)));
        }
    }

    private static Hash root(List<Hash> leaves) {
        return Frontier.EMPTY.append(leaves).root();
    }

    /** Whether it proves that the tree with the one root grew into the tree with the other. */
    public boolean proves(Hash olderRoot, Hash newerRoot) {
        if (older == newer) {
            return path.isEmpty() && olderRoot.equals(newerRoot);
        }
        List<Hash> all = new ArrayList<>(path);
        if (Long.bitCount(older) == 1) {
            all.add(0, olderRoot);
        }
        if (all.isEmpty()) {
            return false;
        }
        long first = older - 1;
        long last = newer - 1;
        int shift = Long.numberOfTrailingZeros(~first);
        first >>>= shift;
        last >>>= shift;
        Hash before = all.get(0);
        Hash after = before;
        for (Hash node : all.subList(1, all.size())) {
            if (last == 0) {
                return false;
            }
            if ((first & 1) == 1 || first == last) {
                before = Sha256.node(node, before);
                after = Sha256.node(node, after);
                int skip = first == 0 ? 0 : Long.numberOfTrailingZeros(first);
                first >>>= skip;
                last >>>= skip;
            } else {
                after = Sha256.node(after, node);
            }
            first >>>= 1;
            last >>>= 1;
        }
        return last == 0 && before.equals(olderRoot) && after.equals(newerRoot);
    }
}
