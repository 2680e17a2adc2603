package io.qbc.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerScoresTest {
    private static final String PEER = "203.0.113.7";
    private static final long BAN_MILLIS = 3_600_000;

    private final PeerScores scores = new PeerScores(100, BAN_MILLIS);

    @ParameterizedTest
    @EnumSource
    void everyMisbehaviourEndsInABan(Misbehaviour what) {
        int needed = (99 + what.points()) / what.points();
        for (int i = 1; i < needed; i++) {
            assertThat(scores.report(PEER, what, 0)).as("report %d", i).isEmpty();
        }
        assertThat(scores.score(PEER, 0)).isEqualTo((needed - 1L) * what.points());
        assertThat(scores.report(PEER, what, 0)).contains(new Ban(PEER, 0, BAN_MILLIS, what.code(), false));
        assertThat(scores.banned(PEER, BAN_MILLIS - 1)).isTrue();
        assertThat(scores.banned("203.0.113.8", 0)).isFalse();
        assertThat(scores.counts()).containsEntry(what.code(), (long) needed);
    }

    @Test
    void pointsFadeAndBansExpire() {
        scores.report(PEER, Misbehaviour.INVALID_QUANT, 0);
        assertThat(scores.score(PEER, 0)).isEqualTo(50);
        assertThat(scores.score(PEER, 10 * PeerScores.POINT_MILLIS)).isEqualTo(40);
        assertThat(scores.report(PEER, Misbehaviour.INVALID_QUANT, 10 * PeerScores.POINT_MILLIS))
                .isEmpty();
        assertThat(scores.report(PEER, Misbehaviour.MALFORMED_MESSAGE, 10 * PeerScores.POINT_MILLIS))
                .isPresent();
        long end = 10 * PeerScores.POINT_MILLIS + BAN_MILLIS;
        assertThat(scores.bans(end - 1)).hasSize(1);
        assertThat(scores.bans(end)).isEmpty();
        assertThat(scores.score(PEER, end)).as("it begins anew").isZero();
        assertThat(scores.report(PEER, Misbehaviour.INVALID_QUANT, end)).isEmpty();
    }

    @Test
    void aBanIsLiftedStoredAndRestored() {
        assertThat(scores.unsaved()).isEmpty();
        Ban ban = scores.ban(new Ban(PEER, 5, 100, "loud", true), 5);
        assertThat(scores.unsaved()).contains(List.of(ban));
        assertThat(scores.unsaved()).isEmpty();
        PeerScores later = new PeerScores(100, BAN_MILLIS);
        later.restore(List.of(ban, new Ban("203.0.113.9", 0, 6, "over", true)), 6);
        assertThat(later.bans(6)).containsExactly(ban);
        assertThat(later.unsaved()).isEmpty();
        assertThat(later.lift(PEER, 7)).contains(ban);
        assertThat(later.lift(PEER, 7)).isEmpty();
        assertThat(later.unsaved()).contains(List.of());
    }

    @Test
    void whoIsBannedGetsNoLongerBanByGoingOn() {
        scores.ban(new Ban(PEER, 0, 100, "loud", true), 0);
        for (int i = 0; i < 10; i++) {
            assertThat(scores.report(PEER, Misbehaviour.INVALID_QUANT, 50)).isEmpty();
        }
        assertThat(scores.ban(PEER, 50)).map(Ban::until).contains(100L);
    }

    @Test
    void bothListsAreBoundedAndAnOperatorsBanGivesWayLast() {
        scores.ban(new Ban(PEER, 0, 2, "loud", true), 0);
        for (int i = 0; i < 5000; i++) {
            scores.ban(new Ban("10.0." + i / 250 + "." + i % 250, 0, 1000, "flood", false), 1);
            scores.report("10.1." + i / 250 + "." + i % 250, Misbehaviour.FLOOD, 1);
        }
        assertThat(scores.bans(1)).hasSize(4096).extracting(Ban::subject).contains(PEER);
        assertThat(scores.score("10.1.0.0", 1)).isZero();
        assertThat(scores.score("10.1.19.249", 1)).isEqualTo(1);
    }

    @Test
    void withoutALimitNobodyIsBanned() {
        PeerScores never = new PeerScores(0, BAN_MILLIS);
        for (int i = 0; i < 1000; i++) {
            assertThat(never.report(PEER, Misbehaviour.INVALID_QUANT, 0)).isEmpty();
        }
    }

    /** What a node finds by its clock, its pins, its branch or its load says nothing of who relayed a quant. */
    @Test
    void whoRelaysInGoodFaithIsNotBlamed() {
        for (Reason reason : List.of(
                Reason.QUANT_TIME_AHEAD,
                Reason.NOT_DUE,
                Reason.FINAL,
                Reason.REORGANISATION_TOO_DEEP,
                Reason.QUANT_VERSION,
                Reason.PARENT_UNKNOWN,
                Reason.PARENT_STALE,
                Reason.CHAIN_FROZEN,
                Reason.CHAIN_UNKNOWN,
                Reason.BUSY,
                Reason.POOL_FULL,
                Reason.STORE_FULL,
                Reason.STORE_READ_ONLY,
                Reason.CORRUPT,
                Reason.TIMED_OUT,
                Reason.STOPPING,
                Reason.INTERNAL)) {
            assertThat(Misbehaviour.of(refused(reason))).as(reason.code()).isEmpty();
        }
        assertThat(Misbehaviour.of(new Verdict.Orphan(Hash.ZERO))).isEmpty();
        assertThat(Misbehaviour.of(new Verdict.Missing(List.of()))).isEmpty();
        assertThat(Misbehaviour.of(refused(Reason.PROOF_INVALID))).contains(Misbehaviour.INVALID_QUANT);
        assertThat(Misbehaviour.of(refused(Reason.SEAL_INVALID))).contains(Misbehaviour.INVALID_QUANT);
    }

    private static Verdict refused(Reason reason) {
        return new Verdict.Refused(reason.refusal("as it is"));
    }

    @Test
    void theDocumentHasEachMisbehaviourWithItsPoints() throws Exception {
        String page = Files.readString(Path.of("src/docs/peer-protocol.md"));
        TreeMap<String, Integer> described = new TreeMap<>();
        Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ([0-9]+) \\|")
                .matcher(page.substring(page.indexOf("### Misbehaviour")))
                .results()
                .forEach(row -> described.put(row.group(1), Integer.valueOf(row.group(2))));
        TreeMap<String, Integer> expected = new TreeMap<>();
        for (Misbehaviour each : Misbehaviour.values()) {
            expected.put(each.code(), each.points());
        }
        assertThat(described).isEqualTo(expected);
    }

    @Test
    void aRationIsEachSourcesOwnAndComesBack() {
        Ration ration = new Ration(3, 3000);
        for (int i = 0; i < 3; i++) {
            assertThat(ration.take(PEER, 0)).isTrue();
        }
        assertThat(ration.take(PEER, 999)).isFalse();
        assertThat(ration.take("203.0.113.8", 999)).isTrue();
        assertThat(ration.has(PEER, 1000)).isTrue();
        assertThat(ration.take(PEER, 1000)).isTrue();
        assertThat(ration.take(PEER, 1000)).isFalse();
        assertThat(ration.take(PEER, 0)).as("a clock that was set back").isFalse();
        Ration any = new Ration(0, 1);
        for (int i = 0; i < 10; i++) {
            assertThat(any.take(PEER, 0)).isTrue();
        }
    }
}
