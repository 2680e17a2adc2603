package io.qbc.ledger.leap;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Tip;
import io.qbc.model.Head;
import java.util.List;
import java.util.Optional;

/**
 * What this node's key has bound itself to in one chain; one thing at a time is asked or stored. A store that knows of
 * no promise may be a new one in the place of one that was lost; so the node first listens for a while to what is in
 * the chain, until it has all that a peer has of it, and takes that as promised.
 */
final class SlashingProtection {
    /** When to look again whether a peer has told of the chain. */
    private static final long AGAIN_MILLIS = 500;

    private final Engine engine;
    private final Listening listening;
    private final long openedAt;
    private long silentSince;
    private boolean informed;
    private boolean busy;
    /** As it is stored; unknown before it was read, and after a failure to change it. */
    private Optional<SigningRecord> stored = Optional.empty();

    private Optional<SigningRecord> keeping = Optional.empty();

    /** @param now when the chain was opened, milliseconds since 1970 */
    SlashingProtection(Engine engine, Listening listening, long now) {
        this.engine = engine;
        this.listening = listening;
        this.openedAt = now;
        this.silentSince = now;
    }

    /** What may be promised on. */
    sealed interface Standing {
        /** The record is known. */
        record Known(SigningRecord signingRecord) implements Standing {}

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
        if (!stored.get().equals(SigningRecord.NONE)) {
            return new Standing.Known(stored.get());
        }
        long quietUntil = silentSince + listening.millis();
        if (now < quietUntil) {
            return new Standing.Quiet(quietUntil);
        }
        if (!informed) {
            return ask(new LeapEffect.AskPeers(), effects);
        }
        SigningRecord first = engine.forgotten(tip.parent(), now);
        if (first.equals(SigningRecord.NONE)) {
            return new Standing.Known(first);
        }
        keep(SigningRecord.NONE, first, effects);
        return new Standing.Open();
    }

    private Standing ask(LeapEffect effect, List<LeapEffect> effects) {
        busy = true;
        effects.add(effect);
        return new Standing.Open();
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
        if (!informed) {
            silentSince = now + AGAIN_MILLIS - listening.millis();
        }
        return informed;
    }

    /** Follows the head: as long as old quants come in, the chain is still being fetched. */
    void headMoved(Head head, long now) {
        if (head.header().timestamp() < openedAt) {
            silentSince = now;
            informed = false;
        }
    }
}
