package io.qbc.eventbus.cluster;

import io.qbc.config.ClusterConfig;
import io.qbc.config.ClusterConfig.Member;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch over a member that is the only one of its cluster: that happens without a word where members have different
 * cluster names, or cannot reach each other in both directions.
 */
public final class ClusterWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    private static final long PERIOD_MILLIS = 10_000;
    private static final int CONNECT_MILLIS = 2_000;

    private final ClusterMember self;
    private final List<Member> others;
    private final NetClient client;
    private final AtomicReference<State> told = new AtomicReference<>(State.TOGETHER);

    private enum State {
        TOGETHER,
        FIRST,
        APART
    }

    private ClusterWatch(Vertx vertx, ClusterMember self, List<Member> others) {
        this.self = self;
        this.others = others;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS));
    }

    /** Looks now, and again as long as the Vertx runs. */
    public static void begin(Vertx vertx, ClusterMember self, ClusterConfig cluster) {
        Member own = new Member(cluster.host(), cluster.port());
        List<Member> others = cluster.addresses().stream()
                .filter(member -> !member.equals(own))
                .toList();
        ClusterWatch watch = new ClusterWatch(vertx, self, others);
        watch.look();
        vertx.setPeriodic(PERIOD_MILLIS, timer -> watch.look());
    }

    private void look() {
        int members = self.members();
        if (members > 1) {
            if (told.getAndSet(State.TOGETHER) != State.TOGETHER) {
                LOG.info("the cluster {} has {} members", self.cluster(), members);
            }
            return;
        }
        Future.any(others.stream().map(this::answers).toList())
                .onSuccess(found -> tell(State.APART))
                .onFailure(nobody -> tell(State.FIRST));
    }

    private Future<Void> answers(Member member) {
        return client.connect(member.port(), member.host()).compose(socket -> socket.close());
    }

    private void tell(State state) {
        if (self.members() > 1 || told.getAndSet(state) == state) {
            return;
        }
        if (state == State.APART) {
            LOG.warn(
                    "this node is the only member of the cluster {}, though one of {} listens: is its cluster.name"
                            + " another one, or can it not reach this node?",
                    self.cluster(),
                    others);
        } else {
            LOG.info("this node is the only member of the cluster {} so far", self.cluster());
        }
    }
}
