package io.qbc.protocol.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.CompactQuant;
import io.qbc.model.Header;
import io.qbc.model.Verdict;
import io.qbc.protocol.Script;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.peer.ProtocolContext.Pace;
import io.qbc.protocol.sync.SyncRun.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatchUpsTest {
    private final Script script = new Script();
    private final List<String> liars = new ArrayList<>();
    private final List<Ending> ended = new ArrayList<>();
    private CatchUps catchUps;

    @BeforeEach
    void begin() {
        script.own(Script.claim(5, 5));
        catchUps = new CatchUps(script.protocolContext(), script.heads, script, new CatchUps.Listener() {
            @Override
            public void ended(PeerState peer, Ending how, boolean lied) {
                ended.add(how);
                if (lied) {
                    liars.add(peer.key().text());
                }
            }
        });
    }

    private void followed() {
        script.succeed(Effect.FindQuant.class, Optional.empty());
        script.succeed(Effect.Locate.class, List.of(Script.CHAIN));
        assertThat(script.called(Follow.class).chain()).isEqualTo(Script.CHAIN);
    }

    private void end(Claim claim) {
        script.answered(Follow.class, new Range(claim, List.of()));
        script.succeed(Effect.Refresh.class, Done.DONE);
    }

    @Test
    void nobodyIsFollowedWhoIsNotAhead() {
        script.begin(catchUps.statusReceived(script.peer("behind", Script.claim(4, 4))));
        assertThat(script.effects()).isEmpty();
    }

    @Test
    void aHeadThatCameMeanwhileIsNotFollowed() {
        script.begin(catchUps.statusReceived(script.peer("ahead", Script.claim(6, 6))));
        script.succeed(Effect.FindQuant.class, Optional.of(Samples.pow("main").genesis()));
        assertThat(script.awaited(Effect.Refresh.class)).isNotNull();
        assertThat(catchUps.underWay()).isEmpty();
    }

    @Test
    void aLiarIsLeftAloneAndAnotherFollowed() {
        PeerState liar = script.peer("liar", Script.claim(99, 1));
        PeerState other = script.peer("other", Script.claim(6, 6));
        script.begin(catchUps.statusReceived(liar));
        script.begin(catchUps.statusReceived(other));
        followed();
        assertThat(script.awaited(Effect.Call.class).peer()).isEqualTo(liar.key());
        end(Script.claim(99, 1));
        assertThat(liars).containsExactly("liar");
        followed();
        assertThat(script.awaited(Effect.Call.class).peer()).isEqualTo(other.key());
        script.own(Script.claim(6, 6));
        end(Script.claim(6, 6));
        assertThat(script.effects()).isEmpty();
        script.begin(catchUps.statusReceived(liar));
        assertThat(script.effects()).isEmpty();
        script.now += 20_000;
        script.begin(catchUps.statusReceived(liar));
        assertThat(script.awaited(Effect.FindQuant.class).quant())
                .isEqualTo(Script.claim(99, 1).hash());
    }

    /** Each answer comes in time, and brings a quant; all together they would take for ever. */
    @Test
    void aPeerThatGivesLittleAtATimeIsLeftForAnother() {
        script.pace = new Pace(5_000, 120_000, 16_384);
        begin();
        PeerState slow = script.peer("slow", Script.claim(99, 1));
        PeerState other = script.peer("other", Script.claim(60, 60));
        script.begin(catchUps.statusReceived(slow));
        script.begin(catchUps.statusReceived(other));
        followed();
        assertThat(script.awaited(Effect.Call.class).peer()).isEqualTo(slow.key());
        int answers = 0;
        while (ended.isEmpty()) {
            script.now += 2_000;
            answers++;
            script.answered(Follow.class, new Range(Script.claim(99, 1), List.of(part(answers))));
            assertThat(answers).isLessThan(10);
            if (script.effects().stream().anyMatch(Effect.Append.class::isInstance)) {
                script.succeed(Effect.Append.class, new Verdict.Known(Script.CHAIN));
            }
            script.effects().stream()
                    .filter(Effect.Refresh.class::isInstance)
                    .findFirst()
                    .ifPresent(refresh -> script.succeed(Effect.Refresh.class, Done.DONE));
        }
        assertThat(ended).singleElement().isInstanceOf(Ending.Slow.class);
        assertThat(liars).isEmpty();
        // It is no liar: who waits for better heads still waits for it.
        assertThat(catchUps.ahead(slow, Script.claim(99, 1))).isTrue();
        followed();
        assertThat(script.awaited(Effect.Call.class).peer()).isEqualTo(other.key());
    }

    @Test
    void whoBreaksOffAgainAndAgainIsLeftAloneEverLonger() {
        PeerState only = script.peer("only", Script.claim(99, 1));
        long last = 0;
        for (int i = 0; i < 4; i++) {
            script.begin(catchUps.statusReceived(only));
            followed();
            script.silence(Follow.class);
            script.succeed(Effect.Refresh.class, Done.DONE);
            long broke = script.now;
            while (script.effects().isEmpty()) {
                script.now++;
                script.begin(catchUps.statusReceived(only));
            }
            assertThat(script.now - broke).isGreaterThan(last);
            last = script.now - broke;
            script.succeed(
                    Effect.FindQuant.class, Optional.of(Samples.pow("main").genesis()));
            script.succeed(Effect.Refresh.class, Done.DONE);
        }
    }

    private static Part part(int height) {
        Header genesis = Samples.pow("main").genesis();
        Header header = new Header(
                genesis.version(),
                Script.CHAIN,
                height,
                genesis.timestamp(),
                genesis.previous(),
                0,
                genesis.root(),
                0,
                genesis.producer(),
                genesis.consensus(),
                genesis.proof());
        return new Part(new CompactQuant(header, List.of(), List.of()), List.of());
    }

    @Test
    void aPeerThatWentMeanwhileIsNotFollowed() {
        script.begin(catchUps.statusReceived(script.peer("gone", Script.claim(6, 6))));
        script.peers.clear();
        script.succeed(Effect.FindQuant.class, Optional.empty());
        assertThat(script.effects()).isEmpty();
        assertThat(catchUps.underWay()).isEmpty();
    }

    @Test
    void oneRunAChainAtATime() {
        script.begin(catchUps.statusReceived(script.peer("one", Script.claim(6, 6))));
        followed();
        script.begin(catchUps.statusReceived(script.peer("two", Script.claim(7, 7))));
        assertThat(catchUps.underWay()).hasSize(1);
        assertThat(script.effects()).hasSize(1);
    }
}
