package io.qbc.eventbus;

import io.qbc.access.Caller;
import io.qbc.api.Answer;
import io.qbc.api.access.Access;
import io.qbc.api.access.Excess;
import io.qbc.api.limits.CallerShares.Kind;
import io.qbc.api.limits.SharedLimits;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The subscriptions to the events of chains over the event bus: each has an address that nobody else knows, and ends
 * unless its caller asks again in time, so that none outlives its caller's credential by long.
 */
final class EventBusSubscriptions {
    static final long LEASE_MILLIS = 60_000;
    private static final int SECRET_BYTES = 32;

    private final Vertx vertx;
    private final Access access;
    private final SharedLimits limits;
    private final String renewal;
    private final DeliveryOptions delivery;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Subscription> byAddress = new HashMap<>();

    /** @param timer ends it */
    private record Subscription(Hash chain, Caller caller, long timer) {}

    /**
     * Without any subscription yet.
     *
     * @param limits of streams, of which each is one
     * @param renewal the address at which a subscription is renewed
     * @param delivery how far events go
     */
    EventBusSubscriptions(Vertx vertx, Access access, SharedLimits limits, String renewal, DeliveryOptions delivery) {
        this.renewal = renewal;
        this.delivery = delivery;
        this.vertx = vertx;
        this.access = access;
        this.limits = limits;
    }

    /** Begins one, or lets the one at an address go on. */
    Answer subscribe(Hash chain, Caller caller, Optional<String> address) {
        String at = address.map(known -> renewed(chain, caller, known)).orElseGet(() -> begun(caller.id()));
        long timer = vertx.setTimer(LEASE_MILLIS, over -> end(at));
        byAddress.put(at, new Subscription(chain, caller, timer));
        return Answer.object(
                200,
                out -> out.text("address", at)
                        .number("seconds", LEASE_MILLIS / 1000)
                        .text("renewal", renewal));
    }

    /** Sends an event to all that follow the chain and still may. */
    void tell(Hash chain, JsonObject event) {
        List.copyOf(byAddress.entrySet()).forEach(entry -> {
            Subscription subscription = entry.getValue();
            if (!subscription.chain().equals(chain)) {
                return;
            }
            if (access.isProvedStill(subscription.caller())) {
                vertx.eventBus().publish(entry.getKey(), event, delivery);
            } else {
                end(entry.getKey());
            }
        });
    }

    /** Ends those of a chain that is gone. */
    void closed(Hash chain) {
        List.copyOf(byAddress.entrySet()).stream()
                .filter(entry -> entry.getValue().chain().equals(chain))
                .forEach(entry -> end(entry.getKey()));
    }

    private String begun(String credential) {
        if (!limits.streams().take()) {
            throw new Failure(Reason.BUSY, "too many streams are open");
        }
        if (!credential.isEmpty() && !limits.callers().take(Kind.STREAMS, credential)) {
            limits.streams().release();
            Excess excess = Excess.held("streams", limits.callers().most(Kind.STREAMS));
            limits.exceeded(excess.of());
            throw new Failure(excess.refusal());
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return PublicAddresses.EVENTS + "." + HexFormat.of().formatHex(secret);
    }

    private String renewed(Hash chain, Caller caller, String address) {
        Subscription before = byAddress.get(address);
        boolean own = before != null
                && before.chain().equals(chain)
                && before.caller().id().equals(caller.id());
        if (!own) {
            throw new Failure(Reason.REQUEST_INVALID, "there is no such subscription any more; begin another one");
        }
        vertx.cancelTimer(before.timer());
        return address;
    }

    private void end(String address) {
        Subscription gone = byAddress.remove(address);
        if (gone != null) {
            vertx.cancelTimer(gone.timer());
            limits.streams().release();
            if (!gone.caller().id().isEmpty()) {
                limits.callers().release(Kind.STREAMS, gone.caller().id());
            }
        }
    }
}
