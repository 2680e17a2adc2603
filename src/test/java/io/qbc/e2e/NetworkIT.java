package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.config.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Three nodes of a network with a secret")
class NetworkIT {
    private static final String RIGHT = "3f7a5e0c1b92d84766aa10ce5f23b98d";
    private static final String WRONG = "00112233445566778899aabbccddeeff";

    @Test
    @DisplayName("are peers, and a fourth without it stays outside, which both sides say in words")
    void secret(@TempDir Path home) throws IOException {
        Path right = secret(home.resolve("right"), RIGHT);
        Path wrong = secret(home.resolve("wrong"), WRONG);
        try (Network network = Network.start(home, 3, plan -> in(plan, right));
                NodeProcess fourth = NodeProcess.start(in(Plan.in(home.resolve("fourth")), wrong)
                        .peer(network.node(0).url()));
                NodeProcess open = NodeProcess.start(
                        Plan.in(home.resolve("open")).peer(network.node(0).url()))) {
            isOutside(fourth, "secret");
            isOutside(open, "network.mode");
            Await.asserted(
                    "the first node tells of both",
                    () -> assertThat(texts(network.client(0), "refused", "code"))
                            .contains("secret_differs", "mode_differs"));
            network.client(0).inject("{\"n\":1}").expect(202);
            network.client(0).leap().expect(201);
            network.awaitQuiet("main");
            assertThat(network.client(2).headHeight()).isEqualTo(1);
            assertThat(fourth.client().headHeight()).isZero();
            assertThat(open.client().headHeight()).isZero();
            assertThat(network.node(0).output()).contains("its shared secret is another one");
            for (NodeProcess node : List.of(network.node(0), network.node(1), fourth)) {
                assertThat(node.output()).doesNotContain(RIGHT).doesNotContain(WRONG);
                assertThat(node.client().get("/v1/peers").expect(200).text())
                        .doesNotContain(RIGHT)
                        .doesNotContain(WRONG);
            }
        }
    }

    private static Plan in(Plan plan, Path secret) {
        return plan.environment("QBC_NETWORK_MODE", "secret").environment("QBC_NETWORK_SECRET_FILE", secret.toString());
    }

    private static Path secret(Path file, String secret) throws IOException {
        PrivateFile.write(file, secret + "\n");
        return file;
    }

    private static void isOutside(NodeProcess node, String words) {
        Await.asserted(
                "the node outside says why",
                () -> assertThat(texts(node.client(), "peers", "lastError"))
                        .singleElement()
                        .satisfies(error -> assertThat(error).contains(words)));
        assertThat(node.output()).contains(words);
    }

    private static List<String> texts(Client client, String list, String member) {
        JsonNode members = client.get("/v1/peers").expect(200).json().get(list);
        return StreamSupport.stream(members.spliterator(), false)
                .map(each -> each.path(member).asText())
                .toList();
    }
}
