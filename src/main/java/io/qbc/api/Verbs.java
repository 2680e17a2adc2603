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
        ChainDirectory directory,
        TransactionVerbs transactions,
        QuantVerbs quants,
        ChainVerbs chains,
        LifecycleVerbs lifecycle,
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
        directory.closed(chain);
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
        ChainDirectory directory = new ChainDirectory(bus);
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
        ChainVerbs chains = new ChainVerbs(bus, directory, meters);
        JsonLimits body = new JsonLimits(config.limits().bodyBytes(), LifecycleVerbs.SPEC_DEPTH);
        return new Verbs(
                bus,
                directory,
                new TransactionVerbs(directory, reader, rules, injector, finder, waiters),
                quants,
                chains,
                new LifecycleVerbs(vertx, bus, directory, chains, self, body),
                new FollowVerbs(bus),
                new DiffVerbs(bus, directory, quants, config.limits().pageQuants()),
                new ConsensusVerbs(bus, directory, quants, config.chains()::pin),
                new NodeVerbs(bus, directory, self.key(), self.clock(), meters),
                rules,
                reader,
                injector,
                finder,
                waiters);
    }
}
