package io.qbc.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
    private static final long START = Samples.GENESIS_TIME + 1;
    private final Lab lab = Lab.of("dbc", 3, Map.of("turn", 1L, "timeout", 1000L));

    @Test
    void goesRoundInTheSpecsOrder() {
        Tip tip = lab.genesis();
        for (int i = 0; i < 9; i++) {
            Tip before = tip;
            long now = START + i;
            for (int other = 0; other < 3; other++) {
                Turn turn = lab.engine().turn(before.parent(), lab.signer(other).key(), now);
                assertThat(turn instanceof Turn.Now).isEqualTo(other == i % 3);
            }
            tip = lab.after(tip, lab.make(tip, lab.signer(i % 3), now));
        }
    }

    @Test
    void letsTheNextOneInAfterATimeoutEach() {
        Tip tip = lab.genesis();
        long parent = tip.head().header().timestamp();
        for (int rank = 1; rank < 3; rank++) {
            long due = parent + rank * 1000L;
            assertThat(lab.engine().turn(tip.parent(), lab.signer(rank).key(), due - 1))
                    .isEqualTo(new Turn.At(due));
            Outcome early = lab.judge(tip, lab.make(tip, lab.signer(rank), due - 1));
            assertThat(((Outcome.Broken) early).refusal().reason()).isEqualTo(Reason.NOT_DUE);
            assertThat(lab.judge(tip, lab.make(tip, lab.signer(rank), due))).isInstanceOf(Outcome.Valid.class);
        }
    }

    @Test
    void neverShutsOutTheOneWhoseTurnItIs() {
        Tip tip = lab.genesis();
        long late = tip.head().header().timestamp() + 1_000_000;
        assertThat(lab.judge(tip, lab.make(tip, lab.signer(0), late))).isInstanceOf(Outcome.Valid.class);
    }

    @Test
    void aSingleDelegateIsAlwaysInTurn() {
        Lab single = Lab.of("dbc", 1, Map.of("turn", 1L));
        Tip tip = single.genesis();
        for (int i = 0; i < 5; i++) {
            tip = single.after(tip, single.make(tip, single.signer(0), START + i));
        }
        assertThat(tip.head().height()).isEqualTo(5);
    }
}
