package io.qbc.persistence.scrub;

import io.qbc.ledger.Tip;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.scrub.QuantCheck.Place;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.TableFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * One pass over all that a running store holds, a small piece at a time. First each table file is read from the disk;
 * then each chain's log and quants are judged anew, as {@code verify} does. The store moves meanwhile, so that what
 * seems wrong is looked at once more: only what is found both times is a finding.
 */
final class ScrubPass implements AutoCloseable {
    private static final long PIECE_BYTES = 128 * 1024;
    /** Each half of the pass takes about as long as the other. */
    private static final double HALF = 0.5;
    /** A chain that goes another way so often while it is checked is left for the next pass. */
    private static final int TURNS_MAX = 100;

    private final Store store;
    private final Deque<Path> tables;
    private final Deque<Walk> walks = new ArrayDeque<>();
    private final double tableBytes;
    private final double chainUnits;
    private Optional<TableFile> open = Optional.empty();
    private long bytes;

    /**
     * A pass that begins behind what was done of it before.
     *
     * @param directory of the store's files
     * @param share how much was done, 0 to 1
     */
    ScrubPass(Path directory, Store store, OpenChains openChains, double share) {
        this.store = store;
        tables = new ArrayDeque<>(TableFile.all(directory));
        tableBytes = Math.max(1, tables.stream().mapToLong(ScrubPass::size).sum());
        for (OpenChain chain : openChains.all()) {
            walks.add(new LogWalk(chain));
            walks.add(new QuantWalk(chain));
        }
        chainUnits = Math.max(1, walks.stream().mapToLong(Walk::units).sum());
        skipTables(Math.min(share, HALF) / HALF * tableBytes);
        skipChains(Math.max(0, share - HALF) / HALF * chainUnits);
    }

    private void skipTables(double skipped) {
        double left = skipped;
        while (!tables.isEmpty() && size(tables.element()) <= left) {
            left -= size(tables.remove());
        }
    }

    private void skipChains(double skipped) {
        double left = skipped;
        while (!walks.isEmpty() && walks.element().units() <= left) {
            left -= walks.remove().units();
        }
        if (!walks.isEmpty()) {
            walks.element().skip((long) left);
        }
    }

    /** How much of the whole pass a piece was, and what it found; {@code more} if it was not the last. */
    record Piece(double share, List<Finding> findings, boolean more) {
        Piece {
            findings = List.copyOf(findings);
        }
    }

    /** Checks the next piece. */
    Piece next() {
        if (open.isPresent() || !tables.isEmpty()) {
            return table();
        }
        Optional<Walk> walk = Optional.ofNullable(walks.peek());
        if (walk.isEmpty()) {
            return new Piece(0, List.of(), false);
        }
        Piece piece = walk.get().next();
        if (!piece.more()) {
            walks.remove();
        }
        return new Piece(piece.share(), piece.findings(), !walks.isEmpty());
    }

