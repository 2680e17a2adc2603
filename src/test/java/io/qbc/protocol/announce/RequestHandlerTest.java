package io.qbc.protocol.announce;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.protocol.Script;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.State;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.sync.CatchUps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestHandlerTest {
    private static final Hash ONE = new Hash(1, 0, 0, 0);
    private static final Hash TWO = new Hash(2, 0, 0, 0);
    private static final Hash STRANGE = new Hash(9, 9, 9, 9);

    private final Script script = new Script();
    private final List<Outcome<? extends Optional<? extends Message>>> answers = new ArrayList<>();
    private RequestHandler requestHandler;

    @BeforeEach
    void begin() {
        script.own(Script.claim(5, 5));
        CatchUps catchUps = new CatchUps(script.protocolContext(), script.heads, script, new CatchUps.Listener() {});
        Announcer announcer = new Announcer(script.protocolContext(), script.heads, script, catchUps, peer -> {});
        requestHandler = new RequestHandler(script.protocolContext(), script.heads, announcer, List::of);
    }

    private <Q extends Message, A extends Message> void ask(PeerMethod<Q, A> method, Q request) {
        script.run(requestHandler.answer(method, request, "caller"), answers::add);
    }

    private Message answer() {
        Outcome<? extends Optional<? extends Message>> last = answers.get(answers.size() - 1);
        return last.fold(message -> message.orElseThrow(), fault -> {
            throw new AssertionError(fault.toString());
        });
    }

    private Offer offer() {
        return new Offer(
                Script.CHAIN, new CompactQuant(Samples.pow("main").genesis(), List.of(), List.of()), List.of());
    }

    private State judged(Verdict verdict) {
        ask(PeerMethod.QUANT, offer());
        script.succeed(Effect.Append.class, verdict);
        return ((Reply) answer()).state();
    }

    @Test
    void oneOfTwoWhoAnnounceTheSameIsAsked() {
        ask(PeerMethod.IDS, new Ids(Script.CHAIN, List.of(ONE, TWO)));
        script.succeed(Effect.FindUnknown.class, List.of(ONE));
        assertThat(answer()).isEqualTo(new Wanted(false, List.of(ONE)));
        ask(PeerMethod.IDS, new Ids(Script.CHAIN, List.of(ONE, TWO)));
        script.succeed(Effect.FindUnknown.class, List.of(ONE, TWO));
        assertThat(answer()).isEqualTo(new Wanted(true, List.of(TWO)));
    }

    @Test
    void aPushThatNobodyAskedForIsToldFromOneThatSomebodyDid() {
        Transaction asked = Samples.transaction(Samples.pow("main"), 1);
        Transaction missing = Samples.transaction(Samples.pow("main"), 2);
        Transaction unasked = Samples.transaction(Samples.pow("main"), 3);
        assertThat(unasked(unasked)).as("an earlier run may have asked").isFalse();
        script.now += 600_000;
        ask(PeerMethod.IDS, new Ids(Script.CHAIN, List.of(asked.id())));
        script.succeed(Effect.FindUnknown.class, List.of(asked.id()));
        judged(new Verdict.Missing(List.of(missing.id())));
        assertThat(unasked(asked)).isFalse();
        assertThat(unasked(missing)).isFalse();
        assertThat(unasked(asked, unasked)).isFalse();
        assertThat(unasked(unasked)).isTrue();
    }

    private boolean unasked(Transaction... pushed) {
        ask(PeerMethod.TRANSACTIONS, new Push(Script.CHAIN, List.of(pushed)));
        Effect.Admit admit = script.awaited(Effect.Admit.class);
        assertThat(admit.source()).isEqualTo("caller");
        script.succeed(Effect.Admit.class, new Taken(0, false));
        return admit.unasked();
    }

    @Test
    void everyVerdictHasItsAnswer() {
        assertThat(judged(new Verdict.Known(ONE))).isEqualTo(State.KNOWN);
        assertThat(judged(new Verdict.Orphan(ONE))).isEqualTo(State.ORPHAN);
        assertThat(judged(new Verdict.Missing(List.of(ONE)))).isEqualTo(State.MISSING);
        assertThat(((Reply) answer()).ids()).containsExactly(ONE);
        assertThat(judged(new Verdict.Refused(Reason.QUANT_HEIGHT.refusal("no"))))
                .isEqualTo(State.REFUSED);
    }

    @Test
    void aFaultOfThisNodeIsNoAnswer() {
        ask(PeerMethod.QUANT, offer());
        script.succeed(Effect.Append.class, new Verdict.Refused(Reason.STORE_FULL.refusal("no")));
        assertThat(answers.get(0)).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void aChainThatIsNotHereIsNotSpokenOfButLookedFor() {
        script.peer("peer", Script.claim(1, 1));
        ask(PeerMethod.QUANT, new Hint(STRANGE, ONE));
        assertThat(answers.get(0)).isEqualTo(new Outcome.Succeeded<>(Optional.empty()));
        assertThat(script.called(Message.AskStatus.class)).isNotNull();
        ask(PeerMethod.SYNC, new Follow(STRANGE, List.of(ONE)));
        assertThat(answers.get(1)).isEqualTo(new Outcome.Succeeded<>(Optional.empty()));
    }

    @Test
    void aRangeSaysTheHeadOfBeforeItWasRead() {
        ask(PeerMethod.SYNC, new Follow(Script.CHAIN, List.of(ONE)));
        script.own(Script.claim(6, 6));
        script.succeed(Effect.Read.class, List.of());
        assertThat(((Range) answer()).head()).isEqualTo(Script.claim(5, 5));
    }
}
