package io.qbc.protocol.announce;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.ledger.Tip;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.protocol.Script;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.State;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.peer.PeerState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuantAnnouncerTest {
    private final List<Transaction> content =
            List.of(Samples.transaction(Samples.pow("main"), 1), Samples.transaction(Samples.pow("main"), 2));
    private final Quant quant =
            Samples.quant(Samples.pow("main"), Tip.genesis(Samples.pow("main")), content, Samples.GENESIS_TIME + 1);
    private final CompactQuant compactQuant = quant.compactQuant();
    private final Hash hash = compactQuant.hash();
    private final Script script = new Script();
    private PeerState peer;

    @BeforeEach
    void know() {
        peer = script.peer("peer", Script.claim(1, 1));
        script.own(Script.claim(2, 2));
    }

    private QuantAnnouncer announcer() {
        return new QuantAnnouncer(script.protocolContext(), script.heads, script, peer);
    }

    @Test
    void whatThePeerMissesGoesWithTheQuant() {
        script.begin(announcer().wake(Script.CHAIN, hash));
        script.succeed(Effect.FindCompactQuant.class, Optional.of(compactQuant));
        assertThat(script.called(Offer.class).supplied()).isEmpty();
        script.answered(new Reply(State.MISSING, List.of(content.get(1).id()), ""));
        assertThat(script.awaited(Effect.Fetch.class).ids())
                .containsExactly(content.get(1).id());
        script.succeed(Effect.Fetch.class, List.of(content.get(1)));
        assertThat(script.called(Offer.class).supplied()).containsExactly(content.get(1));
        script.answered(new Reply(State.ACCEPTED));
        assertThat(script.effects()).isEmpty();
    }

    @Test
    void whatDoesNotFitIsPushedBefore() {
        script.begin(announcer().wake(Script.CHAIN, hash));
        script.succeed(Effect.FindCompactQuant.class, Optional.of(compactQuant));
        script.answered(new Reply(State.MISSING, compactQuant.ids(), ""));
        script.succeed(Effect.Fetch.class, content.subList(0, 1));
        script.succeed(Effect.Fetch.class, content.subList(0, 1));
        assertThat(script.called(Push.class).transactions()).containsExactly(content.get(0));
        script.answered(new Taken(1, false));
        script.succeed(Effect.Fetch.class, content.subList(1, 2));
        script.answered(new Taken(1, false));
        assertThat(script.called(Offer.class).supplied()).isEmpty();
    }

    @Test
    void aPeerThatMissesTheSameForEverIsLetGo() {
        script.begin(announcer().wake(Script.CHAIN, hash));
        script.succeed(Effect.FindCompactQuant.class, Optional.of(compactQuant));
        for (int i = 0; i < 3; i++) {
            script.answered(new Reply(State.MISSING, List.of(content.get(0).id()), ""));
            script.succeed(Effect.Fetch.class, content.subList(0, 1));
        }
        script.answered(new Reply(State.MISSING, List.of(content.get(0).id()), ""));
        assertThat(script.effects()).isEmpty();
    }

    @Test
    void afterSilenceItIsToldAgainAfterAPause() {
        script.begin(announcer().wake(Script.CHAIN, hash));
        script.succeed(Effect.FindCompactQuant.class, Optional.of(compactQuant));
        script.silence(Offer.class);
        assertThat(script.awaited(Effect.Wait.class).millis()).isBetween(50L, 100L);
        script.succeed(Effect.Wait.class, Done.DONE);
        assertThat(script.awaited(Effect.FindCompactQuant.class).quant()).isEqualTo(hash);
        assertThat(script.effects()).hasSize(1);
    }

    @Test
    void whoeverCanCallThisNodeFetchesTheRestItself() {
        script.begin(announcer().wake(Script.CHAIN, hash));
        script.succeed(Effect.FindCompactQuant.class, Optional.of(compactQuant));
        script.answered(new Reply(State.ORPHAN));
        assertThat(script.effects()).isEmpty();
    }

    @Test
    void aNodeThatCannotBeCalledFeedsAllAfterTheNewestInCommon() {
        script.callable = false;
        script.begin(announcer().wake(Script.CHAIN, hash));
        script.succeed(Effect.FindCompactQuant.class, Optional.of(compactQuant));
        script.answered(new Reply(State.ORPHAN));
        script.succeed(Effect.Locate.class, List.of(hash, Script.CHAIN));
        assertThat(script.called(Hint.class).quant()).isEqualTo(hash);
        script.answered(new Reply(State.WANTED));
        script.answered(new Reply(State.KNOWN));
        assertThat(script.awaited(Effect.FindQuant.class).quant()).isEqualTo(Script.CHAIN);
        script.succeed(Effect.FindQuant.class, Optional.of(Samples.pow("main").genesis()));
        assertThat(script.awaited(Effect.FindAt.class).height()).isEqualTo(1);
        script.succeed(Effect.FindAt.class, Optional.of(hash));
        script.succeed(Effect.FindCompactQuant.class, Optional.of(compactQuant));
        script.answered(new Reply(State.ACCEPTED));
        script.succeed(Effect.FindAt.class, Optional.empty());
        assertThat(script.effects()).isEmpty();
    }
}
