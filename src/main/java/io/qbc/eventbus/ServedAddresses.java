package io.qbc.eventbus;

import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Failure;
import io.qbc.model.AuditChain;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses at which this node answers. In a cluster each verb has one that all nodes share, one of the node, and
 * one of each chain that the node keeps; without one, the first alone, and nobody outside of this process hears of it.
 */
final class ServedAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(ServedAddresses.class);
    private static final String CHAIN = "chain";

    /** What is asked of one chain, and of no node in particular. */
    private static final Set<String> OF_CHAINS = Set.of(
            PublicAddresses.TRANSACTIONS_INJECT,
            PublicAddresses.TRANSACTIONS_FIND,
            PublicAddresses.TRANSACTIONS_LIST,
            PublicAddresses.OPERATIONS_OPERATE,
            PublicAddresses.LEAPS_LEAP,
            PublicAddresses.CHAINS_FIND,
            PublicAddresses.CHAINS_FORK,
            PublicAddresses.CHAINS_DIFF,
            PublicAddresses.CHAINS_CONSENSUS,
            PublicAddresses.CHAINS_ANALYTICS,
            PublicAddresses.QUANTS_LIST,
            PublicAddresses.QUANTS_FIND,
            PublicAddresses.EVENTS_SUBSCRIBE);

    private final Vertx vertx;
    private final Context context;
    private final boolean everywhere;
    private final Bytes node;
    private final Map<String, BiConsumer<Message<Object>, Optional<String>>> answerers = new HashMap<>();
    private final Map<Hash, List<MessageConsumer<Object>>> ofChains = new HashMap<>();

    /**
     * Without any address yet.
     *
     * @param everywhere whether other members of the cluster may reach this node
     * @param node its public key
     */
    ServedAddresses(Vertx vertx, Context context, boolean everywhere, Bytes node) {
        this.vertx = vertx;
        this.context = context;
        this.everywhere = everywhere;
        this.node = node;
    }

    /** Whether each chain has an address of this verb. */
    static boolean isOfChains(String address) {
        return OF_CHAINS.contains(address);
    }

    /** The address of a verb that is this node's and no other's. */
    String own(String address) {
        return everywhere ? AddressBase.ofNode(context, node, address) : AddressBase.at(context, address);
    }

    /** Answers at the addresses of a verb; the answerer is told of which chain the address is, if of one. */
    Future<Void> serve(String address, BiConsumer<Message<Object>, Optional<String>> answerer) {
        answerers.put(address, answerer);
        Future<Void> shared = listen(AddressBase.at(context, address), answerer, Optional.empty())
                .completion();
        if (!everywhere) {
            return shared;
        }
        Future<Void> own = listen(own(address), answerer, Optional.empty()).completion();
        return Future.all(shared, own).mapEmpty();
    }

    /** Answers at the addresses of these chains, and from now on of those that are opened. */
    Future<Void> begin(List<Chain> chains) {
        Future<Void> before = Future.succeededFuture();
        for (Chain chain : chains) {
            before = before.compose(done -> add(chain));
        }
        return before;
    }

    void opened(Chain chain) {
        add(chain)
                .onFailure(cause ->
                        LOG.warn("the addresses of chain {} are not known to all: {}", chain.name(), cause.toString()));
    }

    void closed(Hash chain) {
        Optional.ofNullable(ofChains.remove(chain)).ifPresent(all -> all.forEach(MessageConsumer::unregister));
    }

    /** Each node has an audit trail of its own, so that is asked for at the node. */
    private Future<Void> add(Chain chain) {
        if (!everywhere || AuditChain.is(chain.spec()) || ofChains.containsKey(chain.id())) {
            return Future.succeededFuture();
        }
        List<MessageConsumer<Object>> consumers = new ArrayList<>();
        answerers.forEach((address, answerer) -> {
            if (OF_CHAINS.contains(address)) {
                consumers.add(listen(
                        AddressBase.ofChain(context, chain.name(), address), answerer, Optional.of(chain.name())));
            }
        });
        // Who knows a chain by its id finds it too.
        consumers.add(listen(
                AddressBase.ofChain(context, chain.id().hex(), PublicAddresses.CHAINS_FIND),
                answerers.get(PublicAddresses.CHAINS_FIND),
                Optional.of(chain.name())));
        ofChains.put(chain.id(), consumers);
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .mapEmpty();
    }

    private MessageConsumer<Object> listen(
            String address, BiConsumer<Message<Object>, Optional<String>> answerer, Optional<String> chain) {
        EventBus bus = vertx.eventBus();
        MessageConsumer<Object> consumer = everywhere ? bus.consumer(address) : bus.localConsumer(address);
        consumer.handler(message -> answerer.accept(message, chain));
        return consumer;
    }

    /** A message at the address of a chain, which it need not name; it may name a height of it. */
    static JsonObject about(String chain, JsonObject ask) {
        Object named = ask.getValue(CHAIN);
        if (named == null) {
            return ask.put(CHAIN, chain);
        }
        if (named.equals(chain) || (named instanceof String text && text.startsWith(chain + "@"))) {
            return ask;
        }
        throw new Failure(
                Reason.REQUEST_INVALID, "this address is of the chain " + chain + ", and the message names another");
    }
}
