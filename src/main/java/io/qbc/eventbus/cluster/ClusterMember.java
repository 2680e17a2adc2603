package io.qbc.eventbus.cluster;

import com.hazelcast.cluster.MembershipEvent;
import io.qbc.api.ClusterMembership;
import io.qbc.config.ClusterConfig;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.ArrayList;
import java.util.List;
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
