package io.qbc.ledger.leap;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.Head;
import io.qbc.model.Header;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What this node's key has bound itself to in one chain; one thing at a time is asked or stored. A store may be a new
 * one in the place of one that was lost, or an older copy that was brought back. So after each start the node first
 * listens for a while to what is in the chain, until it has all that a peer has of it. If that was more than the store
 * had, or the store knows of no promise, it takes what the chain shows as promised.
 */
final class SlashingProtection {
    /** When to look again whether a peer has told of the chain. */
    private static final long AGAIN_MILLIS = 500;

    private final Engine engine;
    private final Bytes key;
    private final Listening listening;
    private final long openedAt;
    private long silentSince;
    private boolean informed;
    /** Nobody could be asked who has the chain, and without that nothing is promised. */
    private boolean unheard;
    /** Until when nobody is asked again, after nobody had the chain. */
    private long unheardUntil;
    /** The slot in which it turned out that nobody has the chain; a seal is for a later one. */
    private OptionalLong unheardSlot = OptionalLong.empty();
    /** The chain had quants of before this node began to listen that its store did not have. */
    private boolean behind;
    /** The last slot of a seal by this key that came in. */
    private long sealedSlot = SigningRecord.NONE.slot();

    private boolean busy;
    /** Whether the record covers all that the key may have signed before this life of the node. */
    private boolean settled;
    /** As it is stored; unknown before it was read, and after a failure to change it. */
    private Optional<SigningRecord> stored = Optional.empty();

    private Optional<SigningRecord> keeping = Optional.empty();

    /**
     * A key that has listened to nothing yet.
     *
     * @param now when the chain was opened, milliseconds since 1970
     */
    SlashingProtection(Engine engine, Bytes key, Listening listening, long now) {
        this.engine = engine;
        this.key = key;
        this.listening = listening;
        this.openedAt = now;
        this.silentSince = now;
        this.unheardUntil = now;
    }

    /** What may be promised on. */
    sealed interface Standing {
        /**
         * The record is known.
         *
         * @param signingRecord as it is stored
         * @param bound what is to be made as if it were the record: the same, or one that allows no votes
         */
        record Known(SigningRecord signingRecord, SigningRecord bound) implements Standing {
            Known(SigningRecord signingRecord) {
                this(signingRecord, signingRecord);
            }
        }

        /** Nothing is promised before that time, as far as that can be said now. */
        record Quiet(long until) implements Standing {}

        /** An answer is on its way that decides. */
        record Open() implements Standing {}
    }

    /** How it stands on a tip; has asked what is not known. */
    Standing standing(Tip tip, long now, List<LeapEffect> effects) {
        if (busy) {
            return new Standing.Open();
        }
        if (stored.isEmpty()) {
            return ask(new LeapEffect.ReadSigningRecord(), effects);
        }
        SigningRecord before = stored.get();
        if (settled) {
            return new Standing.Known(before);
        }
        long quietUntil = silentSince + listening.millis();
        if (now < quietUntil) {
            return new Standing.Quiet(quietUntil);
        }
        if (!informed && (now >= unheardUntil || unheardUntil - now > AGAIN_MILLIS)) {
            return ask(new LeapEffect.AskPeers(), effects);
        }
        SigningRecord shown = engine.forgotten(tip.parent(), now);
        return informed ? settle(before, shown, effects) : unheard(before, shown, effects);
    }

    /** The present head is no older than anything that a live peer has. */
    private Standing settle(SigningRecord before, SigningRecord shown, List<LeapEffect> effects) {
        boolean old = behind || before.equals(SigningRecord.NONE) || sealedSlot > before.slot();
        SigningRecord after = old ? before.covering(shown) : before;
        if (after.equals(before)) {
            settled = true;
            return new Standing.Known(before);
        }
        keep(before, after, effects);
        return new Standing.Open();
    }

    /**
     * Nobody can say how old the record is. A seal in a slot that begins only now contradicts none; what a vote may
     * contradict is not known, so that none is cast.
     */
    private Standing unheard(SigningRecord before, SigningRecord shown, List<LeapEffect> effects) {
        long slot = unheardSlot.orElse(shown.slot());
        unheardSlot = OptionalLong.of(slot);
        if (before.slot() < slot) {
            keep(before, new SigningRecord(slot, before.source(), before.target()), effects);
            return new Standing.Open();
        }
        return new Standing.Known(before, new SigningRecord(before.slot(), Long.MAX_VALUE, Long.MAX_VALUE));
    }

    private Standing ask(LeapEffect effect, List<LeapEffect> effects) {
        busy = true;
        effects.add(effect);
        return new Standing.Open();
    }

    /** Whether nothing is promised because no live peer has shown the chain. */
    boolean unheard() {
        return unheard;
    }

    /** Whether an answer is on its way. */
    boolean busy() {
        return busy;
    }

    /** Whether this is the record as it is stored. */
    boolean is(SigningRecord signingRecord) {
        return stored.filter(signingRecord::equals).isPresent();
    }

    /** Has a record stored, before anything is signed that needs it. */
    void keep(SigningRecord before, SigningRecord after, List<LeapEffect> effects) {
        keeping = Optional.of(after);
        ask(new LeapEffect.KeepSigningRecord(before, after), effects);
    }

    void read(SigningRecord signingRecord) {
        busy = false;
        stored = Optional.of(signingRecord);
    }

    void kept(boolean kept) {
        busy = false;
        stored = keeping.filter(record -> kept);
        keeping = Optional.empty();
    }

    /** Forgets what it is not sure of any more. */
    void failed() {
        kept(false);
    }

    /** Whether nobody has more of the chain than is here, so that the head as it is now may be taken as promised. */
    boolean heard(Optional<Boolean> ahead, long now) {
        busy = false;
        informed = ahead.map(more -> !more).orElse(listening.alone());
        boolean recorded =
                stored.filter(record -> !record.equals(SigningRecord.NONE)).isPresent();
        unheard = !informed && !recorded && ahead.isEmpty();
        if (!informed && recorded && ahead.isEmpty()) {
            unheardUntil = now + AGAIN_MILLIS;
        } else if (!informed) {
            silentSince = now + AGAIN_MILLIS - listening.millis();
        }
        return informed;
    }

    /**
     * Follows the head: as long as old quants come in, the chain is still being fetched.
     *
     * @param undone how many quants left the chain
     */
    void headMoved(Head head, int undone, long now) {
        if (settled) {
            return;
        }
        Header header = head.header();
        if (header.producer().equals(key)) {
            sealedSlot = Math.max(sealedSlot, engine.slot(header));
        }
        behind |= undone > 0;
        if (header.timestamp() < openedAt) {
            behind = true;
            silentSince = now;
            informed = false;
        }
    }
}
