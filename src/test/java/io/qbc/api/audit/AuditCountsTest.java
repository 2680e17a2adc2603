package io.qbc.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.api.audit.AuditCounts.Counted;
import io.qbc.api.audit.AuditCounts.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuditCountsTest {
    private static AuditCounts.Key key(String name, String code) {
        return new AuditCounts.Key("", name, "", "rest", "inject", "main", code);
    }

    @Test
    void likeIsCountedTogetherAndEachTimeAnew() {
        AuditCounts counts = new AuditCounts(10, 5);
        counts.add(key("a", "ok"), 1);
        counts.add(key("a", "ok"), 2);
        counts.add(key("a", "busy"), 1);
        Taken taken = counts.take(9);
        assertThat(taken.from()).isEqualTo(5);
        assertThat(taken.counted())
                .containsExactlyInAnyOrder(new Counted(key("a", "ok"), 3), new Counted(key("a", "busy"), 1));
        assertThat(counts.take(12)).isEqualTo(new Taken(9, List.of()));
    }

    @Test
    void aFloodOfNamesFillsNothing() {
        AuditCounts counts = new AuditCounts(10, 0);
        IntStream.range(0, 10_000).forEach(n -> counts.add(key("name" + n, n % 2 == 0 ? "ok" : "busy"), 1));
        counts.add(key("name0", "ok"), 1);
        Taken taken = counts.take(1);
        assertThat(taken.counted()).hasSize(12);
        assertThat(taken.counted().stream().mapToLong(Counted::count).sum()).isEqualTo(10_001);
        assertThat(taken.counted()).contains(new Counted(key("name0", "ok"), 2));
        assertThat(taken.counted())
                .filteredOn(each -> each.key().name().equals("others"))
                .extracting(each -> each.key().code())
                .containsExactlyInAnyOrder("ok", "busy");
    }

    @Test
    void nothingIsLostBetweenThreads() throws InterruptedException {
        AuditCounts counts = new AuditCounts(4, 0);
        List<Taken> takes = new ArrayList<>();
        Thread taker = new Thread(() -> IntStream.range(0, 200).forEach(n -> takes.add(counts.take(n))));
        taker.start();
        IntStream.range(0, 100_000).parallel().forEach(n -> counts.add(key("a" + n % 8, "ok"), 1));
        taker.join();
        takes.add(counts.take(200));
        assertThat(takes.stream()
                        .flatMap(taken -> taken.counted().stream())
                        .mapToLong(Counted::count)
                        .sum())
                .isEqualTo(100_000);
    }
}
