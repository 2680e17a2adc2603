package io.qbc.ledger.leap;

import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Tip;
import io.qbc.model.Refusal;
import java.util.List;
import java.util.Optional;

/** The votes that this node's key owes on each new head; what one promises is stored before it is cast. */
final class Votes {
    /** A vote on an older head would come while the chain is still being fetched. */
    private static final long STALE_MILLIS = 60_000;

    private final LeapSetup setup;
    private final SlashingProtection protection;
    private boolean due;
    private Optional<Duty> promised = Optional.empty();

    Votes(LeapSetup setup, SlashingProtection protection) {
        this.setup = setup;
        this.protection = protection;
    }

    void headMoved() {
        due = setup.signs();
    }

    /** Whether it is still to be looked whether a vote is owed on the present head. */
    boolean due() {
        return due;
    }

    void drop() {
        due = false;
    }

    /** Has the vote that is owed on this head promised, and then cast. */
    void look(Tip head, long now, List<LeapEffect> effects) {
        boolean stale = head.head().header().timestamp() < now - STALE_MILLIS;
        if (stale || !setup.binds(head)) {
            due = false;
            return;
        }
        SlashingProtection.Standing standing = protection.standing(head, now, effects);
        due = standing instanceof SlashingProtection.Standing.Open;
        if (standing instanceof SlashingProtection.Standing.Known known) {
            setup.engine()
                    .duty(head.parent(), setup.key(), known.bound())
                    .ifPresent(duty -> promise(duty, known.signingRecord(), effects));
        }
    }

    private void promise(Duty duty, SigningRecord before, List<LeapEffect> effects) {
        if (duty.signingRecord().equals(before)) {
            effects.add(new LeapEffect.Vote(duty));
        } else {
            promised = Optional.of(duty);
            protection.keep(before, duty.signingRecord(), effects);
        }
    }

    /** Whether what is being stored is a vote's promise. */
    boolean promising() {
        return promised.isPresent();
    }

    void kept(boolean kept, List<LeapEffect> effects) {
        promised.filter(duty -> kept).ifPresent(duty -> effects.add(new LeapEffect.Vote(duty)));
        promised = Optional.empty();
    }

    /** Gives up what is due or being promised. */
    void failed(Refusal refusal, List<LeapEffect> effects) {
        if (due || promising()) {
            due = false;
            promised = Optional.empty();
            effects.add(new LeapEffect.NotVoted(refusal));
        }
    }
}
