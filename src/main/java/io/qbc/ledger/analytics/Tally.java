package io.qbc.ledger.analytics;

import io.qbc.ledger.analytics.WaitSketch.Numbers;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import java.util.Optional;
import java.util.OptionalLong;

/** A tally of what came to a chain in a span of time; tallies add up, and what is undone is taken away again. */
public final class Tally {
    private static final int BYTES = 64;

    private long transactions;
    private long bytes;
    private long quants;
    private final WaitSketch waits;

    public Tally() {
        this(new WaitSketch());
    }

    private Tally(WaitSketch waits) {
        this.waits = waits;
    }

    /** Counts a transaction: its size, and how long it was from its time to its quant's. */
    public void transaction(long size, long waitMillis) {
        transactions++;
        bytes += size;
        waits.add(waitMillis);
    }

    /** Counts a quant that has at least one of the transactions. */
    public void quant() {
        quants++;
    }

    public void add(Tally other) {
        transactions += other.transactions;
        bytes += other.bytes;
        quants += other.quants;
        waits.add(other.waits);
    }

    /** Takes away what was added before; false if it was not, and then nothing here counts any more. */
    public boolean subtract(Tally other) {
        transactions -= other.transactions;
        bytes -= other.bytes;
        quants -= other.quants;
        return waits.subtract(other.waits) && transactions >= 0 && bytes >= 0 && quants >= 0;
    }

    public boolean isEmpty() {
        return transactions == 0 && quants == 0;
    }

    public long transactions() {
        return transactions;
    }

    public long bytes() {
        return bytes;
    }

    public long quants() {
        return quants;
    }

    /** How long it was from a transaction's time to its quant's for this share of them, in milliseconds. */
    public OptionalLong wait(double share) {
        return waits.quantile(share);
    }

    public byte[] encode() {
        Encoder out = new Encoder(BYTES);
        Numbers.write(out, transactions);
        Numbers.write(out, bytes);
        Numbers.write(out, quants);
        waits.write(out);
        return out.toArray();
    }

    /** The transactions of what {@link #encode} wrote, without all the rest. */
    public static long transactions(Bytes value) {
        return Numbers.read(new Decoder(value));
    }

    /** Reads what {@link #encode} wrote; nothing if it is something else. */
    public static Optional<Tally> decode(Bytes value) {
        Decoder in = new Decoder(value);
        long transactions = Numbers.read(in);
        long bytes = Numbers.read(in);
        long quants = Numbers.read(in);
        Tally tally = new Tally(WaitSketch.read(in));
        tally.transactions = transactions;
        tally.bytes = bytes;
        tally.quants = quants;
        return in.complete() ? Optional.of(tally) : Optional.empty();
    }
}
