package io.qbc.http;

/** The addresses at which any Vert.x service, clustered too, may call this node; each takes and gives a JSON object. */
public final class PublicAddresses {
    public static final String TRANSACTIONS_INJECT = "qbc.v1.transactions.inject";
    public static final String TRANSACTIONS_FIND = "qbc.v1.transactions.find";
    public static final String LEAPS_LEAP = "qbc.v1.leaps.leap";
    public static final String CHAINS_LIST = "qbc.v1.chains.list";
    public static final String CHAINS_FIND = "qbc.v1.chains.find";
    public static final String QUANTS_LIST = "qbc.v1.quants.list";
    public static final String QUANTS_FIND = "qbc.v1.quants.find";
    public static final String NODE_SHOW = "qbc.v1.node.show";
    public static final String PEERS_LIST = "qbc.v1.peers.list";
    public static final String PEERS_DISCOVER = "qbc.v1.peers.discover";

    /** Where events are published: what came to a chain and what left it. */
    public static final String EVENTS = "qbc.v1.events";

    private PublicAddresses() {}
}
