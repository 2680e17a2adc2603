package io.qbc.persistence.chain;

import io.qbc.consensus.engine.EngineOperation;
import io.qbc.ledger.Scope;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.util.Optional;

/**
 * What the head of a log entry tells without its payload being read.
 *
 * @param bytes the encoded transaction's size
 * @param timestamp the transaction's, in milliseconds since 1970
 * @param scope its author and key, unless the accepting node made the key up
 * @param order whether it speaks to the chain's engine
 * @param terms its type and author
 */
public record LogEntry(
        long sequence, Hash id, int bytes, long timestamp, Optional<Hash> scope, boolean order, Terms terms) {
    /** Enough for the id and the longest body. */
    public static final int HEAD_BYTES = 1024;

    private static final int BEFORE_TIMESTAMP = 4 + Hash.BYTES;
    private static final int BEFORE_KEY = BEFORE_TIMESTAMP + 8;
    private static final int TIMESTAMP_AT = Hash.BYTES + 4 + BEFORE_TIMESTAMP;

    /** Reads the head of an entry of {@code size} bytes from the buffer's beginning. */
    public static LogEntry read(long sequence, byte[] buffer, int size) {
        if (size < TIMESTAMP_AT + Long.BYTES) {
            throw StoreException.corrupt("log entry " + sequence + " is too short");
        }
        int bytes = size - Hash.BYTES;
        Bytes head = Bytes.wrap(buffer, Hash.BYTES, Math.min(bytes, buffer.length - Hash.BYTES));
        long timestamp = StoreKeys.number(buffer, TIMESTAMP_AT);
        return new LogEntry(
                sequence, Hash.at(buffer, 0), bytes, timestamp, Scope.of(head), isOrder(head), Terms.of(head));
    }

    /** The head of a valid transaction. */
    public static LogEntry of(long sequence, Transaction transaction) {
        Bytes encoded = transaction.encoded();
        Decoder in = new Decoder(encoded);
        in.raw(4 + BEFORE_TIMESTAMP);
        Optional<Hash> scope = Scope.of(encoded);
        return new LogEntry(
                sequence, transaction.id(), encoded.size(), in.u64(), scope, isOrder(encoded), Terms.of(encoded));
    }

    private static boolean isOrder(Bytes head) {
        Decoder body = new Decoder(head);
        body.raw(4 + BEFORE_KEY);
        body.bytes(Transaction.KEY_BYTES_MAX);
        Bytes author = body.bytes(Transaction.KEY_BYTES_MAX);
        return !author.isEmpty() && EngineOperation.isOrder(body.bytes(Transaction.KEY_BYTES_MAX));
    }

    /** The stored value of a transaction. */
    public static byte[] value(Transaction transaction) {
        return new Encoder(Hash.BYTES + transaction.encoded().size())
                .hash(transaction.id())
                .raw(transaction.encoded())
                .toArray();
    }

    /** The transaction in a stored value; its id is computed from its bytes and must be the stored one. */
    public static Transaction transaction(long sequence, Bytes value) {
        if (value.size() <= Hash.BYTES) {
            throw StoreException.corrupt("log entry " + sequence + " is too short");
        }
        Hash id = Hash.at(value.array(), value.offset());
        return Transaction.decode(value.slice(Hash.BYTES, value.size() - Hash.BYTES))
                .filter(transaction -> transaction.id().equals(id))
                .orElseThrow(() -> StoreException.corrupt("log entry " + sequence + " does not fit its id"));
    }

    /** The sequence number in a stored value of {@link ColumnFamily#IDS}. */
    static long sequence(byte[] value) {
        if (value.length != Long.BYTES) {
            throw StoreException.corrupt("a transaction's place in the log is damaged");
        }
        return new Decoder(Bytes.wrap(value)).u64();
    }
}
