package io.qbc.tracing;

/** The names of spans, and of what is said of them beside OpenTelemetry's semantic conventions. */
public final class TraceNames {
    /** A request that brings transactions, until its answer. */
    public static final String INJECT = "inject";

    /** Making transactions durable: they wait for their group of writes, and for the sync of the log. */
    public static final String PERSIST = "persist";

    /** Waiting for a quant. */
    public static final String POOL = "pool";

    /** Making a quant, from its draft to its place in the chain. */
    public static final String LEAP = "leap";

    public static final String DRAFT = "draft";

    /** Storing what this node's key binds itself to before it signs. */
    public static final String SIGNING_RECORD = "signing record";

    public static final String SEAL = "seal";

    /** Judging a quant and storing it as the head of its chain. */
    public static final String COMMIT = "commit";

    public static final String ANNOUNCE_TRANSACTIONS = "announce transactions";
    public static final String ANNOUNCE_QUANT = "announce quant";
    public static final String RECEIVE_TRANSACTIONS = "receive transactions";
    public static final String RECEIVE_QUANT = "receive quant";

    /** The id of a chain. */
    public static final String CHAIN = "qbc.chain";

    /** The id of the one transaction that a span is about. */
    public static final String TRANSACTION = "qbc.transaction.id";

    /** How many transactions a span is about. */
    public static final String TRANSACTIONS = "qbc.transactions";

    public static final String QUANT = "qbc.quant.hash";
    public static final String HEIGHT = "qbc.quant.height";

    /** What came of it, where there are several ends. */
    public static final String OUTCOME = "qbc.outcome";

    /** The code of a problem, as in the answer. */
    public static final String PROBLEM = "qbc.problem";

    /** The public key of a peer. */
    public static final String PEER = "qbc.peer";

    private TraceNames() {}
}
