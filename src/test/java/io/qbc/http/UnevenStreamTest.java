package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Streams of chains in which nothing is as large as what came before it, so that guesses about pages go wrong. */
class UnevenStreamTest {
    private static final long SEED = 20261122;

    @Test
    void aStreamIsWholeWhateverTheSizes() {
        Random random = new Random(SEED);
        try (HttpFixture httpFixture = new HttpFixture()) {
            List<String> expected = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < 60; i++) {
                List<Transaction> waiting = new ArrayList<>();
                int groups = random.nextInt(4);
                for (int j = 0; j < groups; j++) {
                    int count = 1 + random.nextInt(i % 10 == 0 ? 400 : 20);
                    int bytes = random.nextInt(random.nextInt(5) == 0 ? 40_000 : 600);
                    waiting.addAll(httpFixture.node.transactions(from, count, bytes));
                    from += count;
                }
                httpFixture.node.leap(waiting);
                waiting.stream().map(Transaction::id).map(Hash::hex).forEach(expected::add);
            }
            String lines = httpFixture
                    .send(httpFixture.request("/v1/chains/main/quants").header("Accept", "application/x-ndjson"))
                    .body();
            List<String> read = new ArrayList<>();
            List<Long> heights = new ArrayList<>();
            lines.lines().map(JsonObject::new).forEach(quant -> {
                heights.add(quant.getLong("height"));
                quant.getJsonArray("transactions")
                        .forEach(transaction -> read.add(((JsonObject) transaction).getString("id")));
            });
            assertThat(read).as("seed %d", SEED).isEqualTo(expected);
            assertThat(heights).hasSize(61).isSorted().doesNotHaveDuplicates();
        }
    }
}
