package io.qbc.subscription.webhook;

import io.qbc.config.AddressPolicy;
import io.qbc.config.PeerAddress;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A resolver of receivers' names to IP addresses, once an attempt, if all that a name stands for may be called. */
final class TargetResolver {
    private static final Logger LOG = LoggerFactory.getLogger(TargetResolver.class);

    private final WorkerExecutor workers;
    private final AddressPolicy policy;
    private final IntSupplier ownPort;

    /** @param ownPort where this node listens, which it does not call: it would be answered as from this machine */
    TargetResolver(WorkerExecutor workers, AddressPolicy policy, IntSupplier ownPort) {
        this.workers = workers;
        this.policy = policy;
        this.ownPort = ownPort;
    }

    /** The IP address to call; fails with a {@link RefusedTarget}. */
    Future<String> pin(PeerAddress address) {
        return workers.executeBlocking(() -> look(address), false);
    }

    /** Why a target is not called. */
    static final class RefusedTarget extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedTarget(String why) {
            super(why);
        }
    }

    private String look(PeerAddress address) throws IOException {
        InetAddress[] all;
        try {
            all = InetAddress.getAllByName(address.host());
        } catch (UnknownHostException e) {
            throw notFound(address);
        }
        for (InetAddress ip : all) {
            if (!permits(ip, address)) {
                String why = ip.getHostAddress() + ":" + address.port()
                        + " is outside subscriptions.webhook.allowed and subscriptions.webhook.ports";
                if (PeerAddress.ip(address.host()).isEmpty()) {
                    // Whoever names names shall not learn which of them there are.
                    LOG.info("{} is not called: {}", address, why);
                    throw notFound(address);
                }
                throw new RefusedTarget(why);
            }
        }
        return all[0].getHostAddress();
    }

    private boolean permits(InetAddress ip, PeerAddress address) throws IOException {
        boolean own = address.port() == ownPort.getAsInt() && isHere(ip);
        return policy.permits(ip, address.port())
                && !ip.isLinkLocalAddress()
                && !own
                && (address.secure() || ip.isLoopbackAddress());
    }

    private static boolean isHere(InetAddress ip) throws IOException {
        return ip.isLoopbackAddress() || NetworkInterface.getByInetAddress(ip) != null;
    }

    private static RefusedTarget notFound(PeerAddress address) {
        return new RefusedTarget("the name " + address.host() + " is not found");
    }
}
