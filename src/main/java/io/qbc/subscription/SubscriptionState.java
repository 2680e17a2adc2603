package io.qbc.subscription;

import io.qbc.follow.Position;
import java.util.List;
import java.util.Optional;

/**
 * What is stored of where a subscription stands.
 *
 * @param offset all before it was acknowledged
 * @param replay a range that is delivered once more
 * @param offered up to where events were given out that may revert, so that it is told when they do
 * @param revert what is to be told as undone before anything else
 * @param generation how often the place was changed otherwise than by acknowledgements
 * @param attempts how often what is next was offered in vain
 * @param nextAttempt when it is offered again, in milliseconds since 1970; 0 for at once
 * @param triedEnd the leaf index behind the last event of an offer that failed, so that the next one is the same; 0
 *     for none
 * @param failingSince when the first attempt failed of those that did not succeed since; 0 for none
 * @param acknowledged how many events were
 * @param deadNext the number of the next dead letter
 * @param dead how many dead letters there are
 * @param beyond what is acknowledged behind the offset, or behind the next leaf of a replay, where the order is by key
 * @param retries what was offered in vain, by leaf index, where the order is by key
 */
public record SubscriptionState(
        Standing standing,
        Position offset,
        Optional<Replay> replay,
        Optional<Position> offered,
        Optional<Revert> revert,
        long generation,
        long attempts,
        long nextAttempt,
        long triedEnd,
        long failingSince,
        Optional<String> lastError,
        long acknowledged,
        long deadNext,
        long dead,
        List<Secret> secrets,
        LeafRanges beyond,
        List<Retry> retries) {
    public SubscriptionState {
        secrets = List.copyOf(secrets);
        retries = List.copyOf(retries);
    }

    /** Whether it delivers. */
    public enum Standing {
        ACTIVE,
        PAUSED,
        DISABLED
    }

    /**
     * A replay under way.
     *
     * @param end the first leaf index that is not in it
     */
    public record Replay(Position next, long end) {}

    /**
     * Undone transactions.
     *
     * @param number how many undoings there were before, for an id of its own
     */
    public record Revert(Position ancestor, long number) {}

    /**
     * A secret that deliveries are signed with.
     *
     * @param until when it counts no longer, in milliseconds since 1970; {@link Long#MAX_VALUE} for the present one
     */
    public record Secret(String text, long until) {}

    /** One that begins here. */
    public static SubscriptionState at(Position offset) {
        return new SubscriptionState(
                Standing.ACTIVE,
                offset,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                0,
                0,
                Optional.empty(),
                0,
                1,
                0,
                List.of(),
                LeafRanges.NONE,
                List.of());
    }

    /** What it is called where it is shown. */
    public String word() {
        return switch (standing) {
            case ACTIVE -> attempts > 0 ? "retrying" : "active";
            case PAUSED -> "paused";
            case DISABLED -> "disabled";
        };
    }
}
