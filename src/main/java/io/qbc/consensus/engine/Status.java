package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * How an engine stands on a head, for people and programs that watch a chain.
 *
 * @param engine the engine's name
 * @param participants who takes part, in the engine's order; empty where anybody may
 * @param turn whose turn it is now; nothing where there are no turns
 * @param finality the height that can no longer revert
 * @param justified the height that has its first majority; equal to {@code finality} in engines without votes
 * @param missed how many turns passed without a quant, as far as the chain has counted
 * @param offences what the chain has recorded against participants, oldest first
 * @param waiting what the next quant or the next finality waits for, a sentence each
 */
public record Status(
        String engine,
        List<Participant> participants,
        Optional<Shift> turn,
        long finality,
        long justified,
        long missed,
        List<Offence> offences,
        List<String> waiting) {
    public Status {
        participants = List.copyOf(participants);
        offences = List.copyOf(offences);
        waiting = List.copyOf(waiting);
    }

    /** The status of an engine without turns, votes and offences. */
    public static Status plain(String engine, List<Participant> participants, Optional<Shift> turn) {
        return new Status(engine, participants, turn, 0, 0, 0, List.of(), List.of());
    }

    /** The same with another final height, where more is known of it than the head shows. */
    public Status withFinality(long height) {
        return new Status(engine, participants, turn, height, Math.max(justified, height), missed, offences, waiting);
    }

    /**
     * One participant.
     *
     * @param power its weight in elections and votes at present
     * @param barred whether an offence has taken its power
     * @param made how many quants it made, as far as the engine counts
     * @param missed how many turns it missed, as far as the engine counts
     */
    public record Participant(Bytes key, long power, boolean barred, long made, long missed) {}

    /**
     * Whose turn it is.
     *
     * @param slot the turn's number
     * @param until when it ends, milliseconds since 1970
     */
    public record Shift(Bytes key, long slot, long until) {}
}
