package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.gossip.CatchUpPlan.Source;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CatchUpPlanTest {
    private static final Bytes ONE = Bytes.utf8("one");
    private static final Bytes TWO = Bytes.utf8("two");
    private static final Hash CHAIN = Samples.pow("main").id();

    private final Head own = new Head(
            new Hash(5, 0, 0, 0), Tip.genesis(Samples.pow("main")).head().header(), BigInteger.TEN);
    private final CatchUpPlan plan = new CatchUpPlan(new Backoff(100, 10_000), new Random(1));

    @Test
    void theHeaviestIsFollowedAndOfEqualsTheLowerHash() {
        plan.claimed(ONE, claim(11, 9));
        plan.claimed(TWO, claim(12, 9));
        assertThat(plan.choose(own, 0)).map(Source::peer).contains(TWO);
        plan.claimed(ONE, claim(12, 8));
        assertThat(plan.choose(own, 0)).map(Source::peer).contains(ONE);
    }

    @Test
    void anEqualHeadIsBetterOnlyWithALowerHash() {
        plan.claimed(ONE, claim(10, 5));
        assertThat(plan.choose(own, 0)).isEmpty();
        plan.claimed(ONE, claim(10, 6));
        assertThat(plan.choose(own, 0)).isEmpty();
        plan.claimed(ONE, claim(10, 4));
        assertThat(plan.choose(own, 0)).isPresent();
    }

    @Test
    void onlyWhatIsInVainRaisesDoubts() {
        assertThat(plan.doubts(ONE)).isFalse();
        plan.claimed(ONE, claim(11, 1));
        plan.postponed(ONE, 0);
        assertThat(plan.doubts(ONE)).isFalse();
        plan.failed(ONE, 0);
        assertThat(plan.doubts(ONE)).isTrue();
        plan.delivered(ONE);
        assertThat(plan.doubts(ONE)).isFalse();
    }

    @Test
    void aLiarIsLeftAloneEverLonger() {
        long now = 0;
        long before = 0;
        for (int i = 0; i < 6; i++) {
            plan.claimed(ONE, claim(99, i));
            assertThat(plan.choose(own, now)).isPresent();
            plan.failed(ONE, now);
            long pause = 0;
            while (plan.choose(own, now + pause).isEmpty()) {
                pause++;
            }
            assertThat(pause).isBetween(50L << i, 100L << i).isGreaterThanOrEqualTo(before);
            before = pause;
            now += pause;
        }
        plan.claimed(TWO, claim(11, 1));
        plan.failed(ONE, now);
        assertThat(plan.choose(own, now)).map(Source::peer).contains(TWO);
    }

    @Test
    void aLiarThatLeavesAndComesBackIsNotForgotten() {
        plan.claimed(ONE, claim(99, 1));
        plan.failed(ONE, 0);
        plan.left(ONE);
        plan.claimed(ONE, claim(99, 1));
        assertThat(plan.choose(own, 49)).isEmpty();
    }

    @Test
    void whoIsGoneIsNotFollowed() {
        plan.claimed(ONE, claim(99, 1));
        plan.left(ONE);
        assertThat(plan.choose(own, 0)).isEmpty();
    }

    @Test
    void aDeliveryClearsTheName() {
        plan.claimed(ONE, claim(99, 1));
        for (int i = 0; i < 6; i++) {
            plan.failed(ONE, 0);
        }
        plan.delivered(ONE);
        plan.failed(ONE, 10_000);
        assertThat(plan.choose(own, 10_100)).isPresent();
    }

    private static Claim claim(long weight, long hash) {
        return new Claim(CHAIN, new Hash(hash, 0, 0, 0), weight, BigInteger.valueOf(weight));
    }
}
