package io.qbc.follow;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.FindConsensus;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads chains' committed transactions in the order of their leaves, over the bus, a bounded piece at a time. */
public final class ChainReader {
    private static final int QUANTS_MAX = 1000;
    private static final int LEAST_BYTES = 64 * 1024;
    private static final int LEAF_BYTES = 1024;
    private static final int RACES_MAX = 5;

    private final Bus bus;

    public ChainReader(Bus bus) {
        this.bus = bus;
    }

    /** How much is read at once: so many leaves at most, and about so many bytes, but one leaf however large it is. */
    public record Bounds(int countMax, int bytesMax) {}

    /** Up to where a chain can be read. */
    public record Horizon(long height, long leaf, long time) {}

    /** Up to where an extent goes at present. */
    public Future<Horizon> horizon(Hash chain, Extent extent) {
        return quant(chain, new QuantName.ByHead()).compose(found -> {
            QuantHead head = found.orElseThrow(() -> moving(chain));
            if (extent.head()) {
                return Future.succeededFuture(horizon(head));
            }
            return bus.ask(Catalogue.FIND_CONSENSUS, new FindConsensus(chain)).compose(status -> {
                long headHeight = head.header().height();
                long height = extent.height(status.engine(), status.finality(), headHeight);
                return height >= headHeight ? Future.succeededFuture(horizon(head)) : horizon(chain, height);
            });
        });
    }

    private Future<Horizon> horizon(Hash chain, long height) {
        return height < 0
                ? Future.succeededFuture(new Horizon(-1, 0, 0))
                : quant(chain, new QuantName.ByHeight(height))
                        .map(found -> horizon(found.orElseThrow(() -> moving(chain))));
    }

    private static Horizon horizon(QuantHead quant) {
        return new Horizon(
                quant.header().height(),
                quant.header().treeSize(),
                quant.header().timestamp());
    }

    /**
     * The position before a leaf, found without a scan.
     *
     * @return fails as {@link Reason#REQUEST_INVALID} if the chain does not reach that far
     */
    public Future<Position> position(Hash chain, long leaf) {
        if (leaf <= 0) {
            return Future.succeededFuture(Position.BEGINNING);
        }
        return quant(chain, new QuantName.ByLeaf(leaf - 1))
                .map(found -> found.map(
                                quant -> new Position(leaf, quant.header().height(), quant.hash()))
                        .orElseThrow(() -> new Failure(
                                Reason.REQUEST_INVALID,
                                "the chain has fewer transactions than the leaf index " + leaf)));
    }

    /** The position behind all that an extent has at present. */
    public Future<Position> newest(Hash chain, Extent extent) {
        return horizon(chain, extent).compose(horizon -> position(chain, horizon.leaf()));
    }

    /** Reads on from a position. */
    public Future<Reading> read(Hash chain, Position from, Extent extent, Bounds bounds) {
        return horizon(chain, extent).compose(horizon -> read(chain, from, horizon, bounds, RACES_MAX));
    }

    /** The same where it is known up to where. */
    public Future<Reading> read(Hash chain, Position from, Horizon horizon, Bounds bounds) {
        return read(chain, from, horizon, bounds, RACES_MAX);
    }

    private Future<Reading> read(Hash chain, Position from, Horizon horizon, Bounds bounds, int races) {
        if (from.isBeginning()) {
            return pages(chain, from, new Cursor(0, 0), horizon, bounds, races);
        }
        return quant(chain, new QuantName.ByHash(from.quant())).compose(found -> {
            if (found.isEmpty() || !found.get().onChain()) {
                return ancestor(chain, from, found).map(Reading.Reverted::new);
            }
            QuantHead quant = found.get();
            if (from.leaf() < quant.firstIndex() || from.leaf() > quant.header().treeSize()) {
                throw new Failure(
                        Reason.REQUEST_INVALID, "the leaf index " + from.leaf() + " is not in quant " + quant.hash());
            }
            long height = quant.header().height();
            Cursor cursor = from.leaf() < quant.header().treeSize()
                    ? new Cursor(height, Math.toIntExact(from.leaf() - quant.firstIndex()))
                    : new Cursor(height + 1, 0);
            return pages(chain, from, cursor, horizon, bounds, races);
        });
    }

