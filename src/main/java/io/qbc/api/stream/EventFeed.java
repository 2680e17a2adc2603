package io.qbc.api.stream;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.FoundQuant;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.bus.Catalogue.Supersession;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A feed of one chain's events from a place on, quant by quant: every quant that came is told, and every one that left
 * is told as undone before what took its place. The store is asked at each step; an event is only a hint to look again.
 * Besides it tells, once, of transactions that are superseded and of subscriptions that stop by themselves: whoever was
 * away reads them.
 */
public final class EventFeed {
    /** What is not told yet; a feed that is so far behind leaves out the oldest. */
    private static final int NOTICES_MAX = 1000;

    private final Bus bus;
    private final Hash chain;
    private final Listener listener;
    /** What is told besides the quants, once those are told. */
    private final Deque<Supplier<Future<Void>>> notices = new ArrayDeque<>();

    private Place place;
    private boolean looking;
    private boolean again;
    private boolean closed;

    /** Up to where a follower knows the chain; height -1 before the genesis quant. */
    public record Place(long height, Hash hash) {
        public static final Place BEGINNING = new Place(-1, Hash.ZERO);
        private static final int DIGITS_MAX = 18;

        public static Place of(QuantHead quant) {
            return new Place(quant.header().height(), quant.hash());
        }

        /** The place before a quant. */
        public static Place before(QuantHead quant) {
            return new Place(quant.header().height() - 1, quant.header().previous());
        }

        /** How it stands in an event's id. */
        public String text() {
            return height + "-" + hash.hex();
        }

        /** Reads an event's id; empty if it is none. */
        public static Optional<Place> parse(String text) {
            int dash = text.lastIndexOf('-');
            if (dash <= 0 || dash > DIGITS_MAX || !text.chars().limit(dash).allMatch(c -> c >= '0' && c <= '9')) {
                return text.equals(BEGINNING.text()) ? Optional.of(BEGINNING) : Optional.empty();
            }
            long height = Long.parseLong(text.substring(0, dash));
            return Hash.parse(text.substring(dash + 1)).map(hash -> new Place(height, hash));
        }
    }

    /** Who follows; the next event waits until it has taken the last. */
    public interface Listener {
        Future<Void> came(QuantHead quant);

        Future<Void> undone(QuantHead quant);

        /** Another transaction of the same author and key is in the chain in place of this one. */
        Future<Void> superseded(Supersession supersession);

        /** A subscription to the chain stopped by itself, and goes on when somebody resumes it. */
        Future<Void> disabled(SubscriptionDisabled subscription);

        /** The feed could not go on; it looks again when it is told to. */
        void failed(Throwable cause);
    }

    public EventFeed(Bus bus, Hash chain, Place place, Listener listener) {
        this.bus = bus;
        this.chain = chain;
        this.place = place;
        this.listener = listener;
    }

    public Hash chain() {
        return chain;
    }

    /** Looks whether the chain went on, and then tells what was superseded by it. */
    public void look(List<Supersession> superseded) {
        superseded.forEach(each -> notice(() -> listener.superseded(each)));
        look();
    }

    /** Tells of a subscription that stopped by itself, once the quants before are told. */
    public void disabled(SubscriptionDisabled subscription) {
        notice(() -> listener.disabled(subscription));
        look();
    }

    private void notice(Supplier<Future<Void>> notice) {
        notices.add(notice);
        if (notices.size() > NOTICES_MAX) {
            notices.remove();
        }
    }

    /** Looks whether the chain went on. */
    public void look() {
        if (looking) {
            again = true;
        } else if (!closed) {
            looking = true;
            step();
        }
    }

    public void close() {
        closed = true;
    }

    private void step() {
        again = false;
        next().compose(this::orNotice).onSuccess(this::stepped).onFailure(cause -> {
            looking = false;
            listener.failed(cause);
        });
    }

    /** Once the quants are told, what they superseded, and what else there is. */
    private Future<Boolean> orNotice(boolean moved) {
        return moved || closed || notices.isEmpty()
                ? Future.succeededFuture(moved)
                : notices.remove().get().map(told -> true);
    }

    private void stepped(boolean moved) {
        if (!closed && (moved || again)) {
            step();
        } else {
            looking = false;
        }
    }

    /** Goes one quant on or one back; false when there is nothing to tell. */
    private Future<Boolean> next() {
        return find(new QuantName.ByHeight(place.height() + 1)).compose(after -> {
            boolean follows = after.filter(quant -> quant.header().previous().equals(place.hash()))
                    .isPresent();
            return follows ? forward(after.get()) : standing(after.isPresent());
        });
    }

    private Future<Boolean> forward(QuantHead quant) {
        return listener.came(quant).map(told -> {
            place = Place.of(quant);
            return true;
        });
    }

    /** Nothing follows the place: it is the head, or it is no longer on the chain. */
    private Future<Boolean> standing(boolean longer) {
        if (place.height() < 0) {
            return Future.succeededFuture(longer);
        }
        return find(new QuantName.ByHash(place.hash())).compose(found -> {
            QuantHead quant = found.orElseThrow(
                    () -> new Failure(Reason.QUANT_UNKNOWN, "this node never saw the quant " + place.hash()));
            return quant.onChain() ? Future.succeededFuture(longer) : back(quant);
        });
    }

    private Future<Boolean> back(QuantHead quant) {
        return listener.undone(quant).map(told -> {
            place = Place.before(quant);
            return true;
        });
    }

    private Future<Optional<QuantHead>> find(QuantName name) {
        return bus.ask(Catalogue.FIND_QUANT, new FindQuant(chain, name)).map(FoundQuant::quant);
    }
}
