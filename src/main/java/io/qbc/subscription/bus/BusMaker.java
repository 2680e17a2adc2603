package io.qbc.subscription.bus;

import io.qbc.subscription.Delivery;
import io.qbc.subscription.Subscription;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes deliveries over the event bus. */
public final class BusMaker implements Delivery.Maker {
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:-]{0,254}");
    private static final Pattern SEPARATOR = Pattern.compile("[._/:-]");
    /** With what the addresses begin that nodes themselves serve: nobody shall have this node speak there. */
    private static final Set<String> RESERVED = Set.of(
            "qbc",
            "mining",
            "persistence",
            "gossip",
            "http",
            "eventbus",
            "api",
            "access",
            "audit",
            "tls",
            "subscription",
            "projection",
            "node",
            "vertx");

    private final Vertx vertx;

    public BusMaker(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Optional<String> problem(Subscription subscription) {
        String address = subscription.deliver().address().orElse("");
        if (!ADDRESS.matcher(address).matches()) {
            return Optional.of("an address of the event bus has up to 255 letters, digits and . _ / : -");
        }
        String first = SEPARATOR.split(address, 2)[0];
        return RESERVED.contains(first)
                ? Optional.of("addresses that begin with " + first + " are a node's own; take another one")
                : Optional.empty();
    }

    @Override
    public Delivery make(Subscription subscription) {
        return new BusDelivery(
                vertx.eventBus(), subscription.deliver().address().orElseThrow());
    }
}
