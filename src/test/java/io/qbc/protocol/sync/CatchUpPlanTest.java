package io.qbc.protocol.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.peer.Backoff;
import io.qbc.protocol.peer.ProtocolContext;
import io.qbc.protocol.peer.ProtocolContext.Pace;
import io.qbc.protocol.sync.CatchUpPlan.Source;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CatchUpPlanTest {
    private static final Bytes ONE = Bytes.utf8("one");
    private static final Bytes TWO = Bytes.utf8("two");
    private static final Hash CHAIN = Samples.pow("main").id();

    private final Claim own = claim(10, 5);
    private final Random random = new Random(1);
    private long now;
    private final CatchUpPlan plan = new CatchUpPlan(
            new ProtocolContext(() -> now, random::nextDouble, new Backoff(100, 10_000), 10, 1 << 20, true, Pace.ANY));

    @Test
    void theHeaviestIsFollowedAndOfEqualsTheLowerHash() {
        plan.claimed(ONE, claim(11, 9));
        plan.claimed(TWO, claim(12, 9));
        assertThat(plan.choose(own)).map(Source::peer).contains(TWO);
        plan.claimed(ONE, claim(12, 8));
        assertThat(plan.choose(own)).map(Source::peer).contains(ONE);
    }

    @Test
    void anEqualHeadIsBetterOnlyWithALowerHash() {
        plan.claimed(ONE, claim(10, 5));
        assertThat(plan.choose(own)).isEmpty();
        plan.claimed(ONE, claim(10, 6));
        assertThat(plan.choose(own)).isEmpty();
        plan.claimed(ONE, claim(10, 4));
        assertThat(plan.choose(own)).isPresent();
    }

    @Test
    void onlyWhatIsInVainRaisesDoubts() {
        assertThat(plan.doubts(ONE)).isFalse();
        plan.claimed(ONE, claim(11, 1));
        plan.postponed(ONE);
        assertThat(plan.doubts(ONE)).isFalse();
        plan.failed(ONE);
        assertThat(plan.doubts(ONE)).isTrue();
        plan.delivered(ONE);
        assertThat(plan.doubts(ONE)).isFalse();
    }

    @Test
    void aLiarIsLeftAloneEverLonger() {
        long before = 0;
        for (int i = 0; i < 6; i++) {
            plan.claimed(ONE, claim(99, i));
            assertThat(plan.choose(own)).isPresent();
            plan.failed(ONE);
            long failed = now;
            while (plan.choose(own).isEmpty()) {
                now++;
            }
            long pause = now - failed;
            assertThat(pause).isBetween(50L << i, 100L << i).isGreaterThanOrEqualTo(before);
            before = pause;
        }
        plan.claimed(TWO, claim(11, 1));
        plan.failed(ONE);
        assertThat(plan.choose(own)).map(Source::peer).contains(TWO);
    }

    @Test
    void whoBreaksOffIsPausedLongerAndNotDoubted() {
        plan.claimed(ONE, claim(11, 1));
        for (int i = 0; i < 5; i++) {
            plan.broke(ONE);
        }
        assertThat(plan.doubts(ONE)).isFalse();
        now = 50 << 4;
        assertThat(plan.choose(own)).isEmpty();
        now = 100 << 4;
        assertThat(plan.choose(own)).isPresent();
        plan.delivered(ONE);
        plan.broke(ONE);
        now += 100;
        assertThat(plan.choose(own)).isPresent();
    }

    @Test
    void notAllWhoEverFailedAreRemembered() {
        for (int i = 0; i < 1000; i++) {
            Bytes key = Bytes.utf8("liar " + i);
            plan.claimed(key, claim(99, 1));
            plan.failed(key);
            plan.left(key);
        }
        plan.claimed(ONE, claim(11, 1));
        now = 10_000;
        assertThat(plan.choose(own)).map(Source::peer).contains(ONE);
        assertThat(plan.doubts(Bytes.utf8("liar 999"))).isTrue();
        assertThat(plan.doubts(Bytes.utf8("liar 0"))).isFalse();
    }

    @Test
    void aLiarThatLeavesAndComesBackIsNotForgotten() {
        plan.claimed(ONE, claim(99, 1));
        plan.failed(ONE);
        plan.left(ONE);
        plan.claimed(ONE, claim(99, 1));
        now = 49;
        assertThat(plan.choose(own)).isEmpty();
    }

    @Test
    void whoIsGoneIsNotFollowed() {
        plan.claimed(ONE, claim(99, 1));
        plan.left(ONE);
        assertThat(plan.choose(own)).isEmpty();
    }

    @Test
    void aDeliveryClearsTheName() {
        plan.claimed(ONE, claim(99, 1));
        for (int i = 0; i < 6; i++) {
            plan.failed(ONE);
        }
        plan.delivered(ONE);
        now = 10_000;
        plan.failed(ONE);
        now = 10_100;
        assertThat(plan.choose(own)).isPresent();
    }

    private static Claim claim(long weight, long hash) {
        return new Claim(CHAIN, new Hash(hash, 0, 0, 0), weight, BigInteger.valueOf(weight));
    }
}
