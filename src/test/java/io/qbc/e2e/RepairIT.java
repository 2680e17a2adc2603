package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.e2e.Jar.Finished;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A directory with damaged tables")
class RepairIT {
    @Test
    @DisplayName("is mended from a peer, and keeps what the peer lacks")
    void isMended(@TempDir Path home) throws IOException {
        Plan first = calm(Plan.in(home.resolve("1"))).environment("QBC_CHAINS_FOLLOW", "none");
        try (NodeProcess one = NodeProcess.start(first)) {
            for (int i = 0; i < 60; i++) {
                one.client().inject("{\"n\":" + i + "}").expect(202);
                if (i % 20 == 19) {
                    one.client().leap().expect(201);
                }
            }
            Plan second = calm(Plan.in(home.resolve("2")));
            String own;
            try (NodeProcess two = NodeProcess.start(second.peer(one.url()))) {
                Await.asserted(
                        "it has the head",
                        () -> assertThat(two.client().headHash())
                                .isEqualTo(one.client().headHash()));
                assertThat(two.terminate()).isZero();
            }
            Path table = tables(second.data().resolve("store")).get(1);
            try (NodeProcess alone = NodeProcess.start(second)) {
                own = alone.client()
                        .inject("{\"own\":true}")
                        .expect(202)
                        .json()
                        .get("id")
                        .textValue();
                assertThat(alone.terminate()).isZero();
            }
            byte[] key = Files.readAllBytes(second.data().resolve("identity.key"));
            damage(table);
            Finished found = Jar.run(second, "verify", "--data", second.data().toString());
            assertThat(found.code()).as(found.output()).isEqualTo(1);
            Finished mended = Jar.run(second, "verify", "--data", second.data().toString(), "--repair-from", one.url());
            assertThat(mended.code()).as(mended.output()).isZero();
            assertThat(mended.output()).contains("mended from " + one.url());
            Chains.verifySound(second);
            assertThat(Files.readAllBytes(second.data().resolve("identity.key")))
                    .isEqualTo(key);
            try (NodeProcess again = NodeProcess.start(second)) {
                assertThat(again.client().headHash()).isEqualTo(one.client().headHash());
                assertThat(Chains.ids(again.client())).isEqualTo(Chains.ids(one.client()));
                String state = again.client()
                        .get("/v1/chains/main/transactions/" + own)
                        .expect(200)
                        .json()
                        .get("state")
                        .textValue();
                assertThat(state).isEqualTo("pending");
                again.client()
                        .post("/v1/chains", "{\"name\":\"own\",\"consensus\":{\"engine\":\"dbc\"}}")
                        .expect(201);
                assertThat(again.terminate()).isZero();
            }
            damage(tables(second.data().resolve("store")).get(1));
            Finished refused =
                    Jar.run(second, "verify", "--data", second.data().toString(), "--repair-from", one.url());
            assertThat(refused.code()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output()).contains("chain own: ", "nothing was changed");
            assertThat(second.data().resolveSibling("data.repair")).doesNotExist();
            assertThat(Jar.run(second, "verify", "--data", second.data().toString())
                            .output())
                    .contains("NOT sound: 2 chains");
        }
    }

    private static Plan calm(Plan plan) {
        return plan.environment("QBC_LEAP_TRANSACTIONS", "0")
                .environment("QBC_LEAP_BYTES", "0")
                .environment("QBC_LEAP_AGE", "0s");
    }

    private static List<Path> tables(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .sorted()
                    .toList();
        }
    }

    /** Flips a bit near the beginning, where a table's entries are. */
    private static void damage(Path table) throws IOException {
        try (FileChannel channel = FileChannel.open(table, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, 20);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), 20);
        }
    }
}
