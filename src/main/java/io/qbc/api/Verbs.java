package io.qbc.api;

import io.qbc.bus.Bus;
import io.qbc.config.NodeConfig;
import io.qbc.json.JsonLimits;
import io.qbc.ledger.DataRules;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** All that can be asked of the node, the same for both doors; one for each instance of a door. */
public record Verbs(
        Bus bus,
        ChainDirectory book,
        TransactionVerbs transactions,
        QuantVerbs quants,
        ChainVerbs chains,
        ChainKeeping keeping,
        FollowVerbs follows,
        DiffVerbs diffs,
        ConsensusVerbs consensus,
        NodeVerbs node,
        RuleCache rules,
        TransactionReader reader,
        Injector injector,
        Finder finder,
        Waiters waiters) {

    /** Who this node is, by which clock, and how it reads what chains demand of data. */
    public record Self(Bytes key, InstantSource clock, DataRules.Reader rules) {}

    /** A chain is gone: nobody waits for it any more, and what was remembered of it is forgotten. */
    public void closed(Hash chain) {
        book.closed(chain);
        rules.closed(chain);
        waiters.closed(chain);
    }

    public static Verbs of(
            Vertx vertx,
            Context context,
            Bus bus,
            NodeConfig config,
            Self self,
            Meters meters,
            SharedLimits sharedLimits) {
        ChainDirectory book = new ChainDirectory(bus);
        RuleCache rules = new RuleCache(vertx, self.rules());
        TransactionReader reader = new TransactionReader(
                self,
                rules,
                SaltSource.secret(),
                config.limits().bodyBytes(),
                config.limits().jsonDepth());
        Injector injector = new Injector(bus, context, meters);
        Finder finder = new Finder(bus, context);
        Waiters waiters = new Waiters(finder, vertx, sharedLimits.waiters());
        QuantVerbs quants = new QuantVerbs(bus);
        ChainVerbs chains = new ChainVerbs(bus, book, meters);
        JsonLimits body = new JsonLimits(config.limits().bodyBytes(), ChainKeeping.SPEC_DEPTH);
        return new Verbs(
                bus,
                book,
                new TransactionVerbs(book, reader, rules, injector, finder, waiters),
                quants,
                chains,
                new ChainKeeping(vertx, bus, book, chains, self, body),
                new FollowVerbs(bus),
                new DiffVerbs(bus, book, quants, config.limits().pageQuants()),
                new ConsensusVerbs(bus, book, quants, config.chains()::pin),
                new NodeVerbs(bus, book, self.key(), self.clock(), meters),
                rules,
                reader,
                injector,
                finder,
                waiters);
    }
}
