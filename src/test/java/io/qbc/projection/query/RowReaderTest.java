package io.qbc.projection.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.qbc.bus.Catalogue.FindHistory;
import io.qbc.bus.Catalogue.FindRows;
import io.qbc.bus.Catalogue.Rows;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReaderTest {
    private static final QueryLimits LIMITS = new QueryLimits(Duration.ofSeconds(10), 10_000, 1 << 20);

    private final QueryWatch watch = new QueryWatch();
    private final RowReader reader = new RowReader(new GuardedReader(watch, LIMITS));

    @TempDir
    Path directory;

    private ShopTables tables;

    @BeforeEach
    void open() throws SQLException {
        tables = new ShopTables(directory);
    }

    @AfterEach
    void close() throws SQLException {
        tables.close();
        watch.close();
    }

    @Test
    void rowsAreObjects() throws SQLException {
        Rows rows = rows("line", Map.of("sku", "sku-3", "_leaf", "13"), "", false, "", 10);
        assertThat(texts(rows))
                .containsExactly("{\"_leaf\":13,\"_n\":0,\"_tx\":\"0aff\",\"sku\":\"sku-3\",\"total\":6.5,"
                        + "\"raw\":{\"a\":1.50}}");
        assertThat(rows.next()).isEmpty();
        assertThat(rows.leaf()).isEqualTo(10_000);
    }

    @Test
    void pagesMeetWhateverRowsCome() throws SQLException {
        List<String> seen = new ArrayList<>();
        String after = "";
        do {
            Rows page = rows("line", Map.of("sku", "sku-4"), "total", true, after, 300);
            seen.addAll(texts(page));
            after = page.next().orElse("");
            tables.execute("INSERT INTO \"shop\".\"line\" VALUES(" + (20_000 + seen.size()) + ", 0, X'', 'sku-4',"
                    + " 1000000, NULL)");
        } while (!after.isEmpty());
        assertThat(seen).hasSize(1000).doesNotHaveDuplicates();
        assertThat(seen.get(0)).contains("\"_leaf\":9994,");
    }

    @Test
    void rowsWithoutAValueComeLastInBothOrders() throws SQLException {
        tables.execute("INSERT INTO \"shop\".\"customer\" VALUES('1', 5, X'', NULL), ('9', 6, X'', 'Zoe')");
        for (boolean descending : List.of(false, true)) {
            List<String> keys = new ArrayList<>();
            String after = "";
            do {
                Rows page = rows("customer", Map.of(), "name", descending, after, 1);
                keys.add(texts(page).get(0).substring(9, 10));
                after = page.next().orElse("");
            } while (!after.isEmpty());
            assertThat(keys)
                    .containsExactlyElementsOf(descending ? List.of("9", "7", "1", "8") : List.of("7", "9", "1", "8"));
        }
    }

    @Test
    void aRowIsFoundByItsKey() throws SQLException {
        assertThat(texts(one("customer", "7")).get(0)).contains("\"name\":\"Ann\"");
        assertThat(texts(one("line", "17-0")).get(0)).contains("\"_leaf\":17,");
        assertThat(reason(() -> one("customer", "nobody"))).isEqualTo(Reason.ROW_UNKNOWN);
        assertThat(reason(() -> one("nothing", "7"))).isEqualTo(Reason.TABLE_UNKNOWN);
        assertThat(reason(() -> one("line", "17"))).isEqualTo(Reason.REQUEST_INVALID);
    }

    @Test
    void onlyColumnsOfTheTableMayBeNamed() {
        Throwable thrown = catchThrowable(() -> rows("line", Map.of("1=1 or sku", "a"), "", false, "", 1));
        assertThat(((Failure) thrown).refusal().detail()).contains("it has _leaf, _n, _tx, sku, total, raw");
        assertThat(reason(() -> rows("line", Map.of(), "x", false, "", 1))).isEqualTo(Reason.REQUEST_INVALID);
        assertThat(reason(() -> rows("line", Map.of("_leaf", "x"), "", false, "", 1)))
                .isEqualTo(Reason.REQUEST_INVALID);
        assertThat(reason(() -> rows("line", Map.of("raw", "{}"), "", false, "", 1)))
                .isEqualTo(Reason.REQUEST_INVALID);
    }

    @Test
    void aPlaceThatNoPageGaveIsRefused() throws SQLException {
        String after = rows("line", Map.of(), "sku", false, "", 1).next().orElseThrow();
        for (String wrong : List.of("x", "eA", "W10", after + "A", after.substring(4))) {
            assertThat(reason(() -> rows("line", Map.of(), "sku", false, wrong, 1)))
                    .isEqualTo(Reason.REQUEST_INVALID);
        }
        assertThat(reason(() -> rows("line", Map.of(), "total", false, after, 1)))
                .isEqualTo(Reason.REQUEST_INVALID);
        assertThat(reason(() -> rows("customer", Map.of(), "", false, after, 1)))
                .isEqualTo(Reason.REQUEST_INVALID);
    }

    private interface Call {
        Rows call() throws SQLException;
    }

    private static Reason reason(Call call) {
        Throwable thrown = catchThrowable(call::call);
        assertThat(thrown).isInstanceOf(Failure.class);
        return ((Failure) thrown).refusal().reason();
    }

    private Rows one(String table, String key) throws SQLException {
        return reader.one(
                tables.view(), new FindHistory("shop", table, key, true, "", 1, Optional.empty(), Duration.ZERO));
    }

    private Rows rows(
            String table, Map<String, String> equal, String order, boolean descending, String after, int limit)
            throws SQLException {
        Rows rows = reader.rows(
                tables.view(),
                new FindRows("shop", table, equal, order, descending, after, limit, Optional.empty(), Duration.ZERO));
        tables.view().connection().commit();
        return rows;
    }

    private static List<String> texts(Rows rows) {
        return rows.rows().stream().map(Bytes::text).toList();
    }
}
