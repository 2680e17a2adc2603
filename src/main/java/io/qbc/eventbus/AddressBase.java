package io.qbc.eventbus;

import io.vertx.core.Context;
import java.util.Optional;

/** The base of a node's public addresses: the usual one, or another where several nodes share a Vertx. */
public final class AddressBase {
    public static final String USUAL = "qbc.v1";

    /** The member of a verticle's configuration that has it. */
    public static final String SETTING = "qbc.bus.base";

    private AddressBase() {}

    /** A public address as the node has it whose verticle runs in this context. */
    static String at(Context context, String address) {
        String base = Optional.ofNullable(context.config())
                .map(config -> config.getString(SETTING))
                .orElse(USUAL);
        return base + address.substring(USUAL.length());
    }
}
