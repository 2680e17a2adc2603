package io.qbc.protocol.announce;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.protocol.Script;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.peer.PeerState;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionAnnouncerTest {
    private final Transaction one = Samples.transaction(Samples.pow("main"), 1);
    private final Transaction two = Samples.transaction(Samples.pow("main"), 2);
    private final Script script = new Script();
    private PeerState peer;
    private TransactionAnnouncer announcer;

    @BeforeEach
    void know() {
        peer = script.peer("peer", Script.claim(1, 1));
        script.own(Script.claim(2, 2));
        announcer = new TransactionAnnouncer(script.protocolContext(), script.heads, peer);
    }

    private void announce() {
        script.begin(announcer.wake(List.of(Script.CHAIN)));
        script.succeed(Effect.FindPending.class, new Effect.PendingIds(List.of(one.id(), two.id()), 5));
        assertThat(script.called(Ids.class).ids()).containsExactly(one.id(), two.id());
    }

    @Test
    void onlyWhatIsWantedIsPushedAndTheCursorMoves() {
        announce();
        script.answered(new Wanted(false, List.of(two.id())));
        script.succeed(Effect.Fetch.class, List.of(two));
        assertThat(script.called(Push.class).transactions()).containsExactly(two);
        script.answered(new Taken(1, false));
        assertThat(peer.cursor(Script.CHAIN)).isEqualTo(5);
        assertThat(script.awaited(Effect.FindPending.class).after()).isEqualTo(5);
        script.succeed(Effect.FindPending.class, new Effect.PendingIds(List.of(), 5));
        assertThat(script.effects()).isEmpty();
    }

    @Test
    void whatWasNotAnnouncedIsNotGiven() {
        announce();
        script.answered(new Wanted(false, List.of(new Hash(1, 2, 3, 4))));
        assertThat(script.awaited(Effect.FindPending.class).after()).isEqualTo(5);
    }

    @Test
    void whatAnotherPeerIsAskedForIsAnnouncedAgainLater() {
        announce();
        script.answered(new Wanted(true, List.of()));
        assertThat(peer.cursor(Script.CHAIN)).isZero();
        script.succeed(Effect.Wait.class, Done.DONE);
        assertThat(script.awaited(Effect.FindPending.class).after()).isZero();
    }

    @Test
    void aBusyPeerIsLeftAloneForAWhileAndLosesNothing() {
        announce();
        script.answered(new Wanted(false, List.of(two.id())));
        script.succeed(Effect.Fetch.class, List.of(two));
        script.answered(new Taken(0, true));
        assertThat(peer.cursor(Script.CHAIN)).isZero();
        assertThat(script.effects()).hasSize(1);
        script.succeed(Effect.Wait.class, Done.DONE);
        assertThat(script.awaited(Effect.FindPending.class).after()).isZero();
    }

    @Test
    void aCursorThatWasPutBackMeanwhileStays() {
        announce();
        peer.rewind(Script.CHAIN);
        script.answered(new Wanted(false, List.of()));
        assertThat(peer.cursor(Script.CHAIN)).isZero();
    }

    @Test
    void aPeerThatDoesNotKeepTheChainHearsNothing() {
        script.begin(announcer.wake(List.of(new Hash(1, 1, 1, 1))));
        assertThat(script.effects()).isEmpty();
    }
}
