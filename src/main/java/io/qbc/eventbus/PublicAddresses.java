package io.qbc.eventbus;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The addresses at which any Vert.x service, clustered too, may call this node; each takes and gives a JSON object. */
public final class PublicAddresses {
    public static final String TRANSACTIONS_INJECT = "qbc.v1.transactions.inject";
    public static final String TRANSACTIONS_FIND = "qbc.v1.transactions.find";
    public static final String TRANSACTIONS_LIST = "qbc.v1.transactions.list";
    public static final String OPERATIONS_OPERATE = "qbc.v1.operations.operate";
    public static final String LEAPS_LEAP = "qbc.v1.leaps.leap";
    public static final String CHAINS_LIST = "qbc.v1.chains.list";
    public static final String CHAINS_FIND = "qbc.v1.chains.find";
    public static final String CHAINS_CREATE = "qbc.v1.chains.create";
    public static final String CHAINS_FORK = "qbc.v1.chains.fork";
    public static final String CHAINS_REMOVE = "qbc.v1.chains.remove";
    public static final String CHAINS_FREEZE = "qbc.v1.chains.freeze";
    public static final String CHAINS_UNFREEZE = "qbc.v1.chains.unfreeze";
    public static final String CHAINS_FOLLOW = "qbc.v1.chains.follow";
    public static final String CHAINS_UNFOLLOW = "qbc.v1.chains.unfollow";
    public static final String CHAINS_FOLLOWING = "qbc.v1.chains.following";
    public static final String CHAINS_DIFF = "qbc.v1.chains.diff";
    public static final String CHAINS_CONSENSUS = "qbc.v1.chains.consensus";
    public static final String CHAINS_ANALYTICS = "qbc.v1.chains.analytics";
    public static final String SUBSCRIPTIONS_PUT = "qbc.v1.subscriptions.put";
    public static final String SUBSCRIPTIONS_LIST = "qbc.v1.subscriptions.list";
    public static final String SUBSCRIPTIONS_FIND = "qbc.v1.subscriptions.find";
    public static final String SUBSCRIPTIONS_STATUS = "qbc.v1.subscriptions.status";
    public static final String SUBSCRIPTIONS_REMOVE = "qbc.v1.subscriptions.remove";
    public static final String SUBSCRIPTIONS_PAUSE = "qbc.v1.subscriptions.pause";
    public static final String SUBSCRIPTIONS_RESUME = "qbc.v1.subscriptions.resume";
    public static final String SUBSCRIPTIONS_SEEK = "qbc.v1.subscriptions.seek";
    public static final String SUBSCRIPTIONS_REPLAY = "qbc.v1.subscriptions.replay";
    public static final String SUBSCRIPTIONS_ROTATE = "qbc.v1.subscriptions.rotate";
    public static final String SUBSCRIPTIONS_FETCH = "qbc.v1.subscriptions.fetch";
    public static final String SUBSCRIPTIONS_COMMIT = "qbc.v1.subscriptions.commit";
    public static final String SUBSCRIPTIONS_RELEASE = "qbc.v1.subscriptions.release";
    public static final String SUBSCRIPTIONS_DEAD = "qbc.v1.subscriptions.dead";
    public static final String SUBSCRIPTIONS_RETRY = "qbc.v1.subscriptions.retry";
    public static final String QUANTS_LIST = "qbc.v1.quants.list";
    public static final String QUANTS_FIND = "qbc.v1.quants.find";
    public static final String NODE_SHOW = "qbc.v1.node.show";
    public static final String NODE_SBOM = "qbc.v1.node.sbom";
    public static final String PEERS_LIST = "qbc.v1.peers.list";
    public static final String PEERS_DISCOVER = "qbc.v1.peers.discover";
    public static final String PEERS_BANS = "qbc.v1.peers.bans";
    public static final String PEERS_BAN = "qbc.v1.peers.ban";
    public static final String PEERS_UNBAN = "qbc.v1.peers.unban";
    public static final String BACKUP_BEGIN = "qbc.v1.backup.begin";
    public static final String BACKUP_SHOW = "qbc.v1.backup.show";

    public static final String EVENTS_SUBSCRIBE = "qbc.v1.events.subscribe";

    public static final String AUDIT_LIST = "qbc.v1.audit.list";

    public static final String PROJECTIONS_LIST = "qbc.v1.projections.list";
    public static final String PROJECTIONS_FIND = "qbc.v1.projections.find";
    public static final String PROJECTIONS_PUT = "qbc.v1.projections.put";
    public static final String PROJECTIONS_REMOVE = "qbc.v1.projections.remove";
    public static final String PROJECTIONS_REBUILD = "qbc.v1.projections.rebuild";
    public static final String PROJECTIONS_PAUSE = "qbc.v1.projections.pause";
    public static final String PROJECTIONS_RESUME = "qbc.v1.projections.resume";
    public static final String PROJECTIONS_VERIFY = "qbc.v1.projections.verify";
    public static final String PROJECTIONS_CANCEL = "qbc.v1.projections.cancel";
    public static final String PROJECTIONS_DEAD = "qbc.v1.projections.dead";
    public static final String PROJECTIONS_RETRY = "qbc.v1.projections.retry";
    public static final String PROJECTIONS_ROWS = "qbc.v1.projections.rows";
    public static final String PROJECTIONS_ROW = "qbc.v1.projections.row";
    public static final String PROJECTIONS_HISTORY = "qbc.v1.projections.history";
    public static final String PROJECTIONS_QUERY = "qbc.v1.projections.query";

    public static final String ACCESS_SELF = "qbc.v1.access.self";

    /** Where events of all chains are published, unless credentials are required: what came to one and what left. */
    public static final String EVENTS = "qbc.v1.events";

    private PublicAddresses() {}

    /** The addresses at which messages are answered: all but {@link #EVENTS}. */
    public static Set<String> verbs() {
        return Verbs.ALL;
    }

    /** Whether each chain of a cluster has an address of this verb. */
    public static boolean isOfChains(String address) {
        return ServedAddresses.isOfChains(address);
    }

    /** Read off this class, so that the two cannot differ. */
    private static final class Verbs {
        static final Set<String> ALL = Arrays.stream(PublicAddresses.class.getFields())
                .map(Verbs::value)
                .filter(address -> !address.equals(EVENTS))
                .collect(Collectors.toUnmodifiableSet());

        private static String value(Field field) {
            try {
                return (String) field.get(null);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("all of them are public", e);
            }
        }
    }
}
