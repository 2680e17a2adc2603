package io.qbc.ledger.analytics;

import io.qbc.ledger.analytics.WaitSketch.Numbers;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import java.util.Optional;
import java.util.OptionalLong;

/** A tally of what came to a chain in a span of time; tallies add up, and what is undone is taken away again. */
public final class Tally {
    /** Who signs a transaction says its time himself, and must not make the sum meaningless. */
    static final long WAIT_MAX_MILLIS = Grain.DAY.millis();

    private static final int BYTES = 64;

    private long transactions;
    private long bytes;
    private long quants;
    private long waitMillis;
    private final WaitSketch waits;
    private final WaitSketch finality;

    public Tally() {
        this(new WaitSketch(), new WaitSketch());
    }

    private Tally(WaitSketch waits, WaitSketch finality) {
        this.waits = waits;
        this.finality = finality;
    }

    /** Counts a transaction: its size, and how long it was from its time to its quant's, in milliseconds. */
    public void transaction(long size, long wait) {
        transactions++;
        bytes += size;
        waitMillis += Math.min(Math.max(0, wait), WAIT_MAX_MILLIS);
        waits.add(wait);
    }

    /** Counts a quant that has at least one of the transactions. */
    public void quant() {
        quants++;
    }

    /** Counts how old the newest final quant was as another came. */
    public void lag(long millis) {
        finality.add(millis);
    }

    public void add(Tally other) {
        transactions += other.transactions;
        bytes += other.bytes;
        quants += other.quants;
        waitMillis += other.waitMillis;
        waits.add(other.waits);
        finality.add(other.finality);
    }

    /** Takes away what was added before; false if it was not, and then nothing here counts any more. */
    public boolean subtract(Tally other) {
        transactions -= other.transactions;
        bytes -= other.bytes;
        quants -= other.quants;
        waitMillis -= other.waitMillis;
        boolean counted = transactions >= 0 && bytes >= 0 && quants >= 0 && waitMillis >= 0;
        return waits.subtract(other.waits) && finality.subtract(other.finality) && counted;
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

    /**
     * What all transactions waited from their times to their quants', at most a day each, added up in milliseconds. By
     * the width of the span it is how many waited on average (Little 1961).
     */
    public long waitMillis() {
        return waitMillis;
    }

    /** How old the newest final quant was, at most, as this share of the quants came, in milliseconds. */
    public OptionalLong finality(double share) {
        return finality.quantile(share);
    }

    public byte[] encode() {
        Encoder out = new Encoder(BYTES);
        Numbers.write(out, transactions);
        Numbers.write(out, bytes);
        Numbers.write(out, quants);
        Numbers.write(out, waitMillis);
        waits.write(out);
        finality.write(out);
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
        long waitMillis = Numbers.read(in);
        Tally tally = new Tally(WaitSketch.read(in), WaitSketch.read(in));
        tally.transactions = transactions;
        tally.bytes = bytes;
        tally.quants = quants;
        tally.waitMillis = waitMillis;
        return in.complete() ? Optional.of(tally) : Optional.empty();
    }
}
