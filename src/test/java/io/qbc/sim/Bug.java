package io.qbc.sim;

/** Faults in the node itself that the simulator can plant, to show that its checks find them. */
public enum Bug {
    /** Writes are never synced. */
    SKIP_SYNC,
    /** A write is answered first and synced later. */
    ACK_BEFORE_SYNC,
    /** A crash in the middle of a batch leaves a part of it. */
    TORN_BATCH,
    /** Nobody asks whether a transaction is in the chain already. */
    ADMIT_TWICE,
    /** Nobody asks whether another transaction of the same author and key is in the chain already. */
    FORGET_KEYS,
    /** A timestamp before the median of the last eleven is taken. */
    OLD_TIME,
    /** A timestamp that is far ahead is taken. */
    FUTURE_TIME,
    /** A signature is taken for valid without a look. */
    ANY_SEAL,
    /** The promises that a key made are forgotten at a restart. */
    FORGET_PROMISE,
    /** A key signs at once after a start, whatever peers may have of the chain. */
    TRUST_COPY,
    /** A quant is called final as soon as half of the signers built on it. */
    FINAL_AT_HALF,
    /** Transactions of quants that a reorganisation undoes do not wait again. */
    LOSE_ORPHANED,
    /** Of two equally heavy branches the one that came first stays. */
    TIE_BY_ARRIVAL,
    /** A node makes a transaction's id without the prefix that tells leaves from nodes. */
    NO_LEAF_PREFIX,
    /** The tree over all transactions begins anew at every quant. */
    TREE_FORGETS,
    /** The pool is not filled again at a restart. */
    FORGET_POOL,
    /** What a disk gives back is not checked against what was written. */
    NO_CHECKSUM
}
