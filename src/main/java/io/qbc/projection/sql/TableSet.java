package io.qbc.projection.sql;

import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.model.Bytes;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.mapping.RowMaker;
import io.qbc.projection.sql.RowBatch.Change;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One set of tables of a projection, and how far it is; used by one thread. */
public final class TableSet {
    private final Dialect dialect;
    private final String schema;
    private final Mapping mapping;
    private final RowMaker maker;
    private final List<TableShape> shapes;
    private final List<TableStatements> statements = new ArrayList<>();
    private Progress progress;
    private long inserted;
    private long written;

    /**
     * One that is there, or is going to be.
     *
     * @param schema the schema that the tables are in at present
     */
    public TableSet(Dialect dialect, String schema, Mapping mapping, Progress progress) {
        this.dialect = dialect;
        this.schema = schema;
        this.mapping = mapping;
        this.progress = progress;
        maker = new RowMaker(mapping);
        shapes = TableShapes.of(mapping);
        shapes.forEach(shape -> statements.add(new TableStatements(dialect, schema, shape)));
    }

    public Mapping mapping() {
        return mapping;
    }

    public RowMaker maker() {
        return maker;
    }

    public Progress progress() {
        return progress;
    }

    public String schema() {
        return schema;
    }

    public List<TableShape> shapes() {
        return shapes;
    }

    /** How many rows were written since this was asked last. */
    public long takeWritten() {
        long rows = written;
        written = 0;
        return rows;
    }

    /** Whether a reorganisation needs to know what rows were before. */
    private boolean undoes() {
        return mapping.head() && shapes.stream().anyMatch(TableShape::keyed);
    }

