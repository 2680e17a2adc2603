package io.qbc.projection.mapping;

import io.qbc.json.JsonNumber;
import io.qbc.json.JsonTree;
import io.qbc.json.JsonValue;
import io.qbc.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the rows of a mapping's tables of a transaction. */
public final class RowMaker {
    private static final int KEY_CHARS_MAX = 600;
    private static final int ITEMS_MAX = 100_000;

    private final List<TableMapping> tables;

    public RowMaker(Mapping mapping) {
        tables = mapping.tables();
    }

    /** Whether a transaction of this type changes any table. */
    public boolean concerns(String type) {
        return tables.stream().anyMatch(table -> table.concerns(type));
    }

    /** What a transaction changes, in the order in which it does; all of it, or it does not fit. */
    public List<RowChange> changes(String type, Bytes payload) throws MisfitException {
        if (!concerns(type)) {
            return List.of();
        }
        JsonValue root = JsonValue.read(payload);
        List<RowChange> changes = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            TableMapping table = tables.get(i);
            if (table.concerns(type)) {
                changes(i, table, table.deletes(type), root, changes);
            }
        }
        return changes;
    }

    private static void changes(int place, TableMapping table, boolean delete, JsonValue root, List<RowChange> changes)
            throws MisfitException {
        if (table.each().isEmpty()) {
            changes.add(change(place, table, 0, delete, root, root));
            return;
        }
        JsonPointer each = table.each().get();
        Optional<JsonValue> found = each.find(root).filter(value -> !(value instanceof JsonValue.Nothing));
        if (found.isEmpty()) {
            return;
        }
        if (!(found.get() instanceof JsonValue.Items list)) {
            throw new MisfitException(table.name(), each.text(), "an array is expected");
        }
        if (list.items().size() > ITEMS_MAX) {
            throw new MisfitException(table.name(), each.text(), "more than " + ITEMS_MAX + " items");
        }
        int n = 0;
        for (JsonValue item : list.items()) {
            changes.add(change(place, table, n, delete, root, item));
            n++;
        }
    }

    private static RowChange change(
            int place, TableMapping table, int n, boolean delete, JsonValue root, JsonValue item)
            throws MisfitException {
        String key = table.latest() ? key(table, root, item) : "";
        List<Object> values = new ArrayList<>();
        if (!delete) {
            for (ColumnMapping column : table.columns()) {
                values.add(ColumnReader.read(table.name(), column, find(column.source(), root, item)));
            }
        }
        return new RowChange(place, n, key, delete, values);
    }

    private static Optional<JsonValue> find(Source source, JsonValue root, JsonValue item) {
        return source.pointer().find(source.item() ? item : root);
    }

    /** A single part as it is, several as a JSON array of texts. */
    private static String key(TableMapping table, JsonValue root, JsonValue item) throws MisfitException {
        List<Object> parts = new ArrayList<>();
        for (Source source : table.key()) {
            parts.add(part(table, source, find(source, root, item)));
        }
        String key = parts.size() == 1 ? parts.get(0).toString() : JsonTree.write(parts);
        if (key.length() > KEY_CHARS_MAX || key.indexOf(0) >= 0) {
            throw new MisfitException(
                    table.name(),
                    table.key().get(0).pointer().text(),
                    "the key has more than " + KEY_CHARS_MAX + " characters, or one of code 0");
        }
        return key;
    }

    private static String part(TableMapping table, Source source, Optional<JsonValue> found) throws MisfitException {
        if (found.isPresent()) {
            if (found.get() instanceof JsonValue.Text text) {
                return text.text();
            }
            if (found.get() instanceof JsonValue.Flag flag) {
                return String.valueOf(flag.on());
            }
            if (found.get() instanceof JsonValue.Numeral numeral) {
                Optional<JsonNumber> number = numeral.exact();
                if (number.isPresent()) {
                    return number.get().isInteger()
                            ? number.get().text()
                            : number.get().normal();
                }
            }
        }
        throw new MisfitException(
                table.name(),
                source.pointer().text(),
                "the key is a text, a number, true or false, and is missing here");
    }
}
