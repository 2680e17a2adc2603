package io.qbc.protocol.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Head;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.protocol.Script;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.sync.SyncRun.Ending;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SyncRunTest {
    private static final ChainSpec SPEC = Samples.pow("main");

    private final Script script = new Script();
    private final List<Ending> endings = new ArrayList<>();
    private final Claim claim = Script.claim(9, 9);
    private final List<Quant> quants = new ArrayList<>();
    private SyncRun run;

    @BeforeEach
    void begin() {
        Tip tip = Tip.genesis(SPEC);
        for (int i = 0; i < 4; i++) {
            // Only the heights matter to a run; whether quants are valid is for the store to say.
            List<Transaction> content = List.of(Samples.transaction(SPEC, 2 * i), Samples.transaction(SPEC, 2 * i + 1));
            Quant quant = Samples.quant(SPEC, tip, content, Samples.GENESIS_TIME + i + 1);
            quants.add(quant);
            tip = new Tip(
                    new Head(quant.compactQuant().hash(), quant.header(), BigInteger.valueOf(i + 2)),
                    tip.frontier(),
                    tip.times(),
                    tip.state());
        }
        run = new SyncRun(script.protocolContext(), script.peer("peer", claim), claim, ending -> {
            endings.add(ending);
            return Effects.NONE;
        });
        script.begin(run.begin());
        script.succeed(Effect.Locate.class, List.of(Script.CHAIN));
    }

    private Part part(int index) {
        CompactQuant compactQuant = quants.get(index).compactQuant();
        return new Part(compactQuant, quants.get(index).transactions());
    }

    private void range(Part... parts) {
        assertThat(script.called(Follow.class).chain()).isEqualTo(Script.CHAIN);
        script.answered(new Range(claim, List.of(parts)));
    }

    private void verdict(Verdict verdict) {
        script.succeed(Effect.Append.class, verdict);
    }

    private static Verdict fine() {
        return new Verdict.Extended(Tip.genesis(SPEC).head());
    }

    private List<Long> offered() {
        return script.effects().stream()
                .filter(Effect.Append.class::isInstance)
                .map(effect -> ((Effect.Append) effect).compactQuant().header().height())
                .toList();
    }

    @Test
    void quantsAreOfferedTogetherWhileTheNextRangeIsFetched() {
        range(part(0), part(1));
        assertThat(offered()).containsExactly(1L, 2L);
        assertThat(script.called(Follow.class).locator())
                .startsWith(quants.get(1).compactQuant().hash());
        range(part(2));
        assertThat(offered()).containsExactly(1L, 2L, 3L);
        range();
        assertThat(endings).isEmpty();
        verdict(fine());
        verdict(fine());
        verdict(fine());
        assertThat(endings).containsExactly(new Ending.Ended(claim));
        assertThat(run.progress().height()).isEqualTo(3);
        assertThat(run.progress().transactions()).isEqualTo(6);
    }

    @Test
    void aQuantThatIsCutGoesAloneAndIsCompletedFirst() {
        Part cut = new Part(part(0).compactQuant(), part(0).transactions().subList(0, 1));
        range(cut, part(1));
        assertThat(offered()).isEmpty();
        Transaction missing = quants.get(0).transactions().get(1);
        script.succeed(Effect.FindUnknown.class, List.of());
        assertThat(offered()).containsExactly(1L);
        verdict(new Verdict.Missing(List.of(missing.id())));
        assertThat(offered()).isEmpty();
        script.answered(Ids.class, new Supply(List.of(missing)));
        assertThat(script.awaited(Effect.Append.class).supplied()).hasSize(2);
        verdict(fine());
        assertThat(offered()).containsExactly(2L);
        verdict(fine());
        script.silence(Follow.class);
        assertThat(endings).hasOnlyElementsOfType(Ending.Broken.class).hasSize(1);
    }

    @Test
    void ofAQuantThatIsStrangeTheRestIsFetchedBeforeItIsOffered() {
        range(new Part(part(0).compactQuant(), List.of()), part(1));
        script.succeed(Effect.FindUnknown.class, part(0).compactQuant().ids());
        assertThat(script.awaited(Effect.CallRest.class).question().offset()).isZero();
        script.succeed(Effect.CallRest.class, new Supply(part(0).transactions().subList(0, 1)));
        assertThat(script.awaited(Effect.CallRest.class).question().offset()).isEqualTo(1);
        script.succeed(Effect.CallRest.class, new Supply(part(0).transactions().subList(1, 2)));
        assertThat(offered()).containsExactly(1L, 2L);
        assertThat(script.awaited(Effect.Append.class).supplied()).hasSize(2);
    }

    @Test
    void aPeerThatGivesNoRestIsAskedById() {
        range(new Part(part(0).compactQuant(), List.of()));
        script.succeed(Effect.FindUnknown.class, part(0).compactQuant().ids());
        script.succeed(Effect.CallRest.class, new Supply(part(1).transactions()));
        assertThat(offered()).containsExactly(1L);
        verdict(new Verdict.Missing(part(0).compactQuant().ids()));
        assertThat(script.called(Ids.class).ids()).hasSize(2);
    }

    @Test
    void whoGivesNoTransactionsOfAQuantIsWrong() {
        range(new Part(part(0).compactQuant(), List.of()));
        script.succeed(Effect.FindUnknown.class, List.of());
        verdict(new Verdict.Missing(part(0).compactQuant().ids()));
        script.answered(Ids.class, new Supply(List.of()));
        assertThat(endings).hasOnlyElementsOfType(Ending.Wrong.class).hasSize(1);
    }

    @Test
    void whatWasTooMuchAtOnceIsOfferedAgainInOrder() {
        range(part(0), part(1), part(2));
        script.judged(2, new Outcome.Failed<>(Fault.own(Reason.BUSY.refusal("full"))));
        script.judged(3, new Outcome.Succeeded<>(new Verdict.Orphan(Script.CHAIN)));
        assertThat(offered()).containsExactly(1L);
        verdict(fine());
        assertThat(offered()).containsExactly(2L, 3L);
        verdict(fine());
        verdict(fine());
        range();
        assertThat(endings).containsExactly(new Ending.Ended(claim));
    }

    @Test
    void aStoreThatIsBusyWithOthersEndsTheRun() {
        range(part(0));
        script.judged(1, new Outcome.Failed<>(Fault.own(Reason.BUSY.refusal("full"))));
        assertThat(endings).hasOnlyElementsOfType(Ending.Unable.class).hasSize(1);
    }

    @Test
    void aRefusedQuantEndsTheRunOnceAllIsAnswered() {
        range(part(0), part(1));
        verdict(new Verdict.Refused(Reason.QUANT_HEIGHT.refusal("no")));
        assertThat(endings).isEmpty();
        verdict(new Verdict.Orphan(Script.CHAIN));
        assertThat(endings).hasOnlyElementsOfType(Ending.Wrong.class).hasSize(1);
        assertThat(offered()).isEmpty();
    }

    @Test
    void aFaultOfThisNodeIsNotThePeers() {
        range(part(0));
        verdict(new Verdict.Refused(Reason.STORE_READ_ONLY.refusal("no")));
        assertThat(endings).hasOnlyElementsOfType(Ending.Unable.class).hasSize(1);
    }

    @Test
    void theSameQuantsForEverAreWrong() {
        range(part(0));
        range(part(0));
        assertThat(endings).isEmpty();
        verdict(fine());
        assertThat(endings).hasOnlyElementsOfType(Ending.Wrong.class).hasSize(1);
    }

    @Test
    void silenceBreaksTheRunOffAfterWhatCame() {
        range(part(0));
        script.silence(Follow.class);
        assertThat(endings).isEmpty();
        verdict(fine());
        assertThat(endings).hasOnlyElementsOfType(Ending.Broken.class).hasSize(1);
    }

    @Test
    void aChainThatIsNotFollowedAnyMoreIsNotTakenFurther() {
        run.stop();
        range(part(0));
        assertThat(offered()).isEmpty();
        assertThat(endings).hasOnlyElementsOfType(Ending.Broken.class).hasSize(1);
    }
}