    /**
     * Makes the tables, and the row that tells how far they are.
     *
     * @param replace whether a schema of this name is the node's own, and goes; otherwise there must be none
     */
    public void create(Connection connection, TableDatabase database, boolean replace, Instant now)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (replace) {
                statement.execute("DROP SCHEMA IF EXISTS " + Dialect.quoted(schema) + " CASCADE");
            }
            statement.execute("CREATE SCHEMA " + Dialect.quoted(schema));
            for (int i = 0; i < shapes.size(); i++) {
                statement.execute(statements.get(i).create());
                if (shapes.get(i).keyed() && mapping.head()) {
                    statement.execute(statements.get(i).createUndo());
                }
            }
        }
        database.grant(connection, schema);
        ProgressTable.insert(connection, progress, now.atOffset(ZoneOffset.UTC));
        ProgressTable.beginCounts(connection, progress, shapes);
        connection.commit();
    }

    /**
     * Puts a batch into the tables, in one database transaction with how far they are.
     *
     * @param finalHeight what is changed above it can be undone afterwards; for a mapping that follows the head, a
     *     batch is of one quant then
     */
    public void apply(Connection connection, RowBatch batch, long finalHeight) throws SQLException {
        Position to = batch.chain().to();
        List<Leaf> leaves = batch.chain().leaves();
        long height = leaves.isEmpty() ? -1 : leaves.get(leaves.size() - 1).height();
        boolean remember = undoes() && height > finalHeight;
        Progress next = progress.at(to, remember ? progress.undoAbove() : Math.max(progress.undoAbove(), height));
        Map<String, Long> counts = new HashMap<>();
        inserted = 0;
        ProgressTable.move(connection, progress, next);
        quants(connection, batch.chain().quants(), counts);
        transactions(connection, batch.chain().leaves(), counts);
        for (int i = shapes.size() - mapping.tables().size(); i < shapes.size(); i++) {
            mapped(connection, i, batch, remember, counts);
        }
        ProgressTable.bury(connection, progress, batch.dead());
        ProgressTable.count(connection, progress, counts);
        connection.commit();
        written += inserted;
        progress = next;
    }

    private void quants(Connection connection, List<QuantHead> quants, Map<String, Long> counts) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        for (QuantHead quant : quants) {
            rows.add(quantRow(quant));
        }
        insert(connection, 1, rows, counts);
    }

    static List<Object> quantRow(QuantHead quant) {
        List<Object> row = new ArrayList<>();
        row.add(quant.header().height());
        row.add(quant.hash().bytes());
        row.add(quant.header().previous().bytes());
        row.add(time(quant.header().timestamp()));
        row.add((long) quant.header().count());
        row.add(quant.header().treeSize());
        row.add(quant.header().root().bytes());
        row.add(quant.header().producer().hex());
        return row;
    }

    private void transactions(Connection connection, List<Leaf> leaves, Map<String, Long> counts) throws SQLException {
        List<List<Object>> rows = new ArrayList<>(leaves.size());
        for (Leaf leaf : leaves) {
            rows.add(transactionRow(leaf));
        }
        insert(connection, 0, rows, counts);
    }

    static List<Object> transactionRow(Leaf leaf) {
        List<Object> row = new ArrayList<>();
        row.add(leaf.index());
        row.add(leaf.height());
        row.add(leaf.quant().bytes());
        row.add(leaf.id().bytes());
        row.add(time(leaf.body().timestamp()));
        row.add(text(leaf.body().key()).orElse(null));
        row.add(text(leaf.body().type()).orElse(""));
        row.add(leaf.body().author().hex());
        row.add(leaf.payload().map(Bytes::text).orElse(null));
        return row;
    }

    /** A key that a node made of random bytes is no text. */
    private static Optional<String> text(Bytes bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.size()))
                    .toString();
            return text.indexOf(0) >= 0 ? Optional.empty() : Optional.of(text);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    static OffsetDateTime time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }

    private void mapped(Connection connection, int place, RowBatch batch, boolean remember, Map<String, Long> counts)
            throws SQLException {
        TableShape shape = shapes.get(place);
        int mapped = shape.mapped().orElseThrow();
        List<Change> changes = batch.changes().stream()
                .filter(change -> change.row().table() == mapped)
                .toList();
        if (changes.isEmpty()) {
            return;
        }
        if (!shape.keyed()) {
            insert(
                    connection,
                    place,
                    changes.stream().map(change -> mappedRow(change, false)).toList(),
                    counts);
            return;
        }
        Map<String, Change> last = new LinkedHashMap<>();
        changes.forEach(change -> last.put(change.row().key(), change));
        if (remember) {
            long height = changes.get(0).leaf().height();
            remember(connection, statements.get(place).rememberRow(), height, last);
            remember(connection, statements.get(place).rememberAbsence(), height, last);
        }
        long gone = deleteKeys(connection, statements.get(place).deleteKey(), last);
        counts.merge(shape.name(), -gone, Long::sum);
        List<List<Object>> rows = last.values().stream()
                .filter(change -> !change.row().delete())
                .map(change -> mappedRow(change, true))
                .toList();
        insert(connection, place, rows, counts);
    }

    static List<Object> mappedRow(Change change, boolean keyed) {
        List<Object> row = new ArrayList<>();
        if (keyed) {
            row.add(change.row().key());
        }
        row.add(change.leaf().index());
        row.add((long) change.row().n());
        row.add(change.leaf().height());
        row.add(change.leaf().id().bytes());
        row.add(time(change.leaf().quantTime()));
        row.add(false);
        row.addAll(change.row().values());
        return row;
    }

    private static void remember(Connection connection, String sql, long height, Map<String, Change> changes)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (String key : changes.keySet()) {
                statement.setLong(1, height);
                statement.setString(2, key);
                statement.setLong(3, height);
                statement.setString(4, key);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static long deleteKeys(Connection connection, String sql, Map<String, Change> changes) throws SQLException {
        long gone = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (String key : changes.keySet()) {
                statement.setString(1, key);
                statement.addBatch();
            }
            for (int count : statement.executeBatch()) {
                gone += count;
            }
        }
        return gone;
    }

    private void insert(Connection connection, int place, List<List<Object>> rows, Map<String, Long> counts)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        TableShape shape = shapes.get(place);
        RowInsert.into(connection, dialect, statements.get(place).table(), shape, rows);
        inserted += rows.size();
        counts.merge(shape.name(), (long) rows.size(), Long::sum);
    }

    /** Whether all that was changed above a height can be undone. */
    public boolean canUndo(long height) {
        return !undoes() || height >= progress.undoAbove();
    }

    /** Undoes all that came after a position, which must be on the chain. */
    public void undo(Connection connection, Position to) throws SQLException {
        Progress next = progress.at(to, Math.min(progress.undoAbove(), to.height()));
        Map<String, Long> counts = new HashMap<>();
        ProgressTable.move(connection, progress, next);
        for (int i = 0; i < shapes.size(); i++) {
            TableShape shape = shapes.get(i);
            TableStatements sql = statements.get(i);
            long change = 0;
            if (shape.keyed()) {
                change -= update(connection, sql.deleteUndone(), to.height());
                change += update(connection, sql.restore(), to.height(), to.height());
                update(connection, sql.forgetAbove(), to.height());
            } else if (shape.mapped().isEmpty() && shape.name().equals(TableShapes.QUANT.name())) {
                change -= update(connection, sql.deleteFrom("height"), to.height() + 1);
            } else {
                change -= update(connection, sql.deleteFrom(shape.key().get(0)), to.leaf());
            }
            counts.put(shape.name(), change);
        }
        ProgressTable.unbury(connection, progress, to.leaf());
        ProgressTable.count(connection, progress, counts);
        connection.commit();
        progress = next;
    }

    /** Forgets how to undo what is final now. */
    public void prune(Connection connection, long finalHeight) throws SQLException {
        if (!undoes() || finalHeight <= progress.undoAbove()) {
            return;
        }
        Progress next = progress.at(
                progress.position(), Math.min(finalHeight, progress.position().height()));
        ProgressTable.move(connection, progress, next);
        for (int i = 0; i < shapes.size(); i++) {
            if (shapes.get(i).keyed()) {
                update(connection, statements.get(i).forgetUpTo(), next.undoAbove());
            }
        }
        connection.commit();
        progress = next;
    }

    private static long update(Connection connection, String sql, long... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setLong(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
