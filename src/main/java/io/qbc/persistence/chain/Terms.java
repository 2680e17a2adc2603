package io.qbc.persistence.chain;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.qbc.model.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What a transaction is found by in the {@link io.qbc.persistence.store.ColumnFamily#INDEX}: its type and its author,
 * each as the first 8 bytes of a hash. Who finds one by them compares the whole values.
 *
 * @param type 0 for none, as {@code author}
 */
public record Terms(long type, long author) {
    public static final Terms NONE = new Terms(0, 0);

    private static final byte[] TAG = "qbc/term/1".getBytes(StandardCharsets.US_ASCII);
    private static final int BODY_BYTES_MAX = 1024;
    private static final int BEFORE_KEY = 4 + Hash.BYTES + 8;
    private static final int KNOWN_COUNT = 1024;
    /** Most transactions have types and authors that others had before. */
    private static final AtomicReferenceArray<Known> KNOWN = new AtomicReferenceArray<>(KNOWN_COUNT);

    private record Known(Bytes value, long term) {}

    /** The terms in an encoding that holds the whole body. */
    static Terms of(Bytes encoded) {
        Decoder in = new Decoder(new Decoder(encoded).bytes(BODY_BYTES_MAX));
        in.raw(BEFORE_KEY);
        in.bytes(Transaction.KEY_BYTES_MAX);
        Bytes author = in.bytes(Transaction.KEY_BYTES_MAX);
        Bytes type = in.bytes(Transaction.TYPE_BYTES_MAX);
        return author.isEmpty() && type.isEmpty() ? NONE : new Terms(term(type), term(author));
    }

    /** The terms of a transaction. */
    public static Terms of(Transaction transaction) {
        return of(transaction.encoded());
    }

    /** A value as a term; 0 if it is empty. */
    public static long term(Bytes value) {
        if (value.isEmpty()) {
            return 0;
        }
        int slot = value.hashCode() & (KNOWN_COUNT - 1);
        Known known = KNOWN.get(slot);
        if (known != null && known.value().equals(value)) {
            return known.term();
        }
        long term = Math.max(1, Sha256.of(TAG, value, Bytes.EMPTY).a() >>> 1);
        KNOWN.set(slot, new Known(value.detached(), term));
        return term;
    }
}
