package io.qbc.consensus.authority;

import io.qbc.consensus.engine.KeyList;
import io.qbc.consensus.engine.Parent;
import io.qbc.consensus.engine.ProducerSeal;
import io.qbc.consensus.engine.Status;
import io.qbc.consensus.engine.TimeSlots;
import io.qbc.consensus.engine.Turn;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whose turn it is after one quant: the signers that sit, the slots, and who sealed too lately to seal again. */
final class Seats {
    private final Parent parent;
    private final AuthorityState state;
    private final TimeSlots timeSlots;
    private final long delay;
    private final List<Authority> active;

    Seats(Parent parent, AuthorityState state, TimeSlots timeSlots, long delay) {
        this.parent = parent;
        this.state = state;
        this.timeSlots = timeSlots;
        this.delay = delay;
        this.active = state.active();
    }

    AuthorityState state() {
        return state;
    }

    boolean inTurn(Bytes key, long slot) {
        return first(slot).key().equals(key);
    }

    /** Why this key may not make a quant with this timestamp; empty if it may. */
    Optional<Refusal> refusal(Bytes key, long timestamp) {
        Optional<Authority> signer =
                active.stream().filter(each -> each.key().equals(key)).findFirst();
        if (signer.isEmpty()) {
            return Optional.of(ProducerSeal.notListed(key));
        }
        long slot = timeSlots.at(timestamp);
        if (slot <= timeSlots.of(parent.header())) {
            return notDue("the slot " + slot + " has its quant");
        }
        if (resting(signer.get())) {
            return notDue("the producer made one of the last " + active.size() / 2 + " quants");
        }
        if (!inTurn(key, slot) && timestamp < timeSlots.start(slot) + delay) {
            return notDue("the slot " + slot + " is another's until " + (timeSlots.start(slot) + delay));
        }
        return Optional.empty();
    }

    private static Optional<Refusal> notDue(String detail) {
        return Optional.of(Reason.NOT_DUE.refusal(detail));
    }

    Turn turn(Bytes self, long now) {
        Optional<Authority> signer =
                active.stream().filter(each -> each.key().equals(self)).findFirst();
        if (signer.isEmpty()) {
            return new Turn.Never(ProducerSeal.notListed(self));
        }
        long open = timeSlots.of(parent.header()) + 1;
        long slot = Math.max(timeSlots.at(now), open);
        if (resting(signer.get())) {
            return new Turn.Resting(keys(false), Reason.NOT_DUE.refusal(rest()));
        }
        long due = due(signer.get(), slot);
        return due <= now ? new Turn.Now() : new Turn.At(due);
    }

    /** When to begin in a slot: at once in turn, else after the delay, those farther from their turn later. */
    private long due(Authority signer, long slot) {
        int size = active.size();
        int rank = Math.floorMod(active.indexOf(signer) - index(slot), size);
        long spread = rank == 0 ? 0 : delay + (timeSlots.period() - delay) * (rank - 1) / size;
        return timeSlots.start(slot) + spread;
    }

    private boolean resting(Authority signer) {
        long height = parent.header().height() + 1;
        return signer.sealed() > 0 && height - signer.sealed() <= active.size() / 2;
    }

    /** The keys of those that sit and rest, or do not. */
    private List<Bytes> keys(boolean rests) {
        return active.stream()
                .filter(signer -> resting(signer) == rests)
                .map(Authority::key)
                .toList();
    }

    private String rest() {
        return "height " + (parent.header().height() + 1) + " waits for a quant of one of " + KeyList.text(keys(false))
                + "; at rest after one of the last " + active.size() / 2 + " quants: " + KeyList.text(keys(true));
    }

    private Authority first(long slot) {
        return active.get(index(slot));
    }

    private int index(long slot) {
        return Math.floorMod(slot, active.size());
    }

    Status status(long now) {
        long slot = Math.max(timeSlots.at(now), timeSlots.of(parent.header()) + 1);
        Authority first = first(slot);
        List<Status.Participant> participants = state.signers().stream()
                .map(signer ->
                        new Status.Participant(signer.key(), signer.suspended() ? 0 : 1, signer.suspended(), 0, 0))
                .toList();
        Finality finality = state.finality();
        return new Status(
                "poa",
                participants,
                Optional.of(new Status.Shift(first.key(), slot, timeSlots.start(slot + 1))),
                finality.finalised(),
                finality.justified(),
                0,
                state.offences(),
                waiting(first, slot));
    }

    private List<String> waiting(Authority first, long slot) {
        List<String> waiting = new ArrayList<>();
        String others = ", the others may from " + (timeSlots.start(slot) + delay);
        waiting.add("slot " + slot + " is the turn of " + first.key().hex()
                + (resting(first) ? ", which sealed too lately" : "") + others);
        if (!keys(true).isEmpty()) {
            waiting.add(rest());
        }
        long height = parent.header().height();
        long above = state.finality().justified() + 1;
        if (above <= height) {
            List<Authority> missing =
                    active.stream().filter(signer -> !signer.covers(above)).toList();
            int quorum = Finality.quorum(active.size());
            waiting.add("height " + above + " has " + (active.size() - missing.size()) + " of " + quorum
                    + " votes; quants are missing from "
                    + String.join(
                            ", ", missing.stream().map(each -> each.key().hex()).toList()));
        }
        state.ballots()
                .forEach(ballot -> waiting.add((ballot.add() ? "to let in " : "to put out ")
                        + ballot.subject().hex() + " there is the vote of "
                        + ballot.voter().hex()));
        return waiting;
    }
}
