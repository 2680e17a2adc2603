package io.qbc.persistence.store;

import java.nio.charset.StandardCharsets;

/** The fixed key spaces of the store; every key but those of {@link #META} begins with the chain's number. */
public enum ColumnFamily {
    /** Format version, chain registry, watermarks, final heights, promises, and which quants are aside. */
    META("default"),
    /** chain ‖ sequence -> id ‖ encoded transaction: the one place where a payload stands. */
    LOG("log"),
    /** chain ‖ transaction id -> sequence. */
    IDS("ids"),
    /** chain ‖ scope ‖ sequence -> nothing: which entries used an author's key, which is empty for an unsigned one. */
    KEYS("keys"),
    /** chain ‖ quant hash -> its record, on the chain or aside. */
    QUANTS("quants"),
    /** chain ‖ height -> quant hash: the present chain. */
    MAIN("main"),
    /** chain ‖ first sequence of a run -> where the run stands in the present chain. */
    PLACED("placed"),
    /** chain ‖ sequence -> id of the transaction that stands in the chain instead. */
    SUPERSEDED("fate"),
    /** chain ‖ quant hash -> the engine's state after it, for quants that a branch may still begin at. */
    STATES("states"),
    /** chain ‖ kind and what it needs -> tallies by minute, hour and day; made anew where it is missing. */
    ROLLUP("rollup"),
    /** chain ‖ kind ‖ type or author ‖ height ‖ offset -> which transactions of the present chain have it. */
    INDEX("index"),
    /** chain ‖ kind and name -> where a subscription stands, and its dead letters. */
    SUBSCRIPTIONS("subscriptions");

    private final String family;

    ColumnFamily(String family) {
        this.family = family;
    }

    /** Whether directories may lack it that were made before there was such a space; it has nothing then. */
    boolean isLater() {
        return this == ROLLUP || this == INDEX || this == SUBSCRIPTIONS;
    }

    /** Whether it has what nobody makes anew, so that a store which had it once is damaged without it. */
    boolean isKept() {
        return this != ROLLUP;
    }

    /** The column family's name. */
    String familyName() {
        return family;
    }

    /** The column family's name as RocksDB takes it. */
    byte[] family() {
        return family.getBytes(StandardCharsets.US_ASCII);
    }
}
