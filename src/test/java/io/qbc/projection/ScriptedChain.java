package io.qbc.projection;

import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.follow.ChainReader.Bounds;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.follow.Extent;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Sha256;
import io.qbc.projection.sql.ChainBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A chain in memory that a test makes, and reorganises. */
final class ScriptedChain implements ChainSource {
    static final Hash ID = hash("chain");
    private static final int DEPTH = 6;

    private final List<QuantHead> quants = new ArrayList<>();
    private final List<Leaf> leaves = new ArrayList<>();
    private int branches;

    private static Hash hash(String text) {
        Bytes bytes = Bytes.utf8(text);
        return Sha256.of(bytes.array(), bytes.offset(), bytes.size());
    }

    /** A transaction to be. */
    record Entry(String type, String payload) {}

    long height() {
        return quants.size() - 1L;
    }

    long size() {
        return leaves.size();
    }

    /** Seals a quant. */
    void quant(List<Entry> entries) {
        long height = quants.size();
        Hash previous =
                quants.isEmpty() ? Hash.ZERO : quants.get(quants.size() - 1).hash();
        long size = leaves.size() + (long) entries.size();
        Header header = new Header(
                1,
                ID,
                height,
                1_700_000_000_000L + height * 1000,
                previous,
                size,
                hash("root" + branches + "/" + size),
                entries.size(),
                Bytes.EMPTY,
                Bytes.EMPTY,
                Bytes.utf8("branch" + branches));
        QuantHead quant = new QuantHead(header, header.hash(), List.of(), true);
        quants.add(quant);
        for (Entry entry : entries) {
            long index = leaves.size();
            Bytes payload = Bytes.utf8(entry.payload());
            Body body = new Body(
                    1,
                    ID,
                    header.timestamp(),
                    Bytes.utf8("key-" + branches + "-" + index),
                    Bytes.EMPTY,
                    Bytes.utf8(entry.type()),
                    0,
                    Hash.ZERO,
                    payload.size());
            leaves.add(new Leaf(
                    index,
                    height,
                    quant.hash(),
                    header.timestamp(),
                    size,
                    hash("tx" + branches + "/" + index + entry.payload()),
                    body,
                    Optional.of(payload)));
        }
    }

    /** Takes the newest quants away; what is sealed next is of another branch. */
    void revert(int count) {
        branches++;
        for (int i = 0; i < count; i++) {
            QuantHead gone = quants.remove(quants.size() - 1);
            while (leaves.size() > gone.firstIndex()) {
                leaves.remove(leaves.size() - 1);
            }
        }
    }

    @Override
    public Optional<Hash> chain(String name) {
        return Optional.of(ID);
    }

    @Override
    public Horizon horizon(Hash chain, Extent extent) {
        long height = extent.head()
                ? height()
                : Math.max(-1, height() - extent.depth().orElse(DEPTH));
        return height < 0
                ? new Horizon(-1, 0, 0)
                : new Horizon(height, quants.get((int) height).header().treeSize(), 0);
    }

    @Override
    public Next next(Hash chain, Position from, Horizon limit, Bounds bounds) {
        if (!from.isBeginning()
                && (from.height() > height()
                        || !quants.get((int) from.height()).hash().equals(from.quant()))) {
            return new Next.Reverted(ancestor(from));
        }
        List<QuantHead> taken = new ArrayList<>();
        List<Leaf> found = new ArrayList<>();
        Position at = from;
        long height = from.isBeginning() ? 0 : from.height();
        for (; height <= limit.height() && found.size() < bounds.countMax(); height++) {
            QuantHead quant = quants.get((int) height);
            boolean begun = !at.isBeginning() && at.height() == height;
            if (begun && at.leaf() >= quant.header().treeSize()) {
                continue;
            }
            if (!begun) {
                taken.add(quant);
            }
            long leaf = at.leaf();
            while (leaf < quant.header().treeSize() && found.size() < bounds.countMax()) {
                found.add(leaves.get((int) leaf++));
            }
            at = new Position(leaf, height, quant.hash());
        }
        return new Next.Batch(
                new ChainBatch(from, at, taken, found), at.leaf() < limit.leaf() || at.height() < limit.height());
    }

    /** As far as this chain was reorganised, each of its quants below the change is the same as before. */
    private Position ancestor(Position from) {
        long height = Math.min(from.height() - 1, height());
        for (; height >= 0; height--) {
            QuantHead quant = quants.get((int) height);
            if (quant.header().treeSize() <= from.leaf() && kept(height)) {
                return new Position(quant.header().treeSize(), height, quant.hash());
            }
        }
        return Position.BEGINNING;
    }

    private boolean kept(long height) {
        return height <= keptHeight;
    }

    /** The last height that all branches since the last look have in common. */
    private long keptHeight = Long.MAX_VALUE;

    /** What a reader knows that saw the chain before it was reorganised. */
    void keeps(long height) {
        keptHeight = Math.min(keptHeight, height);
    }

    void seen() {
        keptHeight = Long.MAX_VALUE;
    }
}
