package io.qbc.eventbus;

import io.qbc.model.Bytes;
import io.vertx.core.Context;
import java.util.Optional;

/** The base of a node's public addresses: the usual one, or another where several nodes share a Vertx. */
public final class AddressBase {
    public static final String USUAL = "qbc.v1";

    /** The member of a verticle's configuration that has it. */
    public static final String SETTING = "qbc.bus.base";

    private AddressBase() {}

    /** The same for one chain, answered by nodes that keep it. */
    static String ofChain(Context context, String chain, String address) {
        return base(context) + "." + chain + address.substring(USUAL.length());
    }

    /** The same for one node, by its public key. */
    static String ofNode(Context context, Bytes node, String address) {
        return base(context) + "@" + node.hex() + address.substring(USUAL.length());
    }

    /** A public address as the node has it whose verticle runs in this context. */
    public static String at(Context context, String address) {
        return base(context) + address.substring(USUAL.length());
    }

    private static String base(Context context) {
        return Optional.ofNullable(context.config())
                .map(config -> config.getString(SETTING))
                .orElse(USUAL);
    }
}
