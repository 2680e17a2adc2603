package io.qbc.eventbus.cluster;

import com.hazelcast.cluster.MembershipEvent;
import io.qbc.api.ClusterMembership;
import io.qbc.config.ClusterConfig;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of the cluster. It can leave the addresses at which it is reached while it still answers
 * there, so that nothing that is under way to it is lost.
 */
public final class ClusterMember extends HazelcastClusterManager implements ClusterMembership {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);

    private static final String NODES = "qbc.v1.";
    private static final String NODE_SHOW = "node.show";
    private static final String CHAIN_FIND = ".chains.find";

    private final String name;
    private final Set<Registered> registered = ConcurrentHashMap.newKeySet();

    private record Registered(String address, RegistrationInfo info) {}

    private ClusterMember(ClusterConfig cluster) {
        super(HazelcastSettings.of(cluster));
        name = getConfig().getClusterName();
    }

    /** One that has not joined yet. Blocks. */
    public static ClusterMember of(ClusterConfig cluster) {
        return new ClusterMember(cluster);
    }

    /** The cluster's name. */
    public String cluster() {
        return name;
    }

    @Override
    public int members() {
        return isActive() ? getHazelcastInstance().getCluster().getMembers().size() : 0;
    }

    @Override
    public void addRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        if (!info.localOnly()) {
            registered.add(new Registered(address, info));
        }
        super.addRegistration(address, info, done);
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        registered.remove(new Registered(address, info));
        super.removeRegistration(address, info, done);
    }

    /** The nodes that serve, or those of them that keep the chain of this name or id. */
    public Future<List<Whereabouts>> serving(Optional<String> chain) {
        String address = chain.map(name -> NODES + name + CHAIN_FIND).orElse(NODES + NODE_SHOW);
        Promise<List<RegistrationInfo>> found = Promise.promise();
        getRegistrations(address, found);
        return found.future().compose(registrations -> {
            List<Future<Optional<Whereabouts>>> nodes = registrations.stream()
                    .map(RegistrationInfo::nodeId)
                    .distinct()
                    .map(this::whereabouts)
                    .toList();
            return Future.all(nodes)
                    .map(all -> nodes.stream()
                            .flatMap(node -> node.result().stream())
                            .toList());
        });
    }

    /** Nothing of a member that left a moment ago. */
    private Future<Optional<Whereabouts>> whereabouts(String id) {
        Promise<NodeInfo> info = Promise.promise();
        getNodeInfo(id, info);
        return info.future()
                .map(node -> node == null ? Optional.<Whereabouts>empty() : Whereabouts.read(id, node.metadata()))
                .otherwise(Optional.empty());
    }

    @Override
    public Future<Void> leaveAddresses() {
        List<Future<Void>> leaving = new ArrayList<>();
        for (Registered each : registered) {
            Promise<Void> left = Promise.promise();
            removeRegistration(each.address(), each.info(), left);
            leaving.add(left.future());
        }
        return Future.join(leaving).mapEmpty();
    }

    @Override
    public synchronized void memberAdded(MembershipEvent event) {
        LOG.info(
                "{} is in the cluster {} now, which has {} members",
                event.getMember().getAddress(),
                name,
                event.getMembers().size());
        super.memberAdded(event);
    }

    @Override
    public synchronized void memberRemoved(MembershipEvent event) {
        LOG.info(
                "{} has left the cluster {}, which has {} members",
                event.getMember().getAddress(),
                name,
                event.getMembers().size());
        super.memberRemoved(event);
    }
}
