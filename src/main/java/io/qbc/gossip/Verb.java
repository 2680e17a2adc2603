package io.qbc.gossip;

/** The verbs of the peer protocol, the last part of the path that is called. */
final class Verb {
    static final String HELLO = "hello";
    static final String HEAD = "head";
    static final String IDS = "ids";
    static final String TRANSACTIONS = "transactions";
    static final String QUANT = "quant";
    static final String SYNC = "sync";
    static final String FETCH = "fetch";
    static final String REST = "rest";
    static final String SPEC = "spec";
    static final String LEAP = "leap";

    private Verb() {}
}
