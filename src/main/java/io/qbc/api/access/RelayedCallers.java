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

    private final Map<String, Relay> byTicket = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /**
     * Where a message comes from.
     *
     * @param by the bridge, for the audit trail
     * @param certificate that the connection showed
     */
    public record From(String by, InetAddress address, Optional<ClientCertificate> certificate) {}

    /**
     * A message whose caller waits.
     *
     * @param taken whether it is known already from where it came
     * @param over what to do when nobody waits any more
     */
    private record Relay(From from, boolean taken, Optional<Runnable> over) {}

    /** The answer to such a message, as it was written: a bridge passes it on without reading it. */
    public record Relayed(Bytes body) {}

    /** Tells of a message; its ticket, which counts once. */
    public String add(From from) {
        byte[] secret = new byte[TICKET_BYTES];
        random.nextBytes(secret);
        String ticket = HexFormat.of().formatHex(secret);
        byTicket.put(ticket, new Relay(from, false, Optional.empty()));
        return ticket;
    }

    /** Takes back a ticket, whether it was used or not: the bridge has the answer, or waits for it no more. */
    public void remove(String ticket) {
        Optional.ofNullable(byTicket.remove(ticket)).flatMap(Relay::over).ifPresent(Runnable::run);
    }

    /** Runs this when the bridge takes back the ticket, on its thread; at once if it has. */
    public void whenOver(String ticket, Runnable over) {
        Relay relay = byTicket.get(ticket);
        if (relay == null || !byTicket.replace(ticket, relay, new Relay(relay.from(), true, Optional.of(over)))) {
            over.run();
        }
    }

    /** Where the message with this ticket comes from; empty if none of this process relayed it. */
    public Optional<From> take(String ticket) {
        Relay relay = ticket == null ? null : byTicket.get(ticket);
        boolean first = relay != null
                && !relay.taken()
                && byTicket.replace(ticket, relay, new Relay(relay.from(), true, Optional.empty()));
        return first ? Optional.of(relay.from()) : Optional.empty();
    }
}
