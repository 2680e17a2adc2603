package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A chain larger than the heap")
class BigChainIT {
    private static final int TRANSACTIONS = 200;
    private static final int PAYLOAD = 600_000;

    @Test
    @DisplayName("streams through /json-chain from a node with 64 MB")
    void streams(@TempDir Path home) throws IOException {
        Plan plan = Plan.in(home)
                .jvm("-Xmx64m")
                .environment("QBC_CHAIN", Chains.quick(home).toString());
        try (NodeProcess node = NodeProcess.start(plan)) {
            String filling = "x".repeat(PAYLOAD);
            for (int i = 0; i < TRANSACTIONS; i++) {
                node.client().inject("\"" + i + filling + "\"").expect(202);
            }
            node.client().leap().expect(201);
            assertThat(count(node.client().stream("/json-chain").body())).isEqualTo(TRANSACTIONS);
            assertThat(count(node.client().stream("/v1/chains/main/quants", "Accept", "application/x-ndjson")
                            .body()))
                    .isEqualTo(TRANSACTIONS);
            assertThat(node.client().get("/health/ready").status()).isEqualTo(200);
            assertThat(node.terminate()).isZero();
        }
    }

    /** How many large strings a stream of JSON holds, read without keeping any of it. */
    private static int count(InputStream body) throws IOException {
        int large = 0;
        try (JsonParser parser = new JsonFactory().createParser(body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && parser.getTextLength() > PAYLOAD) {
                    large++;
                }
            }
        }
        return large;
    }
}
