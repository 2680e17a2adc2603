package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.bus.Catalogue.DeadRows;
import io.qbc.bus.Catalogue.FindDead;
import io.qbc.bus.Catalogue.FindHistory;
import io.qbc.bus.Catalogue.FindRows;
import io.qbc.bus.Catalogue.QueryAnswer;
import io.qbc.bus.Catalogue.QueryTables;
import io.qbc.bus.Catalogue.ReadPoint;
import io.qbc.bus.Catalogue.Rows;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import io.qbc.projection.ScriptedChain.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;

/** Each way to read tables, with what tells a right answer: of one mapping, and of as many transactions as it says. */
final class SwapReads {
    static final Map<String, Read> ALL = new TreeMap<>(Map.of(
            "query", SwapReads::query,
            "rows", SwapReads::rows,
            "row", SwapReads::row,
            "history", SwapReads::history,
            "since", SwapReads::since,
            "dead", SwapReads::dead));

    private static final int KEYS = 7;
    private static final int MISFIT_EVERY = 10;
    private static final int LIMIT = 5000;

    private SwapReads() {}

    /** Reads, and fails at a wrong answer. */
    interface Read {
        void check(ProjectionFixture node, String name, SharedChain chain);
    }

    /** All rows have the mark of the mapping that made them. */
    static String mapping(String mark, int version) {
        String columns = "\"columns\":{\"n\":{\"pointer\":\"/n\",\"type\":\"bigint\",\"required\":true},"
                + "\"mark\":{\"pointer\":\"/none\",\"type\":\"text\",\"default\":\"" + mark + "\"},"
                + "\"only_" + mark + "\":{\"pointer\":\"/n\",\"type\":\"bigint\"}}";
        return "{\"chain\":\"orders\",\"depth\":0,\"onError\":\"dead\",\"version\":" + version
                + ",\"tables\":[{\"table\":\"item\"," + columns
                + "},{\"table\":\"state\",\"mode\":\"latest\",\"key\":[\"/id\"]," + columns + "}]}";
    }

    /** Each tenth transaction does not fit. */
    static void grow(SharedChain chain, int count) {
        List<Entry> entries = new ArrayList<>();
        for (long i = chain.size(); entries.size() < count; i++) {
            String n = misfits(i) ? "\"none\"" : String.valueOf(i);
            entries.add(new Entry("any", "{\"id\":\"k" + i % KEYS + "\",\"n\":" + n + "}"));
        }
        chain.quant(entries);
    }

    private static boolean misfits(long leaf) {
        return leaf % MISFIT_EVERY == MISFIT_EVERY - 1;
    }

    private static long fitting(long leaves) {
        return leaves - leaves / MISFIT_EVERY;
    }

    private static void query(ProjectionFixture node, String name, SharedChain chain) {
        QueryAnswer answer = node.ask(
                Catalogue.QUERY_TABLES,
                new QueryTables(
                        name,
                        "select count(*), min(mark), max(mark), max(_leaf), count(distinct _leaf) from item",
                        Bytes.utf8("[]"),
                        LIMIT,
                        Optional.empty(),
                        Duration.ZERO,
                        UUID.randomUUID().toString()));
        List<?> row = (List<?>) JsonTree.read(answer.rows().get(0));
        assertThat(row.get(0)).isEqualTo(fitting(answer.leaf()));
        assertThat(row.get(1)).isEqualTo(row.get(2));
        assertThat(row.get(4)).isEqualTo(row.get(0));
    }

    private static void rows(ProjectionFixture node, String name, SharedChain chain) {
        rows(node, name, Optional.empty());
    }

    /** What was there when the read was asked is in its answer. */
    private static void since(ProjectionFixture node, String name, SharedChain chain) {
        long size = chain.size();
        Rows rows = rows(node, name, Optional.of(new ReadPoint.Leaf(size - 1)));
        assertThat(rows.leaf()).isGreaterThanOrEqualTo(size);
    }

    private static Rows rows(ProjectionFixture node, String name, Optional<ReadPoint> at) {
        Rows answer = node.ask(
                Catalogue.FIND_ROWS,
                new FindRows(name, "item", Map.of(), "", false, "", LIMIT, at, Duration.ofSeconds(20)));
        List<Map<?, ?>> rows = new ArrayList<>();
        answer.rows().forEach(row -> rows.add((Map<?, ?>) JsonTree.read(row)));
        assertThat(rows)
                .<Object>extracting(row -> row.get("n"))
                .isEqualTo(LongStream.range(0, answer.leaf())
                        .filter(leaf -> !misfits(leaf))
                        .boxed()
                        .toList());
        assertThat(rows.stream().map(row -> row.get("mark")).distinct()).hasSize(1);
        Object mark = rows.get(0).get("mark");
        assertThat(rows).allMatch(row -> row.containsKey("only_" + mark));
        return answer;
    }

    private static void row(ProjectionFixture node, String name, SharedChain chain) {
        Rows answer = node.ask(Catalogue.FIND_HISTORY, one(name, true));
        Map<?, ?> row = (Map<?, ?>) JsonTree.read(answer.rows().get(0));
        long newest = LongStream.range(0, answer.leaf())
                .filter(leaf -> leaf % KEYS == 1 && !misfits(leaf))
                .max()
                .orElseThrow();
        assertThat(row.get("n")).isEqualTo(newest);
        assertThat(row.containsKey("only_" + row.get("mark"))).isTrue();
    }

    private static FindHistory one(String name, boolean only) {
        return new FindHistory(name, "state", "k1", only, "", LIMIT, Optional.empty(), Duration.ZERO);
    }

    private static void history(ProjectionFixture node, String name, SharedChain chain) {
        Rows answer = node.ask(Catalogue.FIND_HISTORY, one(name, false));
        List<Object> leaves = new ArrayList<>();
        answer.rows().forEach(row -> leaves.add(((Map<?, ?>) JsonTree.read(row)).get("leaf")));
        assertThat(leaves)
                .isEqualTo(LongStream.range(0, answer.leaf())
                        .filter(leaf -> leaf % KEYS == 1 && !misfits(leaf))
                        .boxed()
                        .toList());
    }

    private static void dead(ProjectionFixture node, String name, SharedChain chain) {
        DeadRows found = node.ask(Catalogue.FIND_DEAD, new FindDead(name, 0, LIMIT));
        long end = (found.dead().size() + 1L) * MISFIT_EVERY;
        assertThat(found.dead())
                .isNotEmpty()
                .extracting(DeadRow::leaf)
                .isEqualTo(LongStream.range(0, end - 1)
                        .filter(SwapReads::misfits)
                        .boxed()
                        .toList());
    }
}
