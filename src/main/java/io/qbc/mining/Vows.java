package io.qbc.mining;

import static io.qbc.bus.Catalogue.FIND_PROMISE;
import static io.qbc.bus.Catalogue.KEEP_PROMISE;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.FindPromise;
import io.qbc.bus.Catalogue.KeepPromise;
import io.qbc.bus.Failure;
import io.qbc.consensus.Engine;
import io.qbc.consensus.Promise;
import io.qbc.ledger.Tip;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What this node's key has bound itself to in one chain. A store that knows of no promise may be a new one in the
 * place of one that was lost; so the node first listens for a while to what is in the chain, and takes that as
 * promised.
 */
final class Vows {
    private final Bus bus;
    private final Hash chain;
    private final Engine engine;
    private final InstantSource clock;
    private final long listening;
    private final long opened;
    private long silentSince;

    /** @param listening how long it listens before its first promise */
    Vows(Bus bus, Hash chain, Engine engine, InstantSource clock, Duration listening) {
        this.bus = bus;
        this.chain = chain;
        this.engine = engine;
        this.clock = clock;
        this.listening = listening.toMillis();
        this.opened = clock.millis();
        this.silentSince = opened;
    }

    /** Follows the head: as long as old quants come in, the chain is still being fetched. */
    void headMoved(Head head) {
        if (head.header().timestamp() < opened) {
            silentSince = clock.millis();
        }
    }

    /** Until when it listens, as far as that can be said now; milliseconds since 1970. */
    long quietUntil() {
        return silentSince + listening;
    }

    /** The promise as it stands; nothing while the node still listens. */
    Future<Optional<Promise>> current(Tip tip) {
        return bus.ask(FIND_PROMISE, new FindPromise(chain)).compose(stored -> {
            if (!stored.equals(Promise.NONE)) {
                return Future.succeededFuture(Optional.of(stored));
            }
            long now = clock.millis();
            if (now < quietUntil()) {
                return Future.succeededFuture(Optional.empty());
            }
            Promise first = engine.forgotten(tip.parent(), now);
            return keep(stored, first).map(kept -> kept ? Optional.of(first) : Optional.empty());
        });
    }

    /** Stores a promise before what it is for is signed; false if another came between. */
    Future<Boolean> keep(Promise before, Promise after) {
        if (before.equals(after)) {
            return Future.succeededFuture(true);
        }
        return bus.ask(KEEP_PROMISE, new KeepPromise(chain, before, after))
                .map(true)
                .recover(e ->
                        Failure.of(e).reason() == Reason.BUSY ? Future.succeededFuture(false) : Future.failedFuture(e));
    }
}
