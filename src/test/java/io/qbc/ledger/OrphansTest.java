package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.ledger.Orphans.Orphan;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Quant;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrphansTest {
    private static final ChainSpec SPEC = Samples.dbc("main");

    private static Orphan orphan(int n, int payload) {
        return orphan("peer", n, payload);
    }

    private static Orphan orphan(String source, int n, int payload) {
        Transaction transaction = Samples.transaction(SPEC, n, "\"" + "x".repeat(payload) + "\"");
        Quant quant = Samples.quant(SPEC, Tip.genesis(SPEC), List.of(transaction), Samples.GENESIS_TIME + 1 + n);
        return new Orphan(source, SPEC.id(), quant.compactQuant(), quant.transactions());
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
    void countsSealsAndAllElseThatAQuantHolds() {
        CompactQuant plain = orphan(1, 10).compactQuant();
        long bytes = Orphans.bytes(plain, List.of());
        List<Seal> empty = Collections.nCopies(60_000, new Seal(Bytes.EMPTY, Bytes.EMPTY));
        assertThat(Orphans.bytes(new CompactQuant(plain.header(), empty, plain.ids()), List.of()))
                .isGreaterThan(bytes + 60_000L * 64);
        CompactQuant proven =
                new CompactQuant(plain.header().withProof(Bytes.wrap(new byte[50_000])), plain.seals(), plain.ids());
        assertThat(Orphans.bytes(proven, List.of())).isEqualTo(bytes + 50_000);
        Orphans orphans = new Orphans(10, 1 << 20);
        orphans.keep(new Orphan("peer", SPEC.id(), new CompactQuant(plain.header(), empty, plain.ids()), List.of()));
        assertThat(orphans.size()).isZero();
    }

    @Test
    void oneSourceDoesNotPushOutWhatOthersBrought() {
        Orphans byCount = new Orphans(4, 1 << 20);
        byCount.keep(orphan("honest", 1, 10));
        for (int n = 2; n < 20; n++) {
            byCount.keep(orphan("flood", n, 10));
        }
        assertThat(byCount.take(SPEC.id()))
                .containsExactly(
                        orphan("honest", 1, 10),
                        orphan("flood", 17, 10),
                        orphan("flood", 18, 10),
                        orphan("flood", 19, 10));
        Orphans byBytes = new Orphans(100, 20_000);
        byBytes.keep(orphan("honest", 1, 1000));
        for (int n = 2; n < 20; n++) {
            byBytes.keep(orphan("flood", n, 3000));
        }
        assertThat(byBytes.take(SPEC.id())).contains(orphan("honest", 1, 1000)).hasSizeGreaterThan(2);
        assertThat(byBytes.bytes()).isZero();
    }

    @Test
    void aForgeryOfTheSameQuantTakesNobodyElsesPlace() {
        Orphans orphans = new Orphans(10, 1 << 20);
        Orphan honest = orphan("honest", 1, 10);
        orphans.keep(honest);
        CompactQuant forged = new CompactQuant(
                honest.compactQuant().header(), honest.compactQuant().seals(), List.of());
        orphans.keep(new Orphan("forger", SPEC.id(), forged, List.of()));
        assertThat(orphans.take(SPEC.id())).contains(honest);
    }

    @Test
    void doesNotHoldTheMessageInWhichAQuantCame() {
        Orphan whole = orphan(1, 10);
        byte[] message = new byte[100_000];
        Bytes encoded = whole.supplied().get(0).encoded();
        System.arraycopy(encoded.array(), encoded.offset(), message, 500, encoded.size());
        Transaction view =
                Transaction.decode(Bytes.wrap(message, 500, encoded.size())).orElseThrow();
        Orphans orphans = new Orphans(10, 1 << 20);
        orphans.keep(new Orphan("peer", SPEC.id(), whole.compactQuant(), List.of(view)));
        Transaction kept = orphans.take(SPEC.id()).get(0).supplied().get(0);
        assertThat(kept).isEqualTo(view);
        assertThat(kept.proven()).isTrue();
        assertThat(kept.encoded().array()).hasSize(encoded.size());
    }

    @Test
    void keepsNothingWhenTurnedOff() {
        Orphans orphans = new Orphans(0, 1 << 20);
        orphans.keep(orphan(1, 10));
        assertThat(orphans.size()).isZero();
    }
}
