package io.qbc.persistence.chain;

import io.qbc.bus.Catalogue.Placed;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A walk that tells which entries of one chain's log have a place in the present chain; used by one thread. */
public final class PlacementIndex implements AutoCloseable {
    private final SequenceScan placed;

    public PlacementIndex(Store store, int chain) {
        placed = new SequenceScan(store, ColumnFamily.PLACED, chain);
    }

    /** The run that holds this entry, with its place. */
    public Optional<Placed> of(long sequence) {
        if (!placed.seekBack(sequence)) {
            return Optional.empty();
        }
        Placed found = decode(placed.number(), placed.value());
        return sequence < found.logRange().end() ? Optional.of(found) : Optional.empty();
    }

    /** The first run that begins at this entry or after it. */
    Optional<Placed> from(long sequence) {
        return placed.seek(sequence) ? Optional.of(decode(placed.number(), placed.value())) : Optional.empty();
    }

    /** Whether an entry of this run has its place at that height or below. */
    public boolean anyUpTo(long height, LogRange logRange) {
        long last = logRange.end() - 1;
        while (last >= logRange.from() && placed.seekBack(last)) {
            Placed found = decode(placed.number(), placed.value());
            if (found.logRange().end() <= logRange.from()) {
                return false;
            }
            if (found.height() <= height) {
                return true;
            }
            last = found.logRange().from() - 1;
        }
        return false;
    }

    /** Where the runs of a quant have their places. */
    public static List<Placed> of(QuantRecord quant) {
        List<Placed> places = new ArrayList<>(quant.logRanges().size());
        long index = quant.firstIndex();
        for (LogRange logRange : quant.logRanges()) {
            places.add(new Placed(quant.height(), quant.hash(), index, logRange));
            index += logRange.count();
        }
        return places;
    }

    public static byte[] encode(Placed placed) {
        return new Encoder(8 + 8 + 4 + Hash.BYTES)
                .u64(placed.height())
                .u64(placed.index())
                .u32(placed.logRange().count())
                .hash(placed.quant())
                .toArray();
    }

    public static Placed decode(long from, byte[] value) {
        Decoder in = new Decoder(Bytes.wrap(value));
        long height = in.u64();
        long index = in.u64();
        int count = in.u32();
        Hash quant = in.hash();
        if (!in.complete() || count <= 0) {
            throw StoreException.corrupt("the place of log entry " + from + " is damaged");
        }
        return new Placed(height, quant, index, new LogRange(from, count));
    }

    @Override
    public void close() {
        placed.close();
    }
}
