package io.qbc.projection.sql;

import io.qbc.projection.mapping.ColumnType;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.mapping.TableMapping;
import io.qbc.projection.sql.TableShape.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables of a mapping: the two of the whole chain, then its own. */
public final class TableShapes {
    static final TableShape TRANSACTION = new TableShape(
            "qbc_transaction",
            List.of("leaf"),
            Optional.empty(),
            List.of(
                    new Column("leaf", ColumnType.BIGINT),
                    new Column("height", ColumnType.BIGINT),
                    new Column("quant", ColumnType.BYTEA),
                    new Column("id", ColumnType.BYTEA),
                    new Column("time", ColumnType.TIMESTAMPTZ),
                    new Column("key", ColumnType.TEXT),
                    new Column("type", ColumnType.TEXT),
                    new Column("author", ColumnType.TEXT),
                    new Column("payload", ColumnType.JSON)));

    static final TableShape QUANT = new TableShape(
            "qbc_quant",
            List.of("height"),
            Optional.empty(),
            List.of(
                    new Column("height", ColumnType.BIGINT),
                    new Column("hash", ColumnType.BYTEA),
                    new Column("previous", ColumnType.BYTEA),
                    new Column("time", ColumnType.TIMESTAMPTZ),
                    new Column("transactions", ColumnType.BIGINT),
                    new Column("tree_size", ColumnType.BIGINT),
                    new Column("root", ColumnType.BYTEA),
                    new Column("producer", ColumnType.TEXT)));

    /** What each row of a mapped table has of the transaction that it is of. */
    static final List<Column> ORIGIN = List.of(
            new Column("_leaf", ColumnType.BIGINT),
            new Column("_n", ColumnType.BIGINT),
            new Column("_height", ColumnType.BIGINT),
            new Column("_tx", ColumnType.BYTEA),
            new Column("_at", ColumnType.TIMESTAMPTZ),
            new Column("_erased", ColumnType.BOOLEAN));

    private TableShapes() {}

    public static List<TableShape> of(Mapping mapping) {
        List<TableShape> shapes = new ArrayList<>(List.of(TRANSACTION, QUANT));
        for (int i = 0; i < mapping.tables().size(); i++) {
            shapes.add(mapped(i, mapping.tables().get(i)));
        }
        return shapes;
    }

    private static TableShape mapped(int place, TableMapping table) {
        List<Column> columns = new ArrayList<>();
        if (table.latest()) {
            columns.add(new Column("_key", ColumnType.TEXT));
        }
        columns.addAll(ORIGIN);
        table.columns().forEach(column -> columns.add(new Column(column.name(), column.type())));
        List<String> key = table.latest() ? List.of("_key") : List.of("_leaf", "_n");
        return new TableShape(table.name(), key, Optional.of(place), columns);
    }
}
