package io.qbc.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.qbc.cli.remote.CommandFixture.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditCommandTest {
    private static final String REMOVED = placed(
            4,
            "{\"event\":\"ended\",\"time\":1795305600000,\"name\":\"ops\",\"role\":\"admin\",\"address\":\"10.0.0.7\","
                    + "\"operation\":\"removeChain\",\"target\":\"orders\",\"code\":\"ok\"}");
    private static final String COUNTED = placed(
            3,
            "{\"event\":\"counted\",\"time\":1795305590000,\"name\":\"shop\",\"operation\":\"inject\","
                    + "\"target\":\"main\",\"code\":\"ok\",\"count\":12}");
    private static final String KEY = placed(
            2,
            "{\"event\":\"keys\",\"time\":1795305580000,\"change\":\"added\",\"key\":\"59c237dc54d7\","
                    + "\"keyName\":\"shop\",\"roles\":[\"writer@orders\",\"reader\"]}");
    private static final String DISABLED = placed(
            1,
            "{\"event\":\"disabled\",\"time\":1795305570000,\"target\":\"00ff\","
                    + "\"subscription\":\"hook\",\"error\":\"the receiver answered 410\"}");

    private final Deque<String> answers = new ConcurrentLinkedDeque<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private CommandFixture qbc;

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/audit", exchange -> {
            asked.add(String.valueOf(exchange.getRequestURI().getRawQuery()));
            byte[] body = answers.remove().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        qbc = new CommandFixture("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private static String placed(int index, String entry) {
        return "{\"id\":\"00\",\"height\":1,\"index\":" + index + ",\"entry\":" + entry + "}";
    }

    private static String page(String next, String... entries) {
        return "{\"entries\":[" + String.join(",", entries) + "],\"next\":" + next + "}";
    }

    @Test
    void theListIsATableOverAllPages() {
        answers.add(page("\"1-3\"", REMOVED, COUNTED));
        answers.add(page("null", KEY, DISABLED));
        Ended listed = qbc.run("audit", "list", "--name", "a b", "--from", "2026-11-21T00:00:00Z");
        assertThat(listed.code()).as(listed.err()).isZero();
        assertThat(asked)
                .containsExactly(
                        "limit=100&from=1795219200000&name=a%20b", "limit=98&from=1795219200000&name=a%20b&after=1-3");
        assertThat(listed.lines()).hasSize(5);
        assertThat(listed.lines().get(0)).startsWith("TIME").endsWith("OUTCOME");
        assertThat(listed.lines().get(1))
                .matches("2026-11-22T00:00:00Z +ended +ops +admin +10.0.0.7 +removeChain +orders +ok");
        assertThat(listed.lines().get(2)).matches("\\S+ +counted +shop +inject +main +12 ok");
        assertThat(listed.lines().get(3)).matches("\\S+ +keys +shop +writer@orders,reader +added +59c237dc54d7");
        assertThat(listed.lines().get(4)).matches("\\S+ +disabled +hook +00ff +the receiver answered 410");
    }

    @Test
    void jsonIsWhatTheNodeAnswers() {
        answers.add(page("null", KEY));
        assertThat(qbc.run("audit", "list", "--json", "--limit", "7").out().strip())
                .isEqualTo(page("null", KEY));
        assertThat(asked).containsExactly("limit=7");
    }

    @Test
    void theTailGoesOnWhereItWas() {
        answers.add(page("\"1-2\"", KEY));
        answers.add(page("null", REMOVED, COUNTED, KEY));
        Ended followed = qbc.run("audit", "tail", "--count", "3");
        assertThat(followed.code()).as(followed.err()).isZero();
        assertThat(followed.lines()).hasSize(3);
        assertThat(followed.lines().get(0)).contains("  keys  ");
        assertThat(followed.lines().get(1)).contains("  counted  ");
        assertThat(followed.lines().get(2)).contains("  removeChain  orders  ok");
        assertThat(asked).containsExactly("limit=10", "limit=1000&from=1795301980000");
        assertThat(qbc.pauses).hasSize(1);
    }

    @Test
    void aTimeThatIsNoneIsRefused() {
        Ended refused = qbc.run("audit", "list", "--from", "yesterday");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--from must be like");
        assertThat(qbc.run("audit").code()).isEqualTo(2);
        assertThat(asked).isEmpty();
    }
}
