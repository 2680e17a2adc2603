package io.qbc.client.answer;

import java.util.Locale;

/** A transaction's state on the node that answered. */
public enum TransactionState {
    /** It is durable, and waits for a quant. */
    PENDING,
    /** It is in a quant of the chain. */
    COMMITTED,
    /** Another transaction of the same author and key, with the same data, is in the chain in its place. */
    SUPERSEDED,
    /** Another transaction of the same author and key, with other data, is in the chain in its place. */
    CONFLICT;

    static TransactionState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