    /** Bytes read so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        open.ifPresent(TableFile::close);
        open = Optional.empty();
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private Piece table() {
        Path file = open.map(TableFile::file).orElseGet(tables::remove);
        double share = HALF * PIECE_BYTES / tableBytes;
        List<Finding> findings = List.of();
        boolean end = true;
        try {
            TableFile table = open.orElseGet(() -> TableFile.open(file));
            open = Optional.of(table);
            end = !table.read(PIECE_BYTES);
            bytes += Math.min(PIECE_BYTES, table.bytes());
        } catch (StoreException e) {
            // The store deletes files that it has merged, bit by bit and under another name.
            if (!isReadable(file) && Files.exists(file)) {
                findings = List.of(new Finding("", -1, String.valueOf(e.getMessage())));
            }
        }
        if (end) {
            close();
        }
        return new Piece(share, findings, open.isPresent() || !tables.isEmpty() || !walks.isEmpty());
    }

    /** Whether a whole table can be read now. */
    private static boolean isReadable(Path file) {
        try (TableFile table = TableFile.open(file)) {
            while (table.read(PIECE_BYTES)) {
                // Up to its end.
            }
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    /** A walk over one part of one chain. */
    private interface Walk {
        /** How many entries or quants it has. */
        long units();

        /** Passes over so many of them, if that can be. */
        void skip(long units);

        Piece next();
    }

    /** What a check finds that is there the second time too; nothing in a chain that is dropped meanwhile. */
    private List<Finding> findings(OpenChain chain, Consumer<CheckTally> check) {
        List<Finding> found = look(chain, check);
        if (found.isEmpty()) {
            return found;
        }
        List<Finding> again = new ArrayList<>(look(chain, check));
        again.retainAll(found);
        return chain.closed() ? List.of() : again;
    }

    private List<Finding> look(OpenChain chain, Consumer<CheckTally> check) {
        CheckTally tally = new CheckTally(progress -> {});
        tally.begin(chain.spec().name());
        try {
            check.accept(tally);
        } catch (StoreException e) {
            tally.find(-1, String.valueOf(e.getMessage()));
        }
        bytes += tally.bytes();
        return tally.findings();
    }

    private double share(long units) {
        return HALF * units / chainUnits;
    }

    /** The entries of a chain's log, in order. */
    private final class LogWalk implements Walk {
        /** Where damage hides where the next entry is, so many are passed over. */
        private static final int SKIPPED_COUNT = 64;

        private final OpenChain chain;
        private OptionalLong at = OptionalLong.of(1);

        LogWalk(OpenChain chain) {
            this.chain = chain;
        }

        @Override
        public long units() {
            return chain.nextSequence();
        }

        @Override
        public void skip(long units) {
            at = OptionalLong.of(1 + units);
        }

        @Override
        public Piece next() {
            long from = at.orElseThrow();
            // What a broken look leaves here is where to go on behind the damage.
            at = from + SKIPPED_COUNT < chain.nextSequence()
                    ? OptionalLong.of(from + SKIPPED_COUNT)
                    : OptionalLong.empty();
            List<Finding> findings =
                    findings(chain, tally -> at = new LogCheck(store, chain, tally).piece(from, PIECE_BYTES));
            boolean more = at.isPresent() && !chain.closed();
            return new Piece(share(at.orElse(chain.nextSequence()) - from), findings, more);
        }
    }

    /** The quants of a chain, from the genesis quant to the head. */
    private final class QuantWalk implements Walk {
        private final OpenChain chain;
        private Optional<Place> at = Optional.empty();
        private int turns;

        QuantWalk(OpenChain chain) {
            this.chain = chain;
        }

        @Override
        public long units() {
            return chain.tip().head().height() - chain.base() + 1;
        }

        /** Where the engine's state was let go, the walk begins at the genesis quant. */
        @Override
        public void skip(long units) {
            at = chain.quants()
                    .at(chain.base() + units)
                    .flatMap(chain.quants()::find)
                    .flatMap(chain.quants()::tip)
                    .map(tip -> new Place(tip, true));
        }

        @Override
        public Piece next() {
            Optional<Tip> from = at.map(Place::tip);
            Optional<Tip> begin = from.flatMap(this::onChain);
            if (from.isPresent() && begin.isEmpty()) {
                // The chain went another way further back than its states are kept.
                return new Piece(0, List.of(), false);
            }
            at = Optional.empty();
            List<Finding> findings = findings(chain, tally -> at = check(begin, tally));
            boolean turned = begin.filter(tip -> !isOnChain(tip)).isPresent();
            if (turned && turns++ < TURNS_MAX) {
                at = begin.map(tip -> new Place(tip, true));
                return new Piece(0, List.of(), true);
            }
            long done = at.map(place -> place.tip().head().height())
                            .orElseGet(() -> chain.tip().head().height())
                    - begin.map(tip -> tip.head().height()).orElse(chain.base());
            boolean more = at.filter(Place::more).isPresent() && !chain.closed();
            return new Piece(share(Math.max(0, done)), findings, more);
        }

        private Optional<Place> check(Optional<Tip> begin, CheckTally tally) {
            QuantCheck check = new QuantCheck(store, chain, tally);
            return begin.isPresent() ? check.piece(begin.get(), PIECE_BYTES) : check.begin();
        }

        private boolean isOnChain(Tip tip) {
            return chain.quants()
                    .at(tip.head().height())
                    .filter(tip.head().hash()::equals)
                    .isPresent();
        }

        /** The tip itself, or the last quant before it that is on the chain since it went another way. */
        private Optional<Tip> onChain(Tip tip) {
            if (isOnChain(tip)) {
                return Optional.of(tip);
            }
            Optional<QuantRecord> quant = chain.quants().find(tip.head().hash());
            while (quant.filter(each -> !chain.quants().onChain(each)).isPresent()) {
                quant = chain.quants().find(quant.get().header().previous());
            }
            return quant.flatMap(chain.quants()::tip);
        }
    }
}
