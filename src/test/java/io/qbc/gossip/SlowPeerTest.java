package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import io.qbc.e2e.hostile.TricklingPeer;
import io.qbc.model.Ed25519;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Peers that answer so slowly that nobody could wait for them, though they are never silent for long. */
class SlowPeerTest extends PeerNetwork {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration GRACE = Patience.stretch(Duration.ofMillis(500));

    @Test
    void whoBringsTooLittleIsLeftForAnother() {
        tricklingPeerIsLeft(Patience.ANSWER, 16 << 10);
    }

    @Test
    void whoTakesTooLongIsLeftForAnother() {
        tricklingPeerIsLeft(GRACE.multipliedBy(2), 0);
    }

    private void tricklingPeerIsLeft(Duration callTime, int callRateBytes) {
        TricklingPeer slow =
                closing(new TricklingPeer(Ed25519.signer(Samples.seed("slow")), TestNode.CHAIN.id(), PAUSE));
        TestNode honest = small("honest");
        for (int i = 0; i < 30; i++) {
            honest.ledger.client(Samples.transaction(TestNode.CHAIN, i));
            honest.ledger.leap();
        }
        TestNode node = closing(TestNode.start("node", data, g -> bounded(g, callTime, callRateBytes), slow.address()));
        await().untilAsserted(() -> assertThat(slow.syncs).hasPositiveValue());
        node.discover(honest.address());
        await().untilAsserted(() -> assertThat(node.ledger.headHash()).isEqualTo(honest.ledger.headHash()));
        await().untilAsserted(() -> assertThat(slow.cutOff).hasPositiveValue());
        assertThat(node.peers().traffic().slow()).isPositive();
        await().untilAsserted(
                        () -> assertThat(node.peers().traffic().answerBytes()).isLessThanOrEqualTo(1 << 20));
    }

    private static NodeConfig.Gossip bounded(NodeConfig.Gossip base, Duration callTime, int callRateBytes) {
        return new NodeConfig.Gossip(
                base.networks(),
                base.peersMax(),
                GRACE,
                base.backoffMin(),
                base.backoffMax(),
                base.heartbeat(),
                base.batchIds(),
                base.batchBytes(),
                new NodeConfig.PeerLimits(
                        base.limits().messageBytes(), base.limits().answerBytes(), callTime, callRateBytes));
    }
}
