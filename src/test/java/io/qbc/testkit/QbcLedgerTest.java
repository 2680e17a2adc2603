package io.qbc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.client.BlockingQbcClient;
import io.qbc.client.QbcClient;
import io.qbc.client.answer.ChainInfo;
import io.qbc.client.answer.InjectResult;
import io.qbc.client.answer.QbcException;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.TransactionRequest;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The test kit as its users use it. */
@QbcLedger(chains = @LedgerChain("orders"))
class QbcLedgerTest {
    private static final TransactionRequest ORDER = TransactionRequest.json("{\"n\":1}");

    @Test
    void aTestHasANodeWithItsChains(BlockingQbcClient client) {
        assertThat(client.listChains()).extracting(ChainInfo::name).containsExactly("main", "orders");
        InjectResult result = client.inject("orders", ORDER);
        assertThat(client.leap("orders").count()).isEqualTo(1);
        assertThat(client.findTransaction("orders", result.id()).orElseThrow().isCommitted())
                .isTrue();
    }

    @Test
    void eachTestHasItsOwn(BlockingQbcClient client, LedgerNetwork network) {
        assertThat(client.head("orders").height()).isZero();
        assertThat(network.nodes()).hasSize(1);
    }

    @Test
    void theTimeIsTheTests(BlockingQbcClient client, LedgerClock clock) {
        Instant then = Instant.now().plusSeconds(1000);
        clock.stopAt(then);
        client.inject("orders", ORDER);
        client.leap("orders");
        assertThat(client.head("orders").timestamp()).isEqualTo(then.toEpochMilli());
        clock.advance(Duration.ofHours(5));
        InjectResult late = client.inject("orders", TransactionRequest.json("2"));
        assertThat(client.findTransaction("orders", late.id())
                        .orElseThrow()
                        .transaction()
                        .timestamp())
                .isEqualTo(then.plus(Duration.ofHours(5)).toEpochMilli());
    }

    @Test
    void aNodeThatIsStoppedKeepsWhatItAcknowledged(LedgerNode node, BlockingQbcClient client) {
        InjectResult result = client.inject("orders", ORDER.withKey("a"));
        node.stop();
        try (BlockingQbcClient impatient = impatient(node)) {
            assertThatThrownBy(() -> impatient.inject("orders", ORDER)).isInstanceOf(QbcException.class);
        }
        node.start();
        assertThat(client.inject("orders", ORDER.withKey("a")).id()).isEqualTo(result.id());
    }

    @Test
    void aNodeCanBeCutOffAndSlow(LedgerNode node, BlockingQbcClient client) {
        node.cutOff();
        try (BlockingQbcClient impatient = impatient(node)) {
            assertThatThrownBy(() -> impatient.head("orders"))
                    .isInstanceOfSatisfying(
                            QbcException.class, gone -> assertThat(gone.code()).isEqualTo(QbcException.UNREACHABLE));
            node.restore();
            node.slow(Duration.ofMinutes(10));
            assertThatThrownBy(() -> impatient.head("orders"))
                    .isInstanceOfSatisfying(
                            QbcException.class, late -> assertThat(late.code()).isEqualTo(QbcException.TIMED_OUT));
        }
        node.slow(Duration.ZERO);
        assertThat(client.head("orders").height()).isZero();
    }

    private static BlockingQbcClient impatient(LedgerNode node) {
        return BlockingQbcClient.connect(
                ClientOptions.of(node.url()).withTimeouts(Duration.ofMillis(400), Duration.ofMillis(200)));
    }

    @Test
    void aNodeCanBeFull(LedgerNode node, BlockingQbcClient client) {
        node.full(true);
        await().untilAsserted(() -> assertThatThrownBy(() -> client.inject("orders", ORDER))
                .isInstanceOfSatisfying(
                        QbcException.class, full -> assertThat(full.code()).isEqualTo("store_full")));
        node.full(false);
        await().ignoreExceptionsInstanceOf(QbcException.class)
                .until(() -> client.inject("orders", ORDER).id() != null);
    }

    @Test
    @QbcLedger(nodes = 3, chains = @LedgerChain("shared"), settings = "pool.transactions=2")
    void aNetworkIsOne(LedgerNetwork network, QbcClient unused) {
        BlockingQbcClient second = network.node(1).blocking();
        second.inject("shared", TransactionRequest.json("1"));
        second.inject("shared", TransactionRequest.json("2"));
        assertThat(unused).isSameAs(network.node(0).client());
        await().until(() -> network.node(0).blocking().leap("shared").treeSize() == 2);
        network.awaitSameHead("shared");
        assertThat(network.node(2).blocking().head("shared").tree().size()).isEqualTo(2);
    }

    @Nested
    class Inside {
        @Test
        void aNestedClassHasTheSame(BlockingQbcClient client) {
            assertThat(client.findChain("orders")).isPresent();
        }
    }
}
