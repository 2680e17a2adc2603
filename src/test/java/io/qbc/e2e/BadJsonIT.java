package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("JSON that the strict reader must refuse")
class BadJsonIT {
    @Test
    @DisplayName("is answered 400 by every route that takes a body, and nothing changes")
    void refused(@TempDir Path home) {
        try (NodeProcess node = NodeProcess.start(Plan.in(home))) {
            Client client = node.client();
            SoftAssertions all = new SoftAssertions();
            for (byte[] body : bodies()) {
                for (String path : List.of("/inject", "/v1/chains/main/transactions", "/add-block")) {
                    Answer answer = client.send(client.request(
                            "POST", path, BodyPublishers.ofByteArray(body), "Content-Type", "application/json"));
                    all.assertThat(answer.status())
                            .as("%s: %s", text(body), answer)
                            .isEqualTo(400);
                    all.assertThat(answer.json().path("code").asText())
                            .as("%s: %s", text(body), answer)
                            .isIn("json_invalid", "payload_missing", "request_invalid", "quant_malformed");
                }
            }
            all.assertAll();
            assertThat(Chains.waiting(client)).isZero();
            client.inject("{\"fine\":[1.5e-3,\"\\ud83d\\ude00\",{}]}").expect(202);
        }
    }

    private static List<byte[]> bodies() {
        List<byte[]> bodies = new ArrayList<>();
        for (String text : List.of(
                "",
                "{",
                "[]",
                "7",
                "{\"data\":}",
                "{\"data\":1,}",
                "{\"data\":1}{}",
                "{\"data\":1} x",
                "{\"data\":{\"a\":1,\"a\":2}}",
                "{\"data\":{\"a\":1,\"\\u0061\":2}}",
                "{\"data\":1,\"data\":1}",
                "{\"data\":NaN}",
                "{\"data\":Infinity}",
                "{\"data\":01}",
                "{\"data\":+1}",
                "{\"data\":.5}",
                "{\"data\":1.}",
                "{\"data\":'a'}",
                "{data:1}",
                "{\"data\":1/*c*/}",
                "{\"data\":1}//c",
                "{\"data\":\"\\ud800\"}",
                "{\"data\":\"\\udc00\\ud800\"}",
                "{\"data\":\"\\x\"}",
                "{\"data\":\"a\tb\"}",
                "{\"data\":" + "[".repeat(40) + "]".repeat(40) + "}",
                "\ufeff{\"data\":1}")) {
            bodies.add(text.getBytes(StandardCharsets.UTF_8));
        }
        bodies.add(bytes("{\"data\":\"\u00c0\u00af\"}"));
        bodies.add(bytes("{\"data\":\"\u00ed\u00a0\u0080\"}"));
        bodies.add(bytes("{\"data\":\"\u00ff\"}"));
        bodies.add(bytes("{\"data\":\"\u00e2\u0082\"}"));
        bodies.add("{\"data\":1}".getBytes(StandardCharsets.UTF_16));
        return bodies;
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1);
    }
}
