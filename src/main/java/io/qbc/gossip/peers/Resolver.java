package io.qbc.gossip.peers;

import io.qbc.bus.Failure;
import io.qbc.config.AddressPolicy;
import io.qbc.config.PeerAddress;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A resolver of peers' names to IP addresses, once, and only if all that a name stands for may be called. */
final class Resolver {
    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

    private final GossipContext gossipContext;
    private final AddressPolicy policy;

    Resolver(GossipContext gossipContext, AddressPolicy policy) {
        this.gossipContext = gossipContext;
        this.policy = policy;
    }

    /**
     * Pins an address; fails with PEER_REFUSED if the policy forbids it, with PEER_UNREACHABLE if there is none.
     *
     * @param configured whether the operator configured it
     */
    Future<PeerEndpoint> pin(PeerAddress address, boolean configured) {
        return gossipContext
                .workers()
                .resolver()
                .executeBlocking(() -> look(address, configured), false)
                .timeout(gossipContext.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(cause instanceof Failure ? cause : notFound(address)));
    }

    private static Failure notFound(PeerAddress address) {
        return new Failure(Reason.PEER_UNREACHABLE, "the name " + address.host() + " is not found");
    }

    private PeerEndpoint look(PeerAddress address, boolean configured) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(address.host());
        for (InetAddress ip : all) {
            if (configured ? !policy.permits(ip) : !policy.permits(ip, address.port())) {
                String why = ip.getHostAddress() + " is outside the networks and ports that may be called";
                // Whoever names names shall not learn which of them there are.
                if (!configured && PeerAddress.ip(address.host()).isEmpty()) {
                    LOG.info("{} is not called: {}", address, why);
                    throw notFound(address);
                }
                throw new Failure(Reason.PEER_REFUSED, why);
            }
        }
        return new PeerEndpoint(address, all[0].getHostAddress());
    }
}
