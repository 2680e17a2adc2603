package io.qbc.api.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch for credentials that came from another machine over plain HTTP, where everybody on the way could read them.
 */
public final class ExposureWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ExposureWatch.class);

    /** Beyond these nothing is remembered or logged any more. */
    private static final int ADDRESSES_MAX = 256;

    private final Set<InetAddress> addresses = ConcurrentHashMap.newKeySet();

    /** A credential that counts came from an address without TLS. */
    public void met(InetAddress address) {
        if (!addresses.contains(address) && addresses.size() < ADDRESSES_MAX && addresses.add(address)) {
            LOG.warn(
                    "a credential came from {} over plain HTTP, where it can be read on its way; use TLS, or a proxy"
                            + " that speaks it",
                    address.getHostAddress());
        }
    }

    /** The addresses from which some came. */
    public List<String> addresses() {
        return addresses.stream().map(InetAddress::getHostAddress).sorted().toList();
    }
}
