package io.qbc.mining;

import static io.qbc.bus.Catalogue.FIND_FOLLOWING;
import static io.qbc.bus.Catalogue.FIND_SIGNING_RECORD;
import static io.qbc.bus.Catalogue.KEEP_SIGNING_RECORD;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.FindFollowing;
import io.qbc.bus.Catalogue.FindSigningRecord;
import io.qbc.bus.Catalogue.Following;
import io.qbc.bus.Catalogue.KeepSigningRecord;
import io.qbc.bus.Failure;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Tip;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What this node's key has bound itself to in one chain. A store that knows of no promise may be a new one in the
 * place of one that was lost; so the node first listens for a while to what is in the chain, until it has all that a
 * peer has of it, and takes that as promised.
 */
final class SlashingProtection {
    /** When to look again whether a peer has told of the chain. */
    private static final long AGAIN = 500;

    private final Bus bus;
    private final Hash chain;
    private final Engine engine;
    private final InstantSource clock;
    private final long listening;
    private final boolean alone;
    private final long opened;
    private long silentSince;
    private boolean informed;

    /**
     * The promises of a chain.
     *
     * @param listening how long it listens before its first promise
     * @param alone whether it is right before the first promise that no peer has the chain
     */
    SlashingProtection(Bus bus, Hash chain, Engine engine, InstantSource clock, Duration listening, boolean alone) {
        this.bus = bus;
        this.chain = chain;
        this.engine = engine;
        this.clock = clock;
        this.listening = listening.toMillis();
        this.alone = alone;
        this.opened = clock.millis();
        this.silentSince = opened;
    }

    /** Follows the head: as long as old quants come in, the chain is still being fetched. */
    void headMoved(Head head) {
        if (head.header().timestamp() < opened) {
            silentSince = clock.millis();
            informed = false;
        }
    }

    /** Until when it listens, as far as that can be said now; milliseconds since 1970. */
    long quietUntil() {
        return silentSince + listening;
    }

    /** The promise as it stands; nothing while the node still listens. */
    Future<Optional<SigningRecord>> current(Tip tip) {
        return bus.ask(FIND_SIGNING_RECORD, new FindSigningRecord(chain)).compose(stored -> {
            if (!stored.equals(SigningRecord.NONE)) {
                return Future.succeededFuture(Optional.of(stored));
            }
            if (clock.millis() < quietUntil()) {
                return Future.succeededFuture(Optional.empty());
            }
            // A tip that was read before the peers were heard may be behind them.
            return informed ? first(stored, tip) : listen();
        });
    }

    private Future<Optional<SigningRecord>> first(SigningRecord stored, Tip tip) {
        SigningRecord first = engine.forgotten(tip.parent(), clock.millis());
        return keep(stored, first).map(kept -> kept ? Optional.of(first) : Optional.empty());
    }

    /** Asks what the peers have; while the stage that knows them does not answer, that is nothing. */
    private Future<Optional<SigningRecord>> listen() {
        return bus.ask(FIND_FOLLOWING, new FindFollowing())
                .otherwise(new Following(List.of(), List.of()))
                .map(this::level)
                .map(level -> {
                    informed = level;
                    silentSince = level ? silentSince : clock.millis() + AGAIN - listening;
                    return Optional.empty();
                });
    }

    /** Whether a live peer has the chain, if one must, and none has more of it than is here. */
    private boolean level(Following following) {
        return following.known().stream()
                .filter(known -> known.id().equals(chain))
                .findFirst()
                .map(known -> !known.ahead())
                .orElse(alone);
    }

    /** Stores a promise before what it is for is signed; false if another came between. */
    Future<Boolean> keep(SigningRecord before, SigningRecord after) {
        if (before.equals(after)) {
            return Future.succeededFuture(true);
        }
        return bus.ask(KEEP_SIGNING_RECORD, new KeepSigningRecord(chain, before, after))
                .map(true)
                .recover(e ->
                        Failure.of(e).reason() == Reason.BUSY ? Future.succeededFuture(false) : Future.failedFuture(e));
    }
}
