package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.Hash;
import io.qbc.model.Run;
import io.qbc.model.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pool")
class PoolTest {
    private final Pool pool = new Pool(10, 1000);

    @Test
    @DisplayName("gives the first entries in the log's order, neighbours as one run")
    void order() {
        add(7, 10);
        add(3, 10);
        add(4, 10);
        Pool.Batch batch = pool.first(10, 1000);
        assertThat(batch.ids()).containsExactly(id(3), id(4), id(7));
        assertThat(batch.runs()).containsExactly(new Run(3, 2), new Run(7, 1));
        assertThat(batch.bytes()).isEqualTo(30);
    }

    @Test
    @DisplayName("gives no more than a quant may hold, but always one")
    void limits() {
        add(1, 600);
        add(2, 300);
        add(3, 50);
        assertThat(pool.first(2, 1000).ids()).containsExactly(id(1), id(2));
        assertThat(pool.first(10, 900).ids()).containsExactly(id(1), id(2));
        assertThat(pool.first(10, 100).ids()).containsExactly(id(1));
        assertThat(new Pool(1, 1).first(10, 10).ids()).isEmpty();
    }

    @Test
    @DisplayName("has room for so many transactions and bytes, those on their way in counted")
    void room() {
        assertThat(pool.reserve(900)).isTrue();
        assertThat(pool.reserve(101)).isFalse();
        pool.release(900);
        assertThat(pool.reserve(1000)).isTrue();
        pool.release(1000);
        for (int i = 0; i < 10; i++) {
            assertThat(pool.reserve(1)).isTrue();
            pool.release(1);
            add(i, 1);
        }
        assertThat(pool.reserve(1)).isFalse();
        pool.remove(new Run(0, 1));
        assertThat(pool.reserve(1)).isTrue();
    }

    @Test
    @DisplayName("announces what is new and not quiet")
    void news() {
        add(1, 1);
        pool.add(2, id(2), 1, 0, true);
        add(3, 1);
        assertThat(pool.after(0, 10)).isEqualTo(new Pool.News(List.of(id(1), id(3)), 3));
        assertThat(pool.after(1, 10)).isEqualTo(new Pool.News(List.of(id(3)), 3));
        assertThat(pool.after(0, 1)).isEqualTo(new Pool.News(List.of(id(1)), 1));
        assertThat(pool.after(3, 10)).isEqualTo(new Pool.News(List.of(), 3));
    }

    @Test
    @DisplayName("keeps its sums under any order of additions and removals")
    void sums() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        TreeMap<Long, Integer> model = new TreeMap<>();
        for (int step = 0; step < 5000; step++) {
            long at = random.nextInt(200);
            if (random.nextInt(3) > 0) {
                int size = 1 + random.nextInt(9);
                pool.add(at, id(at), size, step, false);
                model.putIfAbsent(at, size);
            } else {
                Run run = new Run(at, 1 + random.nextInt(20));
                pool.remove(run);
                model.subMap(run.from(), run.end()).clear();
            }
            assertThat(pool.transactions()).as("seed %d step %d", seed, step).isEqualTo(model.size());
            assertThat(pool.bytes())
                    .as("seed %d step %d", seed, step)
                    .isEqualTo(model.values().stream()
                            .mapToLong(Integer::longValue)
                            .sum());
        }
        List<Hash> ids = new ArrayList<>();
        model.keySet().forEach(key -> ids.add(id(key)));
        assertThat(pool.first(Integer.MAX_VALUE, Long.MAX_VALUE).ids())
                .as("seed %d", seed)
                .isEqualTo(ids);
    }

    private void add(long sequence, int size) {
        pool.add(sequence, id(sequence), size, 0, false);
    }

    private static Hash id(long n) {
        return Sha256.of(Samples.seed("id" + n));
    }
}
