package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.api.limits.ByteBudget;
import io.qbc.config.NodeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bytes of peers' messages and of large answers to them, counted as all bodies and answers are. */
class PeerBodiesTest {
    private static final int MESSAGE_BYTES = 1 << 20;

    private final List<Socket> open = new ArrayList<>();
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        httpFixture = new HttpFixture(PeerBodiesTest::small);
    }

    @AfterEach
    void end() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        httpFixture.close();
    }

    /** One message of one address at once: the share of one is half of all. */
    private static NodeConfig small(NodeConfig base) {
        NodeConfig.Gossip gossip = base.gossip();
        NodeConfig.PeerLimits limits = gossip.limits();
        NodeConfig.Budgets budgets = base.budgets();
        return Samples.with(
                base,
                new NodeConfig.Budgets(
                        2 * MESSAGE_BYTES,
                        budgets.streamBytes(),
                        budgets.stallTimeout(),
                        budgets.rateBytes(),
                        50,
                        List.of()),
                new NodeConfig.Gossip(
                        gossip.networks(),
                        gossip.peersMax(),
                        gossip.callTimeout(),
                        gossip.backoffMin(),
                        gossip.backoffMax(),
                        gossip.heartbeat(),
                        gossip.batchIds(),
                        gossip.batchBytes(),
                        new NodeConfig.PeerLimits(
                                MESSAGE_BYTES, limits.answerBytes(), limits.callTime(), limits.callRateBytes())));
    }

    /** Begins a message, of which all comes but the last byte. */
    private Socket begun() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpFixture.port());
        open.add(socket);
        socket.setSoTimeout((int) Patience.ANSWER.toMillis());
        String head = "POST /v1/peer/quant HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
                + "Content-Length: " + MESSAGE_BYTES + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(new byte[MESSAGE_BYTES - 1]);
        return socket;
    }

    private void awaitUse(long bytes) {
        await().untilAsserted(() ->
                assertThat(httpFixture.sharedLimits.bodyBytes().held()).isEqualTo(bytes));
    }

    private HttpResponse<String> call(byte[] body) {
        return call("ids", body);
    }

    private HttpResponse<String> call(String verb, byte[] body) {
        return httpFixture.sendTooMuch(httpFixture
                .request("/v1/peer/" + verb)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(body)));
    }

    @Test
    void aMessageIsRefusedWhileTooMuchOfItsAddressIsUnderWay() throws IOException {
        Socket first = begun();
        awaitUse(MESSAGE_BYTES);
        assertThat(call(new byte[100]).statusCode()).isEqualTo(200);
        HttpResponse<String> busy = call(new byte[MESSAGE_BYTES]);
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.headers().firstValue("Retry-After")).isPresent();
        assertThat(busy.body()).contains("\"code\":\"busy\"");
        first.close();
        awaitUse(0);
        assertThat(call(new byte[MESSAGE_BYTES]).statusCode()).isEqualTo(200);
        awaitUse(0);
    }

    /** An answer of some megabytes waits a little for its turn, and is refused then. */
    @Test
    void aLargeAnswerIsNotMadeWithoutRoomForIt() {
        ByteBudget answers = httpFixture.sharedLimits.streamBytes();
        assertThat(call("sync", new byte[1]).statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(answers.held()).isZero());
        assertThat(answers.take(answers.most())).isTrue();
        assertThat(call("ids", new byte[1]).statusCode()).isEqualTo(200);
        assertThat(call("sync", new byte[1]).statusCode()).isEqualTo(503);
        awaitUse(0);
        answers.release(answers.most());
        assertThat(call("sync", new byte[1]).statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(answers.held()).isZero());
    }

    @Test
    void aMessageThatIsTooLongIsRefused() {
        assertThat(call(new byte[MESSAGE_BYTES + 1]).statusCode()).isEqualTo(413);
        awaitUse(0);
    }
}
