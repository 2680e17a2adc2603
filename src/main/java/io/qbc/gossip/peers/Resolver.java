package io.qbc.gossip.peers;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/** Finds the IP address behind a peer's address, once, and only if all that the name stands for may be called. */
final class Resolver {
    private final Setting setting;
    private final AddressPolicy policy;

    Resolver(Setting setting, AddressPolicy policy) {
        this.setting = setting;
        this.policy = policy;
    }

    /** Pins an address; fails with PEER_REFUSED if the policy forbids it, with PEER_UNREACHABLE if there is none. */
    Future<Endpoint> pin(PeerAddress address) {
        return setting.names()
                .executeBlocking(() -> look(address), false)
                .timeout(setting.gossip().callTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(
                        cause instanceof Failure
                                ? cause
                                : new Failure(
                                        Reason.PEER_UNREACHABLE, "the name " + address.host() + " is not found")));
    }

    private Endpoint look(PeerAddress address) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(address.host());
        for (InetAddress ip : all) {
            if (!policy.permits(ip)) {
                throw new Failure(
                        Reason.PEER_REFUSED, ip.getHostAddress() + " is outside the networks that may be called");
            }
        }
        return new Endpoint(address, all[0].getHostAddress());
    }
}
