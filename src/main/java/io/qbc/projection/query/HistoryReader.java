package io.qbc.projection.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.qbc.bus.Catalogue.FindHistory;
import io.qbc.bus.Catalogue.Rows;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.projection.mapping.MisfitException;
import io.qbc.projection.mapping.RowChange;
import io.qbc.projection.mapping.RowMaker;
import io.qbc.projection.sql.TableShape;
import io.qbc.projection.sql.TablesView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads all transactions that led to a row, from the chain's own table, by the same rules that made the row. There is
 * no index of keys: a page looks at a bounded number of transactions, and may have few rows, or none, and a next one.
 */
final class HistoryReader {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LOOKED_MAX = 20_000;
    private static final String SQL = "SELECT \"leaf\", \"height\", \"id\", \"time\", \"type\", \"payload\""
            + " FROM \"qbc_transaction\" WHERE \"leaf\" >= ? ORDER BY \"leaf\"";

    private final GuardedReader reader;

    HistoryReader(GuardedReader reader) {
        this.reader = reader;
    }

    Rows history(TablesView view, FindHistory ask) throws SQLException {
        TableShape table = RowReader.table(view, ask.table());
        if (!table.keyed()) {
            throw ColumnValues.invalid("the table " + table.name() + " has no keys: its rows do not change");
        }
        int most = Math.min(ask.limit(), reader.limits().rows());
        Page page = new Page(new RowMaker(view.mapping()), table.mapped().orElseThrow(), ask.key(), most);
        return reader.read(view, SQL, List.of(from(ask.after())), LOOKED_MAX, result -> {
            Optional<String> next = page.read(result);
            return new Rows(page.rows, next, view.leaf());
        });
    }

    private static long from(String after) {
        try {
            return after.isEmpty() ? 0 : Long.parseLong(after);
        } catch (NumberFormatException e) {
            throw ColumnValues.invalid("after must be what next of the page before says");
        }
    }

    /** A page as it is put together. */
    private final class Page {
        private final RowMaker maker;
        private final int table;
        private final String key;
        private final int most;
        private final List<Bytes> rows = new ArrayList<>();
        private long bytes;

        Page(RowMaker maker, int table, String key, int most) {
            this.maker = maker;
            this.table = table;
            this.key = key;
            this.most = most;
        }

        /** Where to go on, if there is more to look at. */
        Optional<String> read(ResultSet result) throws SQLException {
            int looked = 0;
            while (result.next()) {
                long leaf = result.getLong(1);
                if (looked == LOOKED_MAX || rows.size() == most) {
                    return Optional.of(Long.toString(leaf));
                }
                looked++;
                String type = Optional.ofNullable(result.getString(5)).orElse("");
                String payload = result.getString(6);
                if (payload == null || !maker.concerns(type)) {
                    continue;
                }
                for (RowChange change : changes(type, payload)) {
                    if (change.table() == table && change.key().equals(key)) {
                        Bytes row = row(result, change, type, payload);
                        bytes += row.size();
                        if (bytes > reader.limits().bytes()) {
                            return onward(leaf);
                        }
                        rows.add(row);
                    }
                }
            }
            return Optional.empty();
        }

        private Optional<String> onward(long leaf) {
            if (rows.isEmpty()) {
                throw new Failure(Reason.RANGE_TOO_LARGE, "a transaction is larger than an answer may be");
            }
            return Optional.of(Long.toString(leaf));
        }

        /** A transaction that does not fit was kept aside, and led to nothing. */
        private List<RowChange> changes(String type, String payload) {
            try {
                return maker.changes(type, Bytes.utf8(payload));
            } catch (MisfitException e) {
                return List.of();
            }
        }
    }

    private static Bytes row(ResultSet row, RowChange change, String type, String payload) throws SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("leaf", row.getLong(1));
            out.writeNumberField("n", change.n());
            out.writeNumberField("height", row.getLong(2));
            out.writeStringField("id", HexFormat.of().formatHex(row.getBytes(3)));
            out.writeStringField(
                    "time", row.getObject(4, OffsetDateTime.class).toInstant().toString());
            out.writeStringField("type", type);
            out.writeBooleanField("deleted", change.delete());
            out.writeFieldName("payload");
            out.writeRawValue(payload);
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }
}