    private Future<Reading> pages(Hash chain, Position from, Cursor cursor, Horizon horizon, Bounds bounds, int races) {
        if (cursor.height() > horizon.height()) {
            return Future.succeededFuture(
                    new Reading.Leaves(List.of(), from, Math.max(from.leaf(), horizon.leaf()), false));
        }
        int quants = (int) Math.min(QUANTS_MAX, horizon.height() - cursor.height() + 1);
        long bytes = Math.min(bounds.bytesMax(), Math.max(LEAST_BYTES, (long) bounds.countMax() * LEAF_BYTES));
        return bus.ask(Catalogue.READ, new Read(chain, cursor, (int) bytes, quants))
                .compose(page -> leaves(from, page, horizon, bounds)
                        .map(leaves -> Future.<Reading>succeededFuture(leaves))
                        .orElseGet(() -> again(chain, from, horizon, bounds, races)));
    }

    private Future<Reading> again(Hash chain, Position from, Horizon horizon, Bounds bounds, int races) {
        return races == 0 ? Future.failedFuture(moving(chain)) : read(chain, from, horizon, bounds, races - 1);
    }

    /** What a page has of the leaves; nothing if it does not follow the position, as the chain was just reorganised. */
    private static Optional<Reading.Leaves> leaves(Position from, Page page, Horizon horizon, Bounds bounds) {
        List<Leaf> leaves = new ArrayList<>();
        Position at = from;
        for (Piece piece : page.pieces()) {
            QuantHead quant = piece.quant();
            boolean same = quant.hash().equals(at.quant());
            // A fork's genesis quant follows its parent's last one without naming it.
            boolean follows = quant.header().previous().equals(at.quant())
                    || quant.header().isGenesis()
                    || at.isBeginning();
            if ((!same && !follows) || quant.firstIndex() + piece.offset() != at.leaf()) {
                return leaves.isEmpty() && at.equals(from)
                        ? Optional.empty()
                        : Optional.of(new Reading.Leaves(leaves, at, horizon.leaf(), true));
            }
            if (quant.header().height() > horizon.height()) {
                break;
            }
            at = take(piece, at, bounds.countMax(), leaves);
            if (leaves.size() >= bounds.countMax() || !piece.last()) {
                break;
            }
        }
        long end = Math.max(at.leaf(), horizon.leaf());
        boolean more = at.leaf() < end
                || at.height() < horizon.height() && !page.pieces().isEmpty();
        return Optional.of(new Reading.Leaves(leaves, at, end, more));
    }

    private static Position take(Piece piece, Position from, int countMax, List<Leaf> leaves) {
        QuantHead quant = piece.quant();
        Leaf.Quant facts = new Leaf.Quant(
                quant.header().height(),
                quant.hash(),
                quant.header().timestamp(),
                quant.header().treeSize());
        long leaf = from.leaf();
        for (Transaction transaction : piece.transactions()) {
            if (leaves.size() >= countMax) {
                break;
            }
            leaves.add(Leaf.of(leaf++, facts, transaction));
        }
        return new Position(leaf, facts.height(), facts.hash());
    }

    /** Walks back from a quant that left the chain to the first one before it that is on it. */
    private Future<Position> ancestor(Hash chain, Position from, Optional<QuantHead> left) {
        if (left.isEmpty()) {
            // Quants aside are let go once they are below what is final: no more than that can have been undone.
            return horizon(chain, Extent.FINAL).compose(sure -> position(chain, Math.min(from.leaf(), sure.leaf())));
        }
        QuantHead quant = left.get();
        if (quant.onChain()) {
            return Future.succeededFuture(new Position(
                    Math.min(from.leaf(), quant.header().treeSize()),
                    quant.header().height(),
                    quant.hash()));
        }
        return quant(chain, new QuantName.ByHash(quant.header().previous()))
                .compose(before -> ancestor(chain, from, before));
    }

    private Future<Optional<QuantHead>> quant(Hash chain, QuantName name) {
        return bus.ask(Catalogue.FIND_QUANT, new FindQuant(chain, name)).map(Catalogue.FoundQuant::quant);
    }

    private static Failure moving(Hash chain) {
        return new Failure(Reason.BUSY, "the chain " + chain + " is being reorganised");
    }
}
