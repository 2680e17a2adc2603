package io.qbc.eventbus;

import static io.qbc.eventbus.PublicAddresses.ACCESS_SELF;
import static io.qbc.eventbus.PublicAddresses.AUDIT_LIST;
import static io.qbc.eventbus.PublicAddresses.BACKUP_BEGIN;
import static io.qbc.eventbus.PublicAddresses.BACKUP_SHOW;
import static io.qbc.eventbus.PublicAddresses.CHAINS_ANALYTICS;
import static io.qbc.eventbus.PublicAddresses.CHAINS_CONSENSUS;
import static io.qbc.eventbus.PublicAddresses.CHAINS_CREATE;
import static io.qbc.eventbus.PublicAddresses.CHAINS_DIFF;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FIND;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FOLLOW;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FOLLOWING;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FORK;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FREEZE;
import static io.qbc.eventbus.PublicAddresses.CHAINS_LIST;
import static io.qbc.eventbus.PublicAddresses.CHAINS_REMOVE;
import static io.qbc.eventbus.PublicAddresses.CHAINS_UNFOLLOW;
import static io.qbc.eventbus.PublicAddresses.CHAINS_UNFREEZE;
import static io.qbc.eventbus.PublicAddresses.EVENTS;
import static io.qbc.eventbus.PublicAddresses.EVENTS_SUBSCRIBE;
import static io.qbc.eventbus.PublicAddresses.LEAPS_LEAP;
import static io.qbc.eventbus.PublicAddresses.NODE_SBOM;
import static io.qbc.eventbus.PublicAddresses.NODE_SHOW;
import static io.qbc.eventbus.PublicAddresses.OPERATIONS_OPERATE;
import static io.qbc.eventbus.PublicAddresses.PEERS_BAN;
import static io.qbc.eventbus.PublicAddresses.PEERS_BANS;
import static io.qbc.eventbus.PublicAddresses.PEERS_DISCOVER;
import static io.qbc.eventbus.PublicAddresses.PEERS_LIST;
import static io.qbc.eventbus.PublicAddresses.PEERS_UNBAN;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_CANCEL;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_DEAD;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_FIND;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_HISTORY;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_LIST;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_PAUSE;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_PUT;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_QUERY;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_REBUILD;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_REMOVE;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_RESUME;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_RETRY;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_ROW;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_ROWS;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_VERIFY;
import static io.qbc.eventbus.PublicAddresses.QUANTS_FIND;
import static io.qbc.eventbus.PublicAddresses.QUANTS_LIST;
import static io.qbc.eventbus.PublicAddresses.TRANSACTIONS_FIND;
import static io.qbc.eventbus.PublicAddresses.TRANSACTIONS_INJECT;
import static io.qbc.eventbus.PublicAddresses.TRANSACTIONS_LIST;

import io.qbc.api.Answer;
import io.qbc.api.ApiContext;
import io.qbc.api.ChainDirectory;
import io.qbc.api.verbs.NodeVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.config.AccessMode;
import io.qbc.model.Hash;
import io.qbc.tracing.TraceNames;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The verticle of the event bus API: the same verbs as by REST, on public addresses, in JSON objects. */
public final class EventBusVerticle extends VerticleBase {
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(60);

    private final ApiContext api;
    private final MessagesInWork inWork = new MessagesInWork(VerbServer::fail);
    private ChainDirectory directory;
    private ServedAddresses addresses;

