package io.qbc.gossip.peers;

import io.qbc.bus.Catalogue.RefusedCaller;
import io.qbc.protocol.session.SessionFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The callers of late whose handshakes this node refused, and why; each is logged once for each reason. */
final class HandshakeRefusals {
    private static final Logger LOG = LoggerFactory.getLogger(HandshakeRefusals.class);
    private static final int CALLERS_MAX = 64;
    /** How long something is told after it was last noticed. */
    private static final long TOLD_MILLIS = 600_000;

    private final Map<Cause, RefusedCaller> refused = new LinkedHashMap<>();

    /** What is told once: an address may have many callers, and a caller may give itself many names. */
    private record Cause(String from, String code) {}

    /**
     * Takes down that a caller was refused.
     *
     * @param from its IP address
     * @param address the base address that it says it has, or empty
     * @param words the same each time
     */
    void note(String from, String address, SessionFault fault, String words, long now) {
        Cause cause = new Cause(from, fault.code());
        Optional<RefusedCaller> before = Optional.ofNullable(refused.remove(cause));
        long count = 1 + before.map(RefusedCaller::count).orElse(0L);
        refused.put(cause, new RefusedCaller(from, address, fault.code(), words, count, now));
        if (before.isEmpty()) {
            LOG.warn("a caller from {}{} is no peer: {}", from, named(address), words);
        }
        if (refused.size() > CALLERS_MAX) {
            refused.remove(refused.keySet().iterator().next());
        }
    }

    /** Those of late, the last one last. */
    List<RefusedCaller> of(long now) {
        refused.values().removeIf(each -> now - each.at() > TOLD_MILLIS);
        return List.copyOf(refused.values());
    }

    private static String named(String address) {
        return address.isEmpty() ? "" : ", which says that it is " + address + ",";
    }
}
