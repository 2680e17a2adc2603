package io.qbc.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.consensus.engine.Offence;
import io.qbc.consensus.engine.Status;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small networks under the engines with finality: what two thirds called final stays, and life goes on. */
class MiniNetTest {
    private static final Map<String, Long> POA = Map.of("period", 100L, "delay", 50L);
    private static final Map<String, Long> STAKE = Map.of("period", 100L, "epoch", 4L);

    static Stream<Lab> four() {
        return Stream.of(Lab.of("poa", 4, POA), Lab.of("pos", 4, STAKE), Lab.of("dpos", 4, STAKE));
    }

    static Stream<Lab> seven() {
        return Stream.of(Lab.of("poa", 7, POA), Lab.of("pos", 7, STAKE), Lab.of("dpos", 7, STAKE));
    }

    @ParameterizedTest
    @MethodSource("four")
    void goesOnAndMakesFinal(Lab lab) {
        MiniNet net = new MiniNet(lab, Chance.random(), 0).run(6000);
        assertThat(net.height()).isGreaterThan(20);
        assertThat(net.finality()).isGreaterThan(8);
        assertThat(net.violations()).isZero();
        assertThat(net.branches(3)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("four")
    void goesOnAfterPartitions(Lab lab) {
        Random random = Chance.random();
        for (int i = 0; i < 5; i++) {
            MiniNet net = new MiniNet(lab, random, 0).shake().run(1000);
            long before = net.height();
            long finality = net.finality();
            net.run(8000);
            assertThat(net.height()).isGreaterThan(before + 20);
            assertThat(net.finality()).isGreaterThan(finality + 4);
            assertThat(net.violations()).isZero();
            assertThat(net.branches(4)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("seven")
    void twoTwinsOfSevenNeverSplitWhatIsFinal(Lab lab) {
        Random random = Chance.random();
        for (int i = 0; i < 5; i++) {
            MiniNet net = new MiniNet(lab, random, 2).shake().run(2000);
            assertThat(net.violations()).isZero();
        }
    }

    /** Beyond the bound the check must find what it looks for, or it is no check. */
    @ParameterizedTest
    @MethodSource("four")
    void twoTwinsOfFourCanSplitIt(Lab lab) {
        Random random = Chance.random();
        int violations = 0;
        for (int i = 0; i < 20 && violations == 0; i++) {
            // Twins 4 and 5 are the second lives of 0 and 1, on the other side with 3.
            MiniNet net = new MiniNet(lab, random, 2).split(0, 0, 0, 1, 1, 1).run(9000);
            violations += net.heal().run(1000).violations();
        }
        assertThat(violations).isPositive();
    }

    @ParameterizedTest
    @MethodSource("four")
    void withoutAThirdNothingBecomesFinal(Lab lab) {
        MiniNet net = new MiniNet(lab, Chance.random(), 0).run(5000);
        long finality = net.finality();
        net.silence(0, 1).run(1000);
        long stalled = net.finality();
        net.run(5000);
        assertThat(net.finality()).isEqualTo(stalled);
        assertThat(stalled).isGreaterThanOrEqualTo(finality);
        assertThat(net.status().waiting()).anyMatch(reason -> reason.contains("missing"));
        assertThat(net.silence().run(8000).finality()).isGreaterThan(stalled);
    }

    /** Eight signers split four and four, where Clique could stop for good (EIP-3436). */
    @Test
    void eightSignersGetOutOfATie() {
        Random random = Chance.random();
        Lab lab = Lab.of("poa", 8, POA);
        for (int i = 0; i < 10; i++) {
            MiniNet net = new MiniNet(lab, random, 0).run(random.nextInt(2000));
            net.split(0, 1).run(3000);
            net.split(0, 0, 1, 1).run(1500);
            long stuck = net.height();
            net.heal().run(4000);
            assertThat(net.height()).isGreaterThan(stuck + 15);
            assertThat(net.branches(4)).isEqualTo(1);
            assertThat(net.violations()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("four")
    void recordsWhatATwinSigned(Lab lab) {
        MiniNet net = new MiniNet(lab, Chance.random(), 1).split(0, 0, 1, 1, 1).run(3000);
        net.heal().run(6000);
        assertThat(net.status().offences())
                .extracting(Offence::key)
                .contains(lab.signer(0).key());
        assertThat(net.status().participants())
                .filteredOn(Status.Participant::barred)
                .extracting(Status.Participant::key)
                .containsExactly(lab.signer(0).key());
        assertThat(net.violations()).isZero();
    }
}
