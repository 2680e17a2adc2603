package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final int SIZE = 2_000_000;

    private HttpServer server;
    private TcpProxy proxy;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        proxy = new TcpProxy(server.getAddress().getPort());
        client = new Client(proxy.url());
    }

    @AfterEach
    void end() {
        proxy.close();
        server.stop(0);
    }

    @Test
    void passesOnEveryByteInOrder() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; body.length() < SIZE; i++) {
            body.append(i).append(' ');
        }
        assertThat(client.post("/", body.toString()).expect(200).text()).isEqualTo(body.toString());
        proxy.delay(Duration.ofMillis(20));
        assertThat(client.post("/", body.toString()).expect(200).text()).isEqualTo(body.toString());
        assertThat(client.raw("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"))
                .startsWith("HTTP/1.1 200")
                .endsWith("hi");
    }

    @Test
    void aCutLineAnswersNothingUntilItIsHealed() {
        client.get("/").expect(200);
        proxy.cut();
        assertThatThrownBy(() -> client.get("/")).isInstanceOf(UncheckedIOException.class);
        proxy.heal();
        Await.until("the line is back", () -> client.get("/").status() == 200);
    }

    @Test
    void aSlowLineIsSlowInBothDirections() {
        proxy.delay(Duration.ofMillis(150));
        long begun = System.nanoTime();
        client.get("/").expect(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(290));
    }

    @Test
    void portsAreNotGivenTwice() {
        assertThat(Ports.free()).isNotEqualTo(Ports.free());
    }
}
