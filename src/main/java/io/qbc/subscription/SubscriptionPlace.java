package io.qbc.subscription;

import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.follow.Reading;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.qbc.subscription.SubscriptionState.Replay;
import io.qbc.subscription.SubscriptionState.Revert;
import io.qbc.subscription.SubscriptionState.Standing;
import java.util.Optional;

/** Where one subscription stands in its chain, and what reading on and acknowledgements make of that. */
final class SubscriptionPlace {
    private Subscription subscription;
    private SubscriptionState state;

    SubscriptionPlace(Subscription subscription, SubscriptionState state) {
        this.subscription = subscription;
        this.state = state;
    }

    /** Takes what is read on, leaf by leaf. */
    interface Walk {
        /** An event that the filter lets through, and the position behind it. */
        void event(Leaf leaf, Position after);

        /** Everything before it needs no acknowledgement of its own. */
        void pass(Position to);
    }

    Subscription subscription() {
        return subscription;
    }

    void subscription(Subscription to) {
        subscription = to;
    }

    SubscriptionState state() {
        return state;
    }

    StateBuilder with() {
        return new StateBuilder(state);
    }

    void set(StateBuilder to) {
        state = to.made();
    }

    boolean isActive() {
        return state.standing() == Standing.ACTIVE;
    }

    /** All before it is acknowledged, of a replay if one is under way. */
    Position at() {
        return state.replay().map(Replay::next).orElse(state.offset());
    }

    /** Whether a replay has been read to its end. */
    boolean isReplayed(Position ahead) {
        return state.replay().filter(under -> ahead.leaf() >= under.end()).isPresent();
    }

    /** The first leaf index that is not read now. */
    long end() {
        return state.replay().map(Replay::end).orElse(Long.MAX_VALUE);
    }

    void move(Position to) {
        set(
                state.replay().isPresent()
                        ? with().replay(state.replay().map(under -> new Replay(to, under.end())))
                        : with().offset(to));
    }

    /** Goes on from the offset once a replay is through, of which nothing is on its way. */
    boolean endReplay() {
        boolean through = state.replay()
                .filter(under -> under.next().leaf() >= under.end())
                .isPresent();
        if (through) {
            set(with().replay(Optional.empty()).generation(state.generation() + 1));
        }
        return through;
    }

    /** How to read on; what was given out must be on the chain still. */
    Next.Read read(String holder, Position from, int countMax) {
        Optional<Position> check = state.offered().filter(offered -> offered.leaf() > from.leaf());
        return new Next.Read(holder, from, check, countMax, state.generation());
    }

    /** Walks over what was read, up to a leaf index that is read later; answers where it came to. */
    Position walk(Position from, Reading.Leaves leaves, long end, Walk walk) {
        Position next = from;
        for (Leaf leaf : leaves.leaves()) {
            if (leaf.index() >= end) {
                return next;
            }
            next = new Position(leaf.index() + 1, leaf.height(), leaf.quant());
            if (subscription.filter().matches(leaf)) {
                walk.event(leaf, next);
            } else {
                walk.pass(next);
            }
        }
        if (next.leaf() < end) {
            next = leaves.next();
            walk.pass(next);
        }
        return next;
    }

    /** Notes up to where events were given out that may revert. */
    void offered(Position ahead) {
        if (state.offered().filter(given -> given.leaf() >= ahead.leaf()).isEmpty()) {
            set(with().offered(Optional.of(ahead)));
        }
    }

    /** What was read for is no longer on the chain: goes back to where it is, and tells so before anything else. */
    void revert(Next.Read asked, Position ancestor) {
        Position given = asked.check().orElse(asked.from());
        boolean undone = ancestor.leaf() < given.leaf();
        Optional<Replay> replay = state.replay()
                .map(under -> new Replay(lower(under.next(), ancestor), Math.max(under.end(), ancestor.leaf())));
        Optional<Revert> revert = undone ? Optional.of(new Revert(ancestor, state.generation())) : Optional.empty();
        set(with().offset(lower(state.offset(), ancestor))
                .replay(replay)
                .offered(state.offered().map(offered -> lower(offered, ancestor)))
                .revert(revert)
                .generation(state.generation() + 1)
                .triedEnd(0)
                .beyond(state.beyond().below(ancestor.leaf())));
    }

    /** Of two positions the one before; at the same leaf the one that is known to be on the chain. */
    private static Position lower(Position at, Position ancestor) {
        return at.leaf() < ancestor.leaf() && at.height() <= ancestor.height() ? at : ancestor;
    }

    /** What tells of undone transactions. */
    SubscribedEvent reverted() {
        Revert revert = state.revert().orElseThrow();
        Position ancestor = revert.ancestor();
        return new SubscribedEvent(
                "reverted-" + revert.number(),
                true,
                ancestor.leaf(),
                ancestor.leaf(),
                ancestor.height(),
                ancestor.quant(),
                0,
                ancestor.leaf(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    SubscribedEvent event(Leaf leaf) {
        String id = subscription.extent().head()
                ? leaf.index() + "-" + leaf.quant().hex().substring(0, 16)
                : Long.toString(leaf.index());
        return new SubscribedEvent(
                id,
                false,
                leaf.index(),
                leaf.index() + 1,
                leaf.height(),
                leaf.quant(),
                leaf.quantTime(),
                leaf.treeSize(),
                Optional.of(leaf.id()),
                Optional.of(leaf.body()),
                subscription.data() ? leaf.payload() : Optional.empty());
    }

    /** Stops it until somebody resumes it. */
    void disable(String reason) {
        set(with().standing(Standing.DISABLED).nextAttempt(0).lastError(Optional.of(reason)));
    }
}
