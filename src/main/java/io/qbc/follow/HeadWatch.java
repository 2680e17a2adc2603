package io.qbc.follow;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes who follows chains when one of them moved: one consumer of the moves and one slow look for all chains, since a
 * move is only a hint. Used on one context.
 */
public final class HeadWatch {
    private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);

    private final Vertx vertx;
    private final Bus bus;
    private final Duration poll;
    private final Consumer<Hash> moved;
    private final Map<Hash, Hash> heads = new HashMap<>();
    private long timer = -1;
    private boolean looking;

    /**
     * One instance.
     *
     * @param poll how often all heads are looked at, for moves of which nobody heard
     * @param moved what to do when a chain moved, came or went
     */
    public HeadWatch(Vertx vertx, Bus bus, Duration poll, Consumer<Hash> moved) {
        this.vertx = vertx;
        this.bus = bus;
        this.poll = poll;
        this.moved = moved;
    }

    /** Begins to watch. */
    public Future<Void> start() {
        timer = vertx.setPeriodic(poll.toMillis(), tick -> look());
        return Future.all(
                        bus.follow(
                                Catalogue.HEAD_MOVED,
                                event -> move(event.chain(), event.head().hash())),
                        bus.follow(
                                Catalogue.CHAIN_OPENED,
                                event -> move(
                                        event.chain().id(), event.chain().head().hash())),
                        bus.follow(Catalogue.CHAIN_CLOSED, event -> gone(event.chain())))
                .mapEmpty();
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    private void move(Hash chain, Hash head) {
        heads.put(chain, head);
        moved.accept(chain);
    }

    private void gone(Hash chain) {
        heads.remove(chain);
        moved.accept(chain);
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        bus.ask(Catalogue.FIND_CHAINS, new FindChains())
                .onSuccess(found -> {
                    Set<Hash> here = new TreeSet<>();
                    for (Chain chain : found.chains()) {
                        here.add(chain.id());
                        if (!chain.head().hash().equals(heads.get(chain.id()))) {
                            move(chain.id(), chain.head().hash());
                        }
                    }
                    Set<Hash> left = new TreeSet<>(heads.keySet());
                    left.removeAll(here);
                    left.forEach(this::gone);
                })
                .onFailure(cause -> LOG.warn("the heads of the chains could not be looked at: {}", cause.toString()))
                .onComplete(done -> looking = false);
    }
}
