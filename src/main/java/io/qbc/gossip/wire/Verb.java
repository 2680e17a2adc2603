package io.qbc.gossip.wire;

/** The verbs of the peer protocol, the last part of the path that is called. */
public final class Verb {
    public static final String HELLO = "hello";
    public static final String HEAD = "head";
    public static final String IDS = "ids";
    public static final String TRANSACTIONS = "transactions";
    public static final String QUANT = "quant";
    public static final String SYNC = "sync";
    public static final String FETCH = "fetch";
    public static final String REST = "rest";
    public static final String SPEC = "spec";
    public static final String LEAP = "leap";

    private Verb() {}
}
