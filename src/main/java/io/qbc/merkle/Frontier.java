package io.qbc.merkle;

import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.util.ArrayList;
import java.util.List;

/**
 * The compact frontier of an RFC 6962 tree: the roots of its perfect subtrees, largest first, one for each bit that is
 * set in the size. It is all that is needed to append and to compute the root.
 */
public final class Frontier {
    /** The tree without leaves; its root is the SHA-256 of nothing (RFC 6962 section 2.1). */
    public static final Frontier EMPTY = new Frontier(0, List.of());

    private static final Hash EMPTY_ROOT = Sha256.of(new byte[0], 0, 0);

    private final long size;
    private final List<Hash> peaks;

    private Frontier(long size, List<Hash> peaks) {
        this.size = size;
        this.peaks = peaks;
    }

    /** Leaves in the tree. */
    public long size() {
        return size;
    }

    /** The frontier with these leaf hashes after the present ones. */
    public Frontier append(List<Hash> leaves) {
        List<Hash> grown = new ArrayList<>(peaks);
        long count = size;
        for (Hash leaf : leaves) {
            Hash node = leaf;
            for (long bits = count; (bits & 1) == 1; bits >>>= 1) {
                node = Sha256.node(grown.remove(grown.size() - 1), node);
            }
            grown.add(node);
            count++;
        }
        return new Frontier(count, List.copyOf(grown));
    }

    /** The tree's root, a lone subtree carried up unchanged and never doubled. */
    public Hash root() {
        if (peaks.isEmpty()) {
            return EMPTY_ROOT;
        }
        Hash root = peaks.get(peaks.size() - 1);
        for (int i = peaks.size() - 2; i >= 0; i--) {
            root = Sha256.node(peaks.get(i), root);
        }
        return root;
    }

    /** Writes the size and the subtree roots. */
    public void write(Encoder out) {
        out.u64(size);
        peaks.forEach(out::hash);
    }

    /** Reads what {@link #write} wrote; the caller asks the decoder whether that went well. */
    public static Frontier read(Decoder in) {
        long size = in.u64();
        List<Hash> peaks = new ArrayList<>();
        for (int i = Long.bitCount(size); i > 0 && !in.failed(); i--) {
            peaks.add(in.hash());
        }
        return new Frontier(size, List.copyOf(peaks));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frontier o && size == o.size && peaks.equals(o.peaks);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(size) + peaks.hashCode();
    }

    @Override
    public String toString() {
        return size + ":" + root();
    }
}
