package io.qbc.gossip.peers;

import io.qbc.bus.Failure;
import io.qbc.config.PeerAddress;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/** A resolver of peers' names to IP addresses, once, and only if all that a name stands for may be called. */
final class Resolver {
    private final GossipContext gossipContext;
    private final AddressPolicy policy;

    Resolver(GossipContext gossipContext, AddressPolicy policy) {
        this.gossipContext = gossipContext;
        this.policy = policy;
    }

    /** Pins an address; fails with PEER_REFUSED if the policy forbids it, with PEER_UNREACHABLE if there is none. */
    Future<PeerEndpoint> pin(PeerAddress address) {
        return gossipContext
                .workers()
                .resolver()
                .executeBlocking(() -> look(address), false)
                .timeout(gossipContext.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(
                        cause instanceof Failure
                                ? cause
                                : new Failure(
                                        Reason.PEER_UNREACHABLE, "the name " + address.host() + " is not found")));
    }

    private PeerEndpoint look(PeerAddress address) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(address.host());
        for (InetAddress ip : all) {
            if (!policy.permits(ip)) {
                throw new Failure(
                        Reason.PEER_REFUSED, ip.getHostAddress() + " is outside the networks that may be called");
            }
        }
        return new PeerEndpoint(address, all[0].getHostAddress());
    }
}
