package io.qbc.api.access;

import io.qbc.model.Bytes;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The callers whose messages a bridge of this process has put on the bus: from where each message comes, which is
 * told beside the bus, by a ticket that nobody on it can guess.
 */
public final class RelayedCallers {
    /** The header of a relayed message with the ticket by which it is found who sent it. */
    public static final String HEADER = "qbc-relayed";

    private static final int TICKET_BYTES = 16;

    private final Map<String, From> byTicket = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /**
     * Where a message comes from.
     *
     * @param by the bridge, for the audit trail
     * @param certificate that the connection showed
     */
    public record From(String by, InetAddress address, Optional<ClientCertificate> certificate) {}

    /** The answer to such a message, as it was written: a bridge passes it on without reading it. */
    public record Relayed(Bytes body) {}

    /** Tells of a message; its ticket, which counts once. */
    public String add(From from) {
        byte[] secret = new byte[TICKET_BYTES];
        random.nextBytes(secret);
        String ticket = HexFormat.of().formatHex(secret);
        byTicket.put(ticket, from);
        return ticket;
    }

    /** Takes back a ticket, whether it was used or not. */
    public void remove(String ticket) {
        byTicket.remove(ticket);
    }

    /** Where the message with this ticket comes from; empty if none of this process relayed it. */
    public Optional<From> take(String ticket) {
        return ticket == null ? Optional.empty() : Optional.ofNullable(byTicket.remove(ticket));
    }
}
