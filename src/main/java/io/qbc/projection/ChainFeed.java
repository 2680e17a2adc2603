package io.qbc.projection;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Failure;
import io.qbc.follow.ChainReader;
import io.qbc.follow.ChainReader.Bounds;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.follow.Extent;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.follow.Reading;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.projection.sql.ChainBatch;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads a chain's quants and transactions for tables, on a thread that may wait. */
final class ChainFeed implements ChainSource {
    private static final int QUANTS_MAX = 1000;
    private static final int LEAST_BYTES = 64 << 10;

    private final Bus bus;
    private final ChainReader reader;
    private final Duration timeout;

    ChainFeed(Bus bus, Duration timeout) {
        this.bus = bus;
        this.timeout = timeout;
        reader = new ChainReader(bus);
    }

    @Override
    public Optional<Hash> chain(String name) throws InterruptedException {
        Optional<Hash> id = Hash.parse(name);
        return await(bus.ask(Catalogue.FIND_CHAINS, new FindChains())).chains().stream()
                .filter(chain -> id.isPresent()
                        ? chain.id().equals(id.get())
                        : chain.name().equals(name))
                .map(Chain::id)
                .findFirst();
    }

    @Override
    public Horizon horizon(Hash chain, Extent extent) throws InterruptedException {
        return await(reader.horizon(chain, extent));
    }

    @Override
    public Next next(Hash chain, Position from, Horizon limit, Bounds bounds) throws InterruptedException {
        return begin(chain, from, limit, bounds).await();
    }

    /** The store reads meanwhile; what it gives is taken apart by whoever waits for it. */
    @Override
    public Pending begin(Hash chain, Position from, Horizon limit, Bounds bounds) {
        Future<Found> found = from.isBeginning()
                ? read(chain, new Cursor(0, 0), limit, bounds)
                : bus.ask(Catalogue.FIND_QUANT, new FindQuant(chain, new QuantName.ByHash(from.quant())))
                        .compose(answer -> answer.quant()
                                        .filter(QuantHead::onChain)
                                        .isEmpty()
                                ? Future.succeededFuture(new Found(false, Optional.empty()))
                                : read(chain, cursor(from, answer.quant().get()), limit, bounds));
        return () -> {
            Found read = await(found);
            if (!read.onChain()) {
                return reverted(chain, from, limit, bounds);
            }
            return read.page().isEmpty()
                    ? new Next.Batch(new ChainBatch(from, from, List.of(), List.of()), false)
                    : batch(chain, from, read.page().get(), limit, bounds.countMax());
        };
    }

    /** What the store has behind a position, nothing at the limit. */
    private record Found(boolean onChain, Optional<Page> page) {}

    private static Cursor cursor(Position from, QuantHead quant) {
        return from.leaf() < quant.header().treeSize()
                ? new Cursor(from.height(), Math.toIntExact(from.leaf() - quant.firstIndex()))
                : new Cursor(from.height() + 1, 0);
    }

    private Future<Found> read(Hash chain, Cursor cursor, Horizon limit, Bounds bounds) {
        if (cursor.height() > limit.height()) {
            return Future.succeededFuture(new Found(true, Optional.empty()));
        }
        int quants = (int) Math.min(QUANTS_MAX, limit.height() - cursor.height() + 1);
        int bytes = Math.max(LEAST_BYTES, bounds.bytesMax());
        return bus.ask(Catalogue.READ, new Read(chain, cursor, bytes, quants))
                .map(page -> new Found(true, Optional.of(page)));
    }

    private Next reverted(Hash chain, Position from, Horizon limit, Bounds bounds) throws InterruptedException {
        Reading reading = await(reader.read(chain, from, limit, bounds));
        if (reading instanceof Reading.Reverted reverted) {
            return new Next.Reverted(reverted.ancestor());
        }
        throw moving(chain);
    }

    private static Failure moving(Hash chain) {
        return new Failure(Reason.BUSY, "the chain " + chain + " is being reorganised");
    }

    private static Next batch(Hash chain, Position from, Page page, Horizon limit, int countMax) {
        List<QuantHead> quants = new ArrayList<>();
        List<Leaf> leaves = new ArrayList<>();
        Position at = from;
        for (Piece piece : page.pieces()) {
            QuantHead quant = piece.quant();
            boolean same = quant.hash().equals(at.quant());
            boolean follows = at.isBeginning()
                    || quant.header().isGenesis()
                    || quant.header().previous().equals(at.quant());
            if ((!same && !follows) || quant.firstIndex() + piece.offset() != at.leaf()) {
                if (at.equals(from)) {
                    throw moving(chain);
                }
                break;
            }
            if (quant.header().height() > limit.height() || leaves.size() >= countMax) {
                break;
            }
            if (piece.offset() == 0) {
                quants.add(quant);
            }
            at = take(piece, at, countMax, leaves);
            if (leaves.size() >= countMax) {
                break;
            }
        }
        return new Next.Batch(
                new ChainBatch(from, at, quants, leaves), at.height() < limit.height() || at.leaf() < limit.leaf());
    }

    private static Position take(Piece piece, Position from, int countMax, List<Leaf> leaves) {
        QuantHead quant = piece.quant();
        long leaf = from.leaf();
        for (Transaction transaction : piece.transactions()) {
            if (leaves.size() >= countMax) {
                break;
            }
            Transaction.Parts parts = transaction.parts();
            leaves.add(new Leaf(
                    leaf++,
                    quant.header().height(),
                    quant.hash(),
                    quant.header().timestamp(),
                    quant.header().treeSize(),
                    transaction.id(),
                    parts.body(),
                    Optional.of(parts.payload())));
        }
        return new Position(leaf, quant.header().height(), quant.hash());
    }

    private <T> T await(Future<T> future) throws InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new Failure(Failure.of(Optional.ofNullable(e.getCause()).orElse(e)));
        } catch (TimeoutException e) {
            throw new Failure(Reason.TIMED_OUT, "the store did not answer in time");
        }
    }
}