    /** The context is the same as for REST. */
    public EventBusVerticle(ApiContext api) {
        this.api = api;
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, ASK_TIMEOUT);
        Verbs verbs = Verbs.of(vertx, context, bus, api);
        directory = verbs.directory();
        EventBusVerbs adapted = new EventBusVerbs(verbs, api.config());
        boolean everywhere = api.config().cluster().enabled();
        addresses = new ServedAddresses(vertx, context, everywhere, api.identity());
        VerbServer server = new VerbServer(api, addresses, directory, inWork);
        DeliveryOptions delivery = new DeliveryOptions().setLocalOnly(!everywhere);
        EventBusSubscriptions subscriptions =
                new EventBusSubscriptions(vertx, api.access(), api.limits(), addresses.own(EVENTS_SUBSCRIBE), delivery);
        boolean isPublic = api.access().mode() != AccessMode.REQUIRED;
        Optional<String> everybody =
                Optional.of(AddressBase.at(context, EVENTS)).filter(address -> isPublic);
        EventBusEvents events = new EventBusEvents(vertx, bus, subscriptions, everybody, delivery);
        return Future.all(List.of(
                        Future.all(new SubscriptionAddresses(verbs.subscriptions()).served(server::serve)),
                        server.traced(TRANSACTIONS_INJECT, TraceNames.INJECT, adapted::inject),
                        server.serve(TRANSACTIONS_FIND, adapted::findTransaction),
                        server.serve(TRANSACTIONS_LIST, adapted::listTransactions),
                        server.serve(OPERATIONS_OPERATE, adapted::operate),
                        server.serve(LEAPS_LEAP, ask -> verbs.chains().leap(EventBusVerbs.text(ask, "chain"))),
                        server.serve(CHAINS_LIST, adapted::listChains),
                        server.serve(CHAINS_FIND, ask -> verbs.chains().find(EventBusVerbs.text(ask, "chain"))),
                        server.serve(CHAINS_CREATE, ask -> verbs.lifecycle().create(EventBusVerbs.encoded(ask))),
                        server.serve(CHAINS_FORK, adapted::fork),
                        server.serve(CHAINS_REMOVE, adapted::remove),
                        server.serve(
                                CHAINS_FREEZE, ask -> verbs.lifecycle().freeze(EventBusVerbs.text(ask, "chain"), true)),
                        server.serve(
                                CHAINS_UNFREEZE,
                                ask -> verbs.lifecycle().freeze(EventBusVerbs.text(ask, "chain"), false)),
                        server.serve(
                                CHAINS_FOLLOW, ask -> verbs.follows().follow(EventBusVerbs.text(ask, "chain"), true)),
                        server.serve(
                                CHAINS_UNFOLLOW,
                                ask -> verbs.follows().follow(EventBusVerbs.text(ask, "chain"), false)),
                        server.serve(CHAINS_FOLLOWING, ask -> verbs.follows().following()),
                        server.serve(CHAINS_DIFF, adapted::diff),
                        server.serve(CHAINS_CONSENSUS, ask -> verbs.consensus().show(EventBusVerbs.text(ask, "chain"))),
                        server.serve(CHAINS_ANALYTICS, adapted::analytics),
                        server.paged(QUANTS_LIST, adapted::listQuants),
                        server.serve(QUANTS_FIND, adapted::findQuant),
                        server.serve(NODE_SHOW, ask -> verbs.node().show()),
                        server.serve(NODE_SBOM, ask -> Future.succeededFuture(NodeVerbs.sbom(Answer.JSON))),
                        server.serve(PEERS_LIST, ask -> verbs.node().peers(EventBusVerbs.optionalText(ask, "chain"))),
                        server.serve(PEERS_DISCOVER, ask -> verbs.node().discover(EventBusVerbs.text(ask, "address"))),
                        server.serve(PEERS_BANS, ask -> verbs.bans().list()),
                        server.serve(PEERS_BAN, ask -> verbs.bans().ban(EventBusVerbs.encoded(ask))),
                        server.serve(PEERS_UNBAN, ask -> verbs.bans().lift(EventBusVerbs.text(ask, "peer"))),
                        server.serve(
                                EVENTS_SUBSCRIBE,
                                (ask, caller) -> directory
                                        .find(EventBusVerbs.text(ask, "chain"))
                                        .map(chain -> subscriptions.subscribe(
                                                chain.id(), caller, EventBusVerbs.optionalText(ask, "address")))),
                        server.serve(BACKUP_BEGIN, ask -> verbs.backups().begin(EventBusVerbs.encoded(ask))),
                        server.serve(BACKUP_SHOW, ask -> verbs.backups().show()),
                        server.serve(AUDIT_LIST, adapted::listAudit),
                        server.serve(
                                PROJECTIONS_LIST,
                                (ask, caller) -> verbs.projections().list(caller)),
                        server.serve(PROJECTIONS_FIND, adapted.projections()::find),
                        server.serve(PROJECTIONS_PUT, adapted.projections()::put),
                        server.serve(PROJECTIONS_REMOVE, adapted.projections()::remove),
                        server.serve(PROJECTIONS_REBUILD, adapted.projections().steer(ProjectionAction.REBUILD)),
                        server.serve(PROJECTIONS_PAUSE, adapted.projections().steer(ProjectionAction.PAUSE)),
                        server.serve(PROJECTIONS_RESUME, adapted.projections().steer(ProjectionAction.RESUME)),
                        server.serve(PROJECTIONS_RETRY, adapted.projections().steer(ProjectionAction.RETRY_DEAD)),
                        server.serve(PROJECTIONS_VERIFY, adapted.projections().verify(ProjectionAction.VERIFY)),
                        server.serve(PROJECTIONS_CANCEL, adapted.projections().verify(ProjectionAction.CANCEL_VERIFY)),
                        server.serve(PROJECTIONS_DEAD, adapted.projections()::dead),
                        server.serve(PROJECTIONS_ROWS, adapted.projections()::rows),
                        server.serve(PROJECTIONS_ROW, adapted.projections()::row),
                        server.serve(PROJECTIONS_HISTORY, adapted.projections()::history),
                        server.serve(PROJECTIONS_QUERY, adapted.projections()::query),
                        server.serve(
                                ACCESS_SELF,
                                (ask, caller) ->
                                        Future.succeededFuture(verbs.access().self(caller))),
                        bus.follow(Catalogue.HEAD_MOVED, verbs.waiters()::moved),
                        bus.follow(Catalogue.HEAD_MOVED, event -> moved(events, event)),
                        bus.follow(
                                Catalogue.HEAD_MOVED,
                                event -> api.meters()
                                        .superseded()
                                        .add(event.superseded().size())),
                        bus.follow(Catalogue.SUBSCRIPTION_DISABLED, events::disabled),
                        bus.follow(Catalogue.CHAIN_OPENED, event -> opened(verbs, event.chain())),
                        bus.follow(Catalogue.CHAIN_CLOSED, event -> closed(verbs, events, event.chain()))))
                .compose(served -> events.begin(verbs.directory()))
                .compose(begun -> directory.all())
                .compose(all -> addresses.begin(all.chains()));
    }

    /** Leaves the addresses first, and then answers what still comes. */
    @Override
    public Future<?> stop() {
        return api.config().cluster().enabled()
                ? api.cluster().leaveAddresses().transform(left -> inWork.drain(vertx))
                : Future.succeededFuture();
    }

    private void opened(Verbs verbs, Chain chain) {
        verbs.directory().opened(chain);
        addresses.opened(chain);
    }

    /** Of the audit trail nothing is told to everybody on the bus. */
    private void moved(EventBusEvents events, HeadMoved event) {
        if (!directory.isTrail(event.chain())) {
            events.moved(event);
        }
    }

    private void closed(Verbs verbs, EventBusEvents events, Hash chain) {
        addresses.closed(chain);
        verbs.closed(chain);
        events.closed(chain);
    }
}
