package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.model.AuditChain;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.spec.AuditSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of a node's audit trail no message of the peers' protocol tells anything, and none is taken over from peers. */
class AuditTrailPeersTest extends PeerNetwork {
    @Test
    void toPeersThereIsNoAuditTrail() {
        TestNode a = node("a");
        ChainSpec trail = AuditSpec.of(a.key());
        a.ledgers.bang(trail);
        FakeLedger kept = a.ledgers.find(trail.id()).orElseThrow();
        Transaction entry = Samples.transaction(trail, 1);
        kept.client(entry);
        Hash sealed = kept.leap().header().hash();
        kept.client(Samples.transaction(trail, 2));
        TestNode b = node("b", a.address());
        a.ledgers.bang(TestNode.dbc("orders"));
        await().until(() -> b.ledgers.names().contains("orders"));
        assertThat(b.ledgers.names()).doesNotContain(AuditChain.NAME);
        assertThat(a.ask(PeerMethod.HEAD, new AskStatus(Mark.NONE)).chains())
                .extracting(Listing::name)
                .contains("main", "orders")
                .doesNotContain(AuditChain.NAME);
        assertThat(a.status(PeerMethod.SPEC, new About(trail.id()))).isEqualTo(404);
        assertThat(a.status(PeerMethod.SYNC, new Follow(trail.id(), List.of(trail.id()))))
                .isEqualTo(404);
        assertThat(a.status(PeerMethod.FETCH, new Ids(trail.id(), List.of(entry.id()))))
                .isEqualTo(404);
        assertThat(a.status(PeerMethod.IDS, new Ids(trail.id(), List.of(entry.id()))))
                .isEqualTo(404);
        assertThat(a.status(PeerMethod.TRANSACTIONS, new Push(trail.id(), List.of())))
                .isEqualTo(404);
        assertThat(a.status(PeerMethod.QUANT, new Hint(trail.id(), sealed))).isEqualTo(404);
        assertThat(a.status(PeerMethod.LEAP, new AskLeap(trail.id(), Optional.empty())))
                .isEqualTo(404);
    }

    @Test
    void noChainOfThatNameIsTakenOver() {
        TestNode a = node("a");
        a.ledgers.bang(TestNode.dbc(AuditChain.NAME));
        a.ledgers.bang(TestNode.dbc("orders"));
        TestNode b = node("b", a.address());
        await().until(() -> b.ledgers.names().contains("orders"));
        assertThat(b.ledgers.names()).doesNotContain(AuditChain.NAME);
    }
}
