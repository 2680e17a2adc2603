package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.ledger.Orphans.Orphan;
import io.qbc.model.ChainSpec;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrphansTest {
    private static final ChainSpec SPEC = Samples.dbc("main");

    private static Orphan orphan(int n, int payload) {
        Transaction transaction = Samples.transaction(SPEC, n, "\"" + "x".repeat(payload) + "\"");
        Quant quant = Samples.quant(SPEC, Tip.genesis(SPEC), List.of(transaction), Samples.GENESIS_TIME + 1 + n);
        return new Orphan(SPEC.id(), quant.compactQuant(), quant.transactions());
    }

    @Test
    void givesThoseOfAParentOnceInOrder() {
        Orphans orphans = new Orphans(10, 1 << 20);
        orphans.keep(orphan(1, 10));
        orphans.keep(orphan(2, 10));
        orphans.keep(orphan(1, 10));
        assertThat(orphans.size()).isEqualTo(2);
        assertThat(orphans.take(orphan(1, 10).compactQuant().hash())).isEmpty();
        assertThat(orphans.take(SPEC.id())).containsExactly(orphan(2, 10), orphan(1, 10));
        assertThat(orphans.take(SPEC.id())).isEmpty();
        assertThat(orphans.bytes()).isZero();
    }

    @Test
    void dropsTheOldestBeyondItsCount() {
        Orphans orphans = new Orphans(3, 1 << 20);
        for (int n = 0; n < 5; n++) {
            orphans.keep(orphan(n, 10));
        }
        assertThat(orphans.take(SPEC.id())).containsExactly(orphan(2, 10), orphan(3, 10), orphan(4, 10));
    }

    @Test
    void dropsTheOldestBeyondItsBytesAndRefusesTheHuge() {
        Orphans orphans = new Orphans(100, 10_000);
        orphans.keep(orphan(1, 3000));
        orphans.keep(orphan(2, 3000));
        orphans.keep(orphan(3, 3000));
        assertThat(orphans.bytes()).isLessThanOrEqualTo(10_000);
        orphans.keep(orphan(4, 20_000));
        assertThat(orphans.take(SPEC.id())).containsExactly(orphan(2, 3000), orphan(3, 3000));
    }

    @Test
    void keepsNothingWhenTurnedOff() {
        Orphans orphans = new Orphans(0, 1 << 20);
        orphans.keep(orphan(1, 10));
        assertThat(orphans.size()).isZero();
    }
}
