package io.qbc.projection;

import io.qbc.projection.sql.TableSet;
import io.qbc.projection.sql.TableShape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** All rows of a set of tables as text. */
final class TableDump {
    private TableDump() {}

    static SortedMap<String, List<String>> of(Connection connection, TableSet set) throws SQLException {
        SortedMap<String, List<String>> dump = new TreeMap<>();
        for (TableShape shape : set.shapes()) {
            List<String> rows = new ArrayList<>();
            String order = String.join("\", \"", shape.key());
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT * FROM \"" + set.schema() + "\".\"" + shape.name()
                            + "\" ORDER BY \"" + order + "\"")) {
                while (row.next()) {
                    StringBuilder text = new StringBuilder();
                    for (TableShape.Column column : shape.columns()) {
                        text.append(column.name())
                                .append('=')
                                .append(value(row, column))
                                .append(' ');
                    }
                    rows.add(text.toString());
                }
            }
            dump.put(shape.name(), rows);
        }
        return dump;
    }

    private static String value(ResultSet row, TableShape.Column column) throws SQLException {
        return switch (column.type()) {
            case BYTEA -> {
                byte[] bytes = row.getBytes(column.name());
                yield bytes == null ? "null" : HexFormat.of().formatHex(bytes);
            }
            case NUMERIC ->
                row.getBigDecimal(column.name()) == null
                        ? "null"
                        : row.getBigDecimal(column.name()).stripTrailingZeros().toPlainString();
            default -> String.valueOf(row.getString(column.name()));
        };
    }
}
