package io.qbc.http;

import io.qbc.bus.Bus;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** All that can be asked of the node, the same for both doors; one for each instance of a door. */
record Verbs(
        Bus bus,
        ChainBook book,
        TransactionVerbs transactions,
        QuantVerbs quants,
        ChainVerbs chains,
        NodeVerbs node,
        TransactionReader reader,
        Injector injector,
        Waiters waiters) {

    /** Who this node is, and by which clock. */
    record Self(Bytes key, InstantSource clock) {}

    static Verbs of(Vertx vertx, Context context, Bus bus, NodeConfig config, Self self, Meters meters, Desk desk) {
        ChainBook book = new ChainBook(bus);
        TransactionReader reader = new TransactionReader(
                self.key(),
                self.clock(),
                Chance.secret(),
                config.limits().bodyBytes(),
                config.limits().jsonDepth());
        Injector injector = new Injector(bus, context, meters);
        Waiters waiters = new Waiters(bus, vertx, desk.waiters());
        return new Verbs(
                bus,
                book,
                new TransactionVerbs(bus, book, reader, injector, waiters),
                new QuantVerbs(bus),
                new ChainVerbs(bus, book, meters),
                new NodeVerbs(bus, book, self.key(), self.clock(), meters),
                reader,
                injector,
                waiters);
    }
}
