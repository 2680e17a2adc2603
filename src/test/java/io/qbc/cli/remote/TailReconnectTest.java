package io.qbc.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.qbc.cli.remote.CommandFixture.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream of events whose connection is lost again and again. */
class TailReconnectTest {
    private final List<String> asked = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private HttpServer server;
    private CommandFixture qbc;

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chains/main", exchange -> answer(exchange, 200, "{\"head\":{\"height\":6}}"));
        server.createContext("/v1/chains/main/events", this::stream);
        server.start();
        qbc = new CommandFixture("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private void stream(HttpExchange exchange) throws IOException {
        String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        asked.add(exchange.getRequestURI().getQuery() + " " + last);
        String answer = answers.isEmpty() ? "" : answers.remove(0);
        answer(exchange, answer.startsWith("{") ? 503 : 200, answer);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String event(String type, int height) {
        return "event: " + type + "\nid: " + height + "-aa\ndata: {\"height\":" + height
                + ",\"hash\":\"aa\",\"count\":0,\"timestamp\":0}\n\n";
    }

    @Test
    void goesOnAfterTheLastEventAndGivesUpAfterSomeTries() {
        answers.add("retry: 2000\n\nid: 6-aa\n\n");
        answers.add(":\n\n" + event("quant", 7) + event("quant", 8));
        answers.add("{\"title\":\"Too much is waiting\",\"detail\":\"d\",\"code\":\"busy\",\"retryable\":true}");
        answers.add(event("undone", 7) + "event: quant\nid: 8-bb\ndata: {\"cut");
        Ended ended = qbc.run("tail", "--retries", "2");
        assertThat(ended.code()).isEqualTo(6);
        assertThat(ended.lines()).hasSize(3);
        assertThat(ended.lines().get(2)).startsWith("undone 7  ");
        assertThat(asked)
                .startsWith("from=7 null", "from=7 6-aa", "from=7 8-aa", "from=7 8-aa", "from=7 7-aa")
                .hasSize(6);
        assertThat(ended.err()).contains("gave up after 2 tries", "--after 7-aa");
        assertThat(qbc.pauses).startsWith(1000L, 1000L, 2000L);
    }

    @Test
    void doesNotTryAgainWhatNeverWorked() {
        server.stop(0);
        assertThat(qbc.run("tail", "--after", "7-aa").code()).isEqualTo(6);
        assertThat(qbc.pauses).isEmpty();
    }

    @Test
    void endsWhenItHasEnough() {
        answers.add(event("quant", 7) + event("quant", 8));
        Ended ended = qbc.run("tail", "--count", "1");
        assertThat(ended.code()).isZero();
        assertThat(ended.lines()).hasSize(1);
    }
}
