package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Samples;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The index of transactions of a node that is killed")
class IndexIT {
    private static final int KILLS = 3;
    private static final int TYPES = 7;
    private static final int BATCH = 200;
    private static final int BATCHES = 20;

    private int injected;

    @Test
    @DisplayName("has all of a chain, made with it and filled in afterwards")
    void isWhole(@TempDir Path home) {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        System.out.println("IndexIT: seed " + seed);
        Random random = new Random(seed);
        Plan plan = Plan.in(home).environment("QBC_LEAP_TRANSACTIONS", "30");
        try (NodeProcess node = NodeProcess.start(plan)) {
            for (int i = 0; i < KILLS; i++) {
                inject(node.client(), 1 + random.nextInt(BATCHES));
                node.kill9().restart();
            }
            agree(node.client(), seed);
            assertThat(node.terminate()).isZero();
            loseIndex(plan.data());
            for (int i = 0; i < KILLS; i++) {
                node.restart();
                // While it fills in, the chain grows.
                inject(node.client(), 1 + random.nextInt(BATCHES));
                node.kill9();
            }
            node.restart();
            Await.until(
                    "the index is complete",
                    () -> list(node.client(), "type=t0&limit=1").status() == 200);
            agree(node.client(), seed);
            assertThat(node.terminate()).isZero();
            Chains.verifySound(plan);
        }
    }

    private void inject(Client client, int batches) {
        for (int i = 0; i < batches; i++) {
            StringBuilder lines = new StringBuilder();
            for (int n = 0; n < BATCH; n++, injected++) {
                lines.append("{\"type\":\"t%d\",\"data\":%d}\n".formatted(injected % TYPES, injected));
            }
            client.send(client.request(
                            "POST",
                            "/v1/chains/main/transactions",
                            BodyPublishers.ofString(lines.toString()),
                            "Content-Type",
                            "application/x-ndjson"))
                    .expect(200);
        }
    }

    private static Answer list(Client client, String query) {
        return client.get("/v1/chains/main/transactions?" + query);
    }

    /** Compares the list of each type with the chain itself. */
    private static void agree(Client client, long seed) {
        client.leap();
        List<List<String>> expected = new ArrayList<>();
        for (int type = 0; type < TYPES; type++) {
            expected.add(new ArrayList<>());
        }
        Chains.quants(
                client,
                quant -> quant.get("transactions")
                        .forEach(transaction -> expected.get(
                                        transaction.get("type").textValue().charAt(1) - '0')
                                .add(transaction.get("id").textValue())));
        for (int type = 0; type < TYPES; type++) {
            assertThat(listed(client, "t" + type))
                    .as("type %d, seed %d", type, seed)
                    .isEqualTo(expected.get(type))
                    .isNotEmpty();
        }
    }

    private static List<String> listed(Client client, String type) {
        List<String> ids = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = list(client, "type=" + type + "&order=oldest&limit=500" + after)
                    .expect(200)
                    .json();
            page.get("transactions")
                    .forEach(transaction -> ids.add(transaction.get("id").textValue()));
            after = page.hasNonNull("next") ? "&after=" + page.get("next").textValue() : "";
        } while (!after.isEmpty());
        return ids;
    }

    /** As a version without an index left it. */
    private static void loseIndex(Path data) {
        try (Store store = RocksStore.open(
                        data.resolve("store"), Samples.config(data, 0).store());
                Store.Batch batch = store.batch()) {
            batch.delete(ColumnFamily.INDEX, StoreKeys.begin(0), StoreKeys.begin(100));
            store.write(batch);
        }
    }
}
