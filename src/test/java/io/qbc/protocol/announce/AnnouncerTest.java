package io.qbc.protocol.announce;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.protocol.Script;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.sync.CatchUps;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
    private final Script script = new Script();
    private final List<PeerState> listed = new ArrayList<>();
    private Announcer announcer;

    @BeforeEach
    void begin() {
        script.own(Script.claim(5, 5));
    }

    private void meet(PeerState... peers) {
        CatchUps catchUps = new CatchUps(script.protocolContext(), script.heads, script, new CatchUps.Listener() {});
        announcer = new Announcer(script.protocolContext(), script.heads, script, catchUps, listed::add);
        for (PeerState peer : peers) {
            script.begin(announcer.joined(peer));
            script.succeed(Effect.FindPending.class, new Effect.PendingIds(List.of(), 0));
        }
        assertThat(script.effects()).isEmpty();
    }

    @Test
    void onlyWhoIsBehindIsToldOfANewHead() {
        meet(script.peer("behind", Script.claim(5, 5)), script.peer("ahead", Script.claim(9, 9)));
        script.begin(announcer.headMoved(Script.claim(6, 6), 0));
        assertThat(script.effects()).hasSize(1);
        assertThat(script.awaited(Effect.FindCompactQuant.class).quant())
                .isEqualTo(Script.claim(6, 6).hash());
    }

    @Test
    void afterAReorganisationAllIsAnnouncedAgain() {
        PeerState peer = script.peer("peer", Script.claim(9, 9));
        meet(peer);
        peer.advance(Script.CHAIN, 7, 0);
        script.begin(announcer.headMoved(Script.claim(6, 6), 1));
        assertThat(script.awaited(Effect.FindPending.class).after()).isZero();
    }

    @Test
    void headsAreNotAskedForTooOften() {
        meet(script.peer("peer", Script.claim(5, 5)));
        script.begin(announcer.askHeads());
        script.begin(announcer.askHeads());
        script.begin(announcer.askHeads());
        assertThat(script.effects()).hasSize(2);
        script.answered(AskStatus.class, Script.status(Script.claim(5, 5), 2));
        script.succeed(Effect.Wait.class, Done.DONE);
        assertThat(script.called(AskStatus.class).known()).isEqualTo(new Mark(9, 2));
    }

    @Test
    void aHeadThatIsBetterIsFollowed() {
        PeerState peer = script.peer("peer", Script.claim(5, 5));
        meet(peer);
        script.begin(announcer.statusReceived(peer, Script.status(Script.claim(8, 8), 2)));
        assertThat(listed).containsExactly(peer);
        assertThat(script.awaited(Effect.FindQuant.class).quant())
                .isEqualTo(Script.claim(8, 8).hash());
    }

    @Test
    void aNodeThatCannotBeCalledOffersItsBetterHeadItself() {
        script.callable = false;
        PeerState peer = script.peer("peer", Script.claim(4, 4));
        meet(peer);
        script.begin(announcer.statusReceived(peer, Script.status(Script.claim(4, 4), 2)));
        assertThat(script.awaited(Effect.FindCompactQuant.class).quant())
                .isEqualTo(Script.claim(5, 5).hash());
    }

    @Test
    void aChainThatIsNewHereIsHintedAt() {
        meet(script.peer("peer", Script.claim(5, 5)));
        script.begin(announcer.opened(Script.CHAIN));
        assertThat(script.called(Hint.class).quant()).isEqualTo(Script.CHAIN);
    }

    @Test
    void whoLeftHearsNothing() {
        PeerState peer = script.peer("peer", Script.claim(4, 4));
        meet(peer);
        announcer.left(peer);
        script.begin(announcer.admitted(Script.CHAIN));
        assertThat(script.effects()).isEmpty();
    }
}
