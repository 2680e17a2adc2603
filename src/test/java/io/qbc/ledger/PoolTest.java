package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
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
        assertThat(batch.logRanges()).containsExactly(new LogRange(3, 2), new LogRange(7, 1));
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
        pool.remove(new LogRange(0, 1));
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

    private record Entry(int size, long since, boolean quiet) {}

    @Test
    @DisplayName("agrees with a plain map under any order of additions and removals")
    void model() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        TreeMap<Long, Entry> model = new TreeMap<>();
        long far = 1L << 40;
        for (int step = 0; step < 5000; step++) {
            long at = random.nextInt(300) + (random.nextInt(5) == 0 ? far : 0);
            if (random.nextInt(3) > 0) {
                Entry entry = new Entry(1 + random.nextInt(9), step, random.nextInt(4) == 0);
                pool.add(at, id(at), entry.size(), entry.since(), entry.quiet());
                model.putIfAbsent(at, entry);
            } else if (random.nextInt(200) > 0) {
                LogRange logRange = new LogRange(at, random.nextInt(150));
                pool.remove(logRange);
                model.subMap(logRange.from(), logRange.end()).clear();
            } else {
                pool.refill();
                pool.filled();
                model.clear();
            }
            String place = "seed " + seed + " step " + step;
            agree(place, model);
            agree(place, model, random.nextInt(300), 1 + random.nextInt(40));
        }
    }

    private void agree(String place, NavigableMap<Long, Entry> model) {
        assertThat(pool.transactions()).as(place).isEqualTo(model.size());
        assertThat(pool.bytes())
                .as(place)
                .isEqualTo(model.values().stream().mapToLong(Entry::size).sum());
        assertThat(pool.last()).as(place).isEqualTo(model.isEmpty() ? -1 : model.lastKey());
        assertThat(pool.oldest())
                .as(place)
                .isEqualTo(Optional.ofNullable(model.firstEntry())
                        .map(first -> first.getValue().since()));
    }

    private void agree(String place, NavigableMap<Long, Entry> model, long at, int most) {
        assertThat(pool.waitsUpTo(at)).as(place).isEqualTo(!model.isEmpty() && model.firstKey() <= at);
        List<Long> first = model.keySet().stream().limit(most).toList();
        Pool.Batch batch = pool.first(most, Long.MAX_VALUE);
        List<Long> taken = new ArrayList<>();
        batch.logRanges()
                .forEach(logRange ->
                        LongStream.range(logRange.from(), logRange.end()).forEach(taken::add));
        assertThat(taken).as(place).isEqualTo(first);
        assertThat(batch.ids())
                .as(place)
                .isEqualTo(first.stream().map(PoolTest::id).toList());
        List<Hash> loud = model.tailMap(at, false).entrySet().stream()
                .filter(entry -> !entry.getValue().quiet())
                .limit(most)
                .map(entry -> id(entry.getKey()))
                .toList();
        assertThat(pool.after(at, most).ids()).as(place).isEqualTo(loud);
    }

    private void add(long sequence, int size) {
        pool.add(sequence, id(sequence), size, 0, false);
    }

    private static Hash id(long n) {
        return Sha256.of(Samples.seed("id" + n));
    }
}
