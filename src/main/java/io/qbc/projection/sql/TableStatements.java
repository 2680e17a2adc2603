package io.qbc.projection.sql;

import io.qbc.projection.sql.TableShape.Column;
import java.util.List;
import java.util.stream.Collectors;

/** The statements about one table, made of names of the mapping alone; values are parameters. */
final class TableStatements {
    private final Dialect dialect;
    private final TableShape shape;
    private final String table;
    private final String undo;
    private final String columns;

    TableStatements(Dialect dialect, String schema, TableShape shape) {
        this.dialect = dialect;
        this.shape = shape;
        table = Dialect.quoted(schema) + "." + Dialect.quoted(shape.name());
        undo = Dialect.quoted(schema) + "."
                + Dialect.quoted("qbc_undo_" + shape.mapped().orElse(0));
        columns = names(shape.columns().stream().map(Column::name).toList());
    }

    private static String names(List<String> names) {
        return names.stream().map(Dialect::quoted).collect(Collectors.joining(", "));
    }

    String table() {
        return table;
    }

    String undo() {
        return undo;
    }

    String create() {
        return "CREATE TABLE " + table + " (" + definitions(true) + ", PRIMARY KEY (" + names(shape.key()) + "))";
    }

    /** What rows were before the quants of some height changed them. */
    String createUndo() {
        return "CREATE TABLE " + undo + " (\"_undo_height\" BIGINT NOT NULL, \"_undo_absent\" BOOLEAN NOT NULL, "
                + definitions(false) + ", PRIMARY KEY (\"_undo_height\", \"_key\"))";
    }

    private String definitions(boolean strict) {
        return shape.columns().stream()
                .map(column -> definition(column, strict))
                .collect(Collectors.joining(", "));
    }

    private String definition(Column column, boolean strict) {
        boolean key = shape.key().contains(column.name());
        boolean own = column.name().startsWith("_") && TableShapes.ORIGIN.contains(column);
        String type = column.name().equals("_key") ? dialect.keyType() : dialect.type(column.type());
        return Dialect.quoted(column.name()) + " " + type + (key || (own && strict) ? " NOT NULL" : "");
    }

    static String insert(Dialect dialect, String table, TableShape shape) {
        String places = shape.columns().stream()
                .map(column -> dialect.parameter(column.type()))
                .collect(Collectors.joining(", "));
        String columns = names(shape.columns().stream().map(Column::name).toList());
        return "INSERT INTO " + table + " (" + columns + ") VALUES (" + places + ")";
    }

    static String copy(String table, TableShape shape) {
        return "COPY " + table + " ("
                + names(shape.columns().stream().map(Column::name).toList()) + ") FROM STDIN";
    }

    String deleteKey() {
        return "DELETE FROM " + table + " WHERE \"_key\" = ?";
    }

    /** Parameters: height, key, height, key. */
    String rememberRow() {
        return "INSERT INTO " + undo + " (\"_undo_height\", \"_undo_absent\", " + columns + ") SELECT ?, FALSE, "
                + columns
                + " FROM " + table + " WHERE \"_key\" = ? AND NOT EXISTS (SELECT 1 FROM " + undo
                + " u WHERE u.\"_undo_height\" = ? AND u.\"_key\" = ?)";
    }

    /** Parameters: height, key, height, key; after {@link #rememberRow}. */
    String rememberAbsence() {
        String height = dialect == Dialect.H2 ? "CAST(? AS BIGINT)" : "?::bigint";
        String key = dialect == Dialect.H2 ? "CAST(? AS CHARACTER VARYING)" : "?::text";
        return "INSERT INTO " + undo + " (\"_undo_height\", \"_undo_absent\", \"_key\") SELECT " + height + ", TRUE, "
                + key + " WHERE NOT EXISTS (SELECT 1 FROM " + undo
                + " u WHERE u.\"_undo_height\" = ? AND u.\"_key\" = ?)";
    }

    /** Takes away what was changed above a height. */
    String deleteUndone() {
        return "DELETE FROM " + table + " WHERE \"_key\" IN (SELECT \"_key\" FROM " + undo
                + " WHERE \"_undo_height\" > ?)";
    }

    /** Puts back what was there before anything above a height. Parameters: height, height. */
    String restore() {
        return "INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM " + undo
                + " o WHERE o.\"_undo_height\" > ? AND NOT o.\"_undo_absent\" AND NOT EXISTS (SELECT 1 FROM " + undo
                + " u WHERE u.\"_key\" = o.\"_key\" AND u.\"_undo_height\" > ? AND u.\"_undo_height\" <"
                + " o.\"_undo_height\")";
    }

    String forgetAbove() {
        return "DELETE FROM " + undo + " WHERE \"_undo_height\" > ?";
    }

    String forgetUpTo() {
        return "DELETE FROM " + undo + " WHERE \"_undo_height\" <= ?";
    }

    String deleteFrom(String column) {
        return "DELETE FROM " + table + " WHERE " + Dialect.quoted(column) + " >= ?";
    }

    String dropTable() {
        return "DROP TABLE " + table;
    }
}
