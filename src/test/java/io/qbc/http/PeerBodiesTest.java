package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.api.ByteBudget;
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

/** The bytes of peers' messages, counted before they are read. */
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
        return Samples.with(
                base,
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
                                MESSAGE_BYTES, 2 * MESSAGE_BYTES, limits.callTime(), limits.callRateBytes())));
    }

    /** Begins a message and sends nothing of it. */
    private Socket begun(String framing) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpFixture.port());
        open.add(socket);
        socket.setSoTimeout((int) Patience.ANSWER.toMillis());
        String head = "POST /v1/peer/quant HTTP/1.1\r\nHost: here\r\nContent-Type: application/octet-stream\r\n";
        socket.getOutputStream().write((head + framing + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void awaitUse(long bytes) {
        await().untilAsserted(() ->
                assertThat(httpFixture.sharedLimits.peerBodies().inUse()).isEqualTo(bytes));
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
    void aMessageIsRefusedBeforeItIsReadWhileTooMuchIsUnderWay() throws IOException {
        Socket first = begun("Content-Length: " + (MESSAGE_BYTES - 100));
        awaitUse(MESSAGE_BYTES - 100);
        assertThat(call(new byte[100]).statusCode()).isEqualTo(200);
        HttpResponse<String> busy = call(new byte[101]);
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.headers().firstValue("Retry-After")).isPresent();
        assertThat(busy.body()).contains("\"code\":\"busy\"");
        first.close();
        awaitUse(0);
        assertThat(call(new byte[101]).statusCode()).isEqualTo(200);
        awaitUse(0);
    }

    @Test
    void whatDoesNotSayHowLongItIsCountsAsTheLongest() throws IOException {
        Socket chunked = begun("Transfer-Encoding: chunked");
        awaitUse(MESSAGE_BYTES);
        assertThat(call(new byte[1]).statusCode()).isEqualTo(503);
        chunked.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        awaitUse(0);
    }

    /** An answer of some megabytes waits a little for its turn, and is refused then. */
    @Test
    void aLargeAnswerIsNotMadeWithoutRoomForIt() {
        ByteBudget answers = httpFixture.sharedLimits.peerAnswers();
        assertThat(call("sync", new byte[1]).statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(answers.inUse()).isZero());
        long all = httpFixture.config.gossip().batchBytes();
        assertThat(answers.take("127.0.0.1", all)).isTrue();
        assertThat(call("ids", new byte[1]).statusCode()).isEqualTo(200);
        assertThat(call("sync", new byte[1]).statusCode()).isEqualTo(503);
        awaitUse(0);
        answers.release("127.0.0.1", all);
        assertThat(call("sync", new byte[1]).statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(answers.inUse()).isZero());
    }

    @Test
    void aMessageThatIsTooLongIsRefused() {
        assertThat(call(new byte[MESSAGE_BYTES + 1]).statusCode()).isEqualTo(413);
        awaitUse(0);
    }
}
