package io.qbc.persistence;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.DROP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.bus.Catalogue.Supersession;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.verify.Verify;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chain holds one transaction of an author and key, and whoever accepted another one is told. */
class KeysTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final Tip GENESIS = Tip.genesis(SPEC);
    private static final long LATER = StoreFixture.NOW + 1000;

    @TempDir
    Path data;

    private static Transaction make(boolean signed, int n, String json) {
        return signed ? Signing.transaction(SPEC, n, "order-1", json) : Samples.keyed(SPEC, n, "order-1", json);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoTheOneInTheChainStandsThroughReorganisations(boolean signed) {
        Transaction mine = make(signed, 1, "{\"a\":1}");
        Transaction theirs = make(signed, 2, "{\"a\":2}");
        Transaction echo = make(signed, 3, "{\"a\":1}");
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, mine);
            Quant left = Samples.quant(SPEC, GENESIS, List.of(theirs), StoreFixture.NOW);
            assertThat(storeFixture.offer(SPEC, left)).isInstanceOf(Verdict.Extended.class);
            assertThat(storeFixture.locate(SPEC, mine.id())).isEqualTo(new Superseded(mine, theirs.id(), false));
            assertThat(storeFixture.waitingIds(SPEC)).isEmpty();
            await().until(() -> storeFixture.moves.size() == 1);
            assertThat(storeFixture.moves.get(0).superseded())
                    .containsExactly(new Supersession(1, mine.id(), theirs.id(), false));

            Tip leftTip = StoreFixture.after(SPEC, GENESIS, left);
            Quant again = Samples.quant(SPEC, leftTip, List.of(mine), StoreFixture.NOW + 1);
            assertTwice(storeFixture.offer(SPEC, again), theirs);
            assertThat(reason(
                            storeFixture
                                    .keep(SPEC, make(signed, 4, "{\"a\":4}"))
                                    .get(0),
                            theirs))
                    .isEqualTo(Reason.KEY_REUSED);

            // A heavier branch in which the same data came by another way.
            Quant right = Samples.quant(SPEC, GENESIS, List.of(), StoreFixture.NOW + 1);
            Tip rightTip = StoreFixture.after(SPEC, GENESIS, right);
            Quant right2 = Samples.quant(SPEC, rightTip, List.of(echo), StoreFixture.NOW + 2);
            storeFixture.offer(SPEC, right);
            storeFixture.offer(SPEC, right2);
            assertThat(storeFixture.head(SPEC)).isEqualTo(right2.header().hash());
            assertThat(storeFixture.locate(SPEC, mine.id())).isEqualTo(new Superseded(mine, echo.id(), true));
            assertThat(storeFixture.locate(SPEC, theirs.id())).isEqualTo(new Superseded(theirs, echo.id(), false));
            await().until(() -> storeFixture.moves.stream().anyMatch(moved -> moved.undone() == 1));
            HeadMoved moved = storeFixture.moves.get(storeFixture.moves.size() - 1);
            assertThat(moved.superseded())
                    .containsExactly(
                            new Supersession(1, mine.id(), echo.id(), true),
                            new Supersession(2, theirs.id(), echo.id(), false));
            // Who comes again with the data gets the one in the chain, not the first that was here.
            assertThat(storeFixture.keep(SPEC, make(signed, 5, "{\"a\":1}"))).containsExactly(new Repeated(echo.id()));
            storeFixture.undeploy();
        }
        assertSound();
        // Without any of them in the chain the first waits, after a restart as before.
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            Tip tip = GENESIS;
            for (int n = 0; n < 4; n++) {
                Quant quant = Samples.quant(SPEC, tip, List.of(), LATER + n);
                storeFixture.offer(SPEC, quant);
                tip = StoreFixture.after(SPEC, tip, quant);
            }
            assertThat(storeFixture.tip(SPEC)).isEqualTo(tip);
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(mine.id());
            assertThat(storeFixture.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
            assertThat(storeFixture.locate(SPEC, mine.id())).isInstanceOf(Committed.class);
            assertThat(storeFixture.locate(SPEC, echo.id())).isEqualTo(new Superseded(echo, mine.id(), true));
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void aQuantHoldsAnAuthorAndKeyOnce() {
        Transaction one = make(false, 1, "{\"a\":1}");
        Transaction other = make(false, 2, "{\"a\":1}");
        Transaction signed = make(true, 1, "{\"a\":1}");
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            assertTwice(
                    storeFixture.offer(SPEC, Samples.quant(SPEC, GENESIS, List.of(one, other), StoreFixture.NOW)), one);
            assertThat(storeFixture.offer(SPEC, Samples.quant(SPEC, GENESIS, List.of(one, signed), StoreFixture.NOW)))
                    .isInstanceOf(Verdict.Extended.class);
        }
    }

    @Test
    void aKeyThatANodeMadeIsNotLookedUp() {
        Transaction one = Samples.transaction(SPEC, 1, "{\"a\":1}");
        Transaction two = Samples.transaction(SPEC, 1, "{\"a\":2}");
        assertThat(one.body().key()).isEqualTo(two.body().key());
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            assertThat(storeFixture.keep(SPEC, one, two))
                    .containsExactly(new Accepted(one.id(), 1), new Accepted(two.id(), 2));
            assertThat(storeFixture.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
        }
    }

    @Test
    void aForkHasTheKeysOfItsHistory() {
        Transaction shared = make(false, 1, "{\"a\":1}");
        Transaction later = Samples.keyed(SPEC, 2, "order-2", "{\"a\":2}");
        ChainSpec fork;
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, shared);
            storeFixture.leap(SPEC);
            storeFixture.grow(SPEC, 10, 2);
            storeFixture.keep(SPEC, later);
            storeFixture.leap(SPEC);
            fork = Samples.fork("side", SPEC, storeFixture.at(SPEC, 3).header(), LATER);
            storeFixture.bang(fork);
            assertInherited(storeFixture, fork, shared);
            // What the parent took after the fork is nothing to the fork.
            Transaction own = Samples.keyed(fork, 2, "order-2", "{\"a\":2}");
            assertThat(storeFixture.keep(fork, own)).containsExactly(new Accepted(own.id(), 1));
            storeFixture.leap(fork);
            reorganise(storeFixture);
            assertThat(storeFixture.locate(SPEC, shared.id())).isEqualTo(new Pending(shared));
            assertInherited(storeFixture, fork, shared);
            storeFixture.undeploy();
        }
        assertSound();
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.ask(DROP, new Drop(SPEC.id()));
            assertInherited(storeFixture, fork, shared);
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data)) {
            assertInherited(storeFixture, fork, shared);
            storeFixture.undeploy();
        }
        assertSound();
    }

    private static void assertInherited(StoreFixture storeFixture, ChainSpec fork, Transaction shared) {
        Transaction again = Samples.keyed(fork, 100, "order-1", "{\"a\":1}");
        Transaction other = Samples.keyed(fork, 101, "order-1", "{\"a\":2}");
        List<Admission> answers = storeFixture.keep(fork, again, other);
        assertThat(answers.get(0)).isEqualTo(new Repeated(shared.id()));
        assertThat(reason(answers.get(1), shared)).isEqualTo(Reason.KEY_REUSED);
        assertThat(storeFixture.locate(fork, shared.id())).isInstanceOf(Committed.class);
        Quant quant = Samples.quant(fork, storeFixture.tip(fork), List.of(other), LATER + 10);
        assertTwice(storeFixture.offer(fork, quant), shared);
    }

    /** Takes the parent to a heavier branch from its genesis quant on. */
    private static void reorganise(StoreFixture storeFixture) {
        Tip tip = GENESIS;
        for (int n = 0; n < 5; n++) {
            Quant quant = Samples.quant(SPEC, tip, List.of(), StoreFixture.NOW + 100 + n);
            storeFixture.offer(SPEC, quant);
            tip = StoreFixture.after(SPEC, tip, quant);
        }
        assertThat(storeFixture.tip(SPEC)).isEqualTo(tip);
    }

    /** Else one damaged block would let all its keys be used again. */
    @Test
    void aKeyThatCannotBeReadIsNotFree() throws IOException {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, make(false, 1, "{\"a\":1}"));
            storeFixture.leap(SPEC);
            storeFixture.undeploy();
        }
        try (Stream<Path> files = Files.list(data.resolve("store"))) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                // What a table's properties say of the space that it is of.
                if (new String(bytes, StandardCharsets.ISO_8859_1).contains("namekeys")) {
                    bytes[20] ^= 4;
                    Files.write(file, bytes);
                }
            }
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            Transaction again = make(false, 2, "{\"a\":2}");
            Refusal refusal = ((Declined) storeFixture.keep(SPEC, again).get(0)).refusal();
            assertThat(refusal.reason()).isEqualTo(Reason.CORRUPT);
            assertThat(refusal.detail()).contains(".sst");
            Quant quant = Samples.quant(SPEC, storeFixture.tip(SPEC), List.of(again), LATER);
            assertThat(storeFixture
                            .refusal(APPEND, Append.foreign(SPEC.id(), quant.compactQuant(), quant.transactions()))
                            .reason())
                    .isEqualTo(Reason.CORRUPT);
        }
    }

    private static void assertTwice(Verdict verdict, Transaction standing) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        Refusal refusal = ((Verdict.Refused) verdict).refusal();
        assertThat(refusal.reason()).isEqualTo(Reason.TRANSACTION_TWICE);
        assertThat(refusal.detail()).contains(standing.id().hex());
    }

    private static Reason reason(Admission admission, Transaction standing) {
        Refusal refusal = ((Declined) admission).refusal();
        assertThat(refusal.detail()).contains(standing.id().hex());
        return refusal.reason();
    }

    private void assertSound() {
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
