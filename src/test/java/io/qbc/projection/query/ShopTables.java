package io.qbc.projection.query;

import io.qbc.model.Bytes;
import io.qbc.projection.mapping.ColumnType;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.sql.Dialect;
import io.qbc.projection.sql.TableShape;
import io.qbc.projection.sql.TableShape.Column;
import io.qbc.projection.sql.TablesView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** An embedded database with the tables of a projection, another schema beside it, and a user that reads the former. */
final class ShopTables implements AutoCloseable {
    static final Mapping MAPPING = Mapping.read("shop", Bytes.utf8("""
                    {"chain":"orders","schema":"shop","tables":[
                     {"table":"line","mode":"append","columns":{"sku":{"pointer":"/sku","type":"text"},
                      "total":{"pointer":"/total","type":"numeric"}}},
                     {"table":"customer","mode":"latest","key":["/id"],"columns":{
                      "name":{"pointer":"/name","type":"text"}}}]}"""));

    private static final Column LEAF = new Column("_leaf", ColumnType.BIGINT);
    private static final Column TRANSACTION = new Column("_tx", ColumnType.BYTEA);
    static final TableShape LINE = new TableShape(
            "line",
            List.of("_leaf", "_n"),
            Optional.of(0),
            List.of(
                    LEAF,
                    new Column("_n", ColumnType.BIGINT),
                    TRANSACTION,
                    new Column("sku", ColumnType.TEXT),
                    new Column("total", ColumnType.NUMERIC),
                    new Column("raw", ColumnType.JSON)));
    static final TableShape CUSTOMER = new TableShape(
            "customer",
            List.of("_key"),
            Optional.of(1),
            List.of(new Column("_key", ColumnType.TEXT), LEAF, TRANSACTION, new Column("name", ColumnType.TEXT)));

    private final String url;
    private final Connection owner;
    private final Connection reader;

    ShopTables(Path directory) throws SQLException {
        url = "jdbc:h2:file:" + directory.resolve("tables") + ";DB_CLOSE_ON_EXIT=FALSE";
        owner = DriverManager.getConnection(url, "owner", "secret");
        execute("CREATE SCHEMA \"shop\"");
        execute("CREATE TABLE \"shop\".\"line\"(\"_leaf\" BIGINT, \"_n\" BIGINT, \"_tx\" BINARY VARYING,"
                + " \"sku\" CHARACTER VARYING, \"total\" DECFLOAT(2100), \"raw\" JSON,"
                + " PRIMARY KEY(\"_leaf\", \"_n\"))");
        execute("CREATE TABLE \"shop\".\"customer\"(\"_key\" CHARACTER VARYING(4000) PRIMARY KEY, \"_leaf\" BIGINT,"
                + " \"_tx\" BINARY VARYING, \"name\" CHARACTER VARYING)");
        execute("INSERT INTO \"shop\".\"line\" SELECT x, 0, X'0aff', 'sku-' || MOD(x, 10), x / 2.0,"
                + " JSON '{\"a\":1.50}' FROM SYSTEM_RANGE(0, 9999)");
        execute("INSERT INTO \"shop\".\"customer\" VALUES('7', 3, X'01', 'Ann'), ('8', 4, X'02', NULL)");
        execute("CREATE SCHEMA \"other\"");
        execute("CREATE TABLE \"other\".\"secret\"(\"word\" CHARACTER VARYING)");
        execute("CREATE USER \"reader\" PASSWORD 'read'");
        execute("GRANT SELECT ON \"shop\".\"line\", \"shop\".\"customer\" TO \"reader\"");
        reader = DriverManager.getConnection(url + ";SCHEMA=\"shop\"", "\"reader\"".replace("\"", ""), "read");
        reader.setAutoCommit(false);
    }

    TablesView view() {
        return new TablesView(reader, Dialect.H2, MAPPING, List.of(LINE, CUSTOMER), 10_000);
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        reader.close();
        owner.close();
    }
}
