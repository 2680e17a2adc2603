package io.qbc.api.verbs;

import io.qbc.api.ApiContext;
import io.qbc.api.ChainDirectory;
import io.qbc.api.Finder;
import io.qbc.api.Injector;
import io.qbc.api.RuleCache;
import io.qbc.api.SaltSource;
import io.qbc.api.TransactionReader;
import io.qbc.api.Waiters;
import io.qbc.bus.Bus;
import io.qbc.config.NodeConfig;
import io.qbc.json.JsonLimits;
import io.qbc.model.Hash;
import io.qbc.tracing.Tracing;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** The verbs of the API, the same by REST and over the event bus; one for each instance of either. */
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
        AnalyticsVerbs analytics,
        ListVerbs lists,
        SubscriptionVerbs subscriptions,
        OperationVerbs operations,
        NodeVerbs node,
        BanVerbs bans,
        BackupVerbs backups,
        AccessVerbs access,
        AuditVerbs audit,
        ProjectionVerbs projections,
        TableVerbs tables,
        RuleCache rules,
        TransactionReader reader,
        Injector injector,
        Finder finder,
        Waiters waiters,
        Tracing tracing) {

    /** A chain is gone: nobody waits for it any more, and what was remembered of it is forgotten. */
    public void closed(Hash chain) {
        directory.closed(chain);
        rules.closed(chain);
        waiters.closed(chain);
    }

    public static Verbs of(Vertx vertx, Context context, Bus bus, ApiContext api) {
        NodeConfig config = api.config();
        ChainDirectory directory = new ChainDirectory(bus);
        RuleCache rules = new RuleCache(vertx, api.rules(), api.limits().judging());
        JsonLimits body = new JsonLimits(
                config.limits().bodyBytes(), config.limits().jsonDepth() + TransactionReader.DEPTH_AROUND);
        TransactionReader reader = new TransactionReader(api.clock(), SaltSource.secret(), rules, body);
        Injector injector = new Injector(bus, context, api.meters());
        Finder finder = new Finder(bus, context);
        Waiters waiters = new Waiters(finder, vertx, api.limits().waiters());
        QuantVerbs quants = new QuantVerbs(bus, waiters);
        TransactionVerbs transactions = new TransactionVerbs(directory, reader, rules, injector, finder, waiters);
        ProjectionVerbs projections = new ProjectionVerbs(bus, directory);
        ChainVerbs chains = new ChainVerbs(bus, directory, api.meters());
        return new Verbs(
                bus,
                directory,
                transactions,
                quants,
                chains,
                new LifecycleVerbs(vertx, bus, directory, chains, quants, api),
                new FollowVerbs(bus),
                new DiffVerbs(bus, directory, quants, config.limits().pageQuants()),
                new ConsensusVerbs(bus, directory, quants, config.chains()::pin),
                new AnalyticsVerbs(bus, directory, api.clock()),
                new ListVerbs(bus, directory, config.limits().listSteps()),
                new SubscriptionVerbs(bus, directory),
                new OperationVerbs(bus, directory, reader, transactions, api),
                new NodeVerbs(bus, directory, api),
                new BanVerbs(bus),
                new BackupVerbs(bus),
                new AccessVerbs(vertx, api.access()),
                new AuditVerbs(bus, directory),
                projections,
                new TableVerbs(bus, projections),
                rules,
                reader,
                injector,
                finder,
                waiters,
                api.tracing());
    }
}
