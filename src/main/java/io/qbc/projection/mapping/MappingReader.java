package io.qbc.projection.mapping;

import io.qbc.json.JsonFault;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** The strict reader of mappings: what it does not know is refused, with a pointer to it. */
final class MappingReader {
    /** Names of tables, columns and schemas: they need no quotes in SQL, unless they are its words. */
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    /** Shorter, as the schema of a rebuild has a longer name. */
    private static final int SCHEMA_CHARS_MAX = 50;
    /** Schemas that databases and the node have for themselves. */
    private static final Pattern OWN_SCHEMA =
            Pattern.compile("pg_.*|information_schema|public|qbc|.*__(next|old(_[0-9]+)?)");

    private static final Pattern URL =
            Pattern.compile("jdbc:postgresql://([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?"
                    + "/[A-Za-z0-9_-]{1,63}"
                    + "(\\?sslmode=(disable|allow|prefer|require|verify-ca|verify-full))?");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final Pattern VARIABLE = Pattern.compile("PROJECTION_[A-Z0-9_]{1,100}");
    private static final JsonLimits LIMITS = new JsonLimits(256 << 10, 12);
    private static final int TABLES_MAX = 64;
    private static final int COLUMNS_MAX = 200;
    private static final int DEPTH_MAX = 100_000;

    private final String projection;

    MappingReader(String projection) {
        this.projection = projection;
    }

    Mapping read(Bytes json) {
        Optional<JsonFault> fault = StrictJson.checkBounded(json, LIMITS);
        if (fault.isPresent()) {
            throw new MappingException("", fault.get().toString());
        }
        MappingObject root = MappingObject.of("", JsonTree.read(json));
        root.only("version", "chain", "from", "depth", "target", "schema", "onError", "tables");
        String chain = root.text("chain").orElseThrow(() -> root.fault("chain", "the chain's name or id is missing"));
        if (chain.isEmpty() || chain.length() > 64) {
            throw root.fault("chain", "a chain's name or id is expected");
        }
        OptionalInt depth = root.number("depth", 0, DEPTH_MAX);
        boolean head = "head".equals(root.word("from", "final", "final", "head"));
        if (head && depth.isPresent()) {
            throw root.fault("depth", "what follows the head has no depth");
        }
        return new Mapping(
                root.number("version", 0, Integer.MAX_VALUE).orElse(0),
                chain,
                head,
                depth,
                target(root),
                schema(root),
                "dead".equals(root.word("onError", "stop", "stop", "dead")),
                tables(root));
    }

    private static Target target(MappingObject root) {
        Optional<MappingObject> found = root.object("target");
        if (found.isEmpty()) {
            return new Target.Embedded();
        }
        MappingObject target = found.get();
        if (target.word("kind", "embedded", "embedded", "postgresql").equals("embedded")) {
            target.only("kind");
            return new Target.Embedded();
        }
        target.only("kind", "url", "user", "passwordFile", "passwordVariable", "reader");
        String url = target.text("url").orElse("");
        if (!URL.matcher(url).matches()) {
            throw target.fault("url", "jdbc:postgresql://HOST[:PORT]/DATABASE is expected, at most with ?sslmode=");
        }
        String user = target.text("user")
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> target.fault("user", "the user is missing"));
        Optional<String> file = target.text("passwordFile");
        if (file.isPresent() && !FILE.matcher(file.get()).matches()) {
            throw target.fault("passwordFile", "the name of a file in the directory projections.secrets is expected");
        }
        Optional<String> variable = target.text("passwordVariable");
        if (variable.isPresent() && !VARIABLE.matcher(variable.get()).matches()) {
            throw target.fault("passwordVariable", "an environment variable PROJECTION_... is expected");
        }
        if (file.isPresent() && variable.isPresent()) {
            throw target.fault("passwordVariable", "the password is in a file already");
        }
        Optional<String> reader = target.text("reader");
        if (reader.isPresent() && !NAME.matcher(reader.get()).matches()) {
            throw target.fault("reader", "a role's name is of a-z, 0-9 and _, with no digit first");
        }
        return new Target.Postgresql(url, user, file, variable, reader);
    }

    private String schema(MappingObject root) {
        String schema = root.text("schema").orElse(projection);
        if (!NAME.matcher(schema).matches()
                || schema.length() > SCHEMA_CHARS_MAX
                || OWN_SCHEMA.matcher(schema).matches()) {
            throw root.fault(
                    "schema",
                    "a name of a-z, 0-9 and _ is expected, at most " + SCHEMA_CHARS_MAX
                            + " characters, that neither the database nor the node has for itself");
        }
        return schema;
    }

    private static List<TableMapping> tables(MappingObject root) {
        List<Object> items = root.list("tables").orElse(List.of());
        if (items.size() > TABLES_MAX) {
            throw root.fault("tables", "at most " + TABLES_MAX + " tables");
        }
        List<TableMapping> tables = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            TableMapping table = table(MappingObject.of("/tables/" + i, items.get(i)));
            if (!names.add(table.name())) {
                throw new MappingException("/tables/" + i + "/table", "another table has this name");
            }
            tables.add(table);
        }
        return tables;
    }

    private static TableMapping table(MappingObject table) {
        table.only("table", "when", "each", "mode", "key", "deleteWhen", "columns");
        String name = name(table, "table", table.text("table").orElse(""));
        if (name.startsWith("qbc_")) {
            throw table.fault("table", "names that begin with qbc_ are the node's own");
        }
        Optional<JsonPointer> each = table.text("each").map(text -> pointer(table, "each", text));
        boolean latest = "latest".equals(table.word("mode", "append", "append", "latest"));
        List<Source> key = key(table, each.isPresent());
        if (latest == key.isEmpty()) {
            throw table.fault(
                    "key",
                    latest ? "a table with the latest rows has a key" : "a table that rows are added to has no key");
        }
        Optional<TypePattern> deleteWhen = table.types("deleteWhen");
        if (deleteWhen.isPresent() && !latest) {
            throw table.fault("deleteWhen", "from a table that rows are added to none are taken");
        }
        return new TableMapping(
                name, table.types("when"), each, latest, key, deleteWhen, columns(table, each.isPresent()));
    }

    private static List<Source> key(MappingObject table, boolean each) {
        List<Source> key = new ArrayList<>();
        List<Object> items = table.list("key").orElse(List.of());
        for (int i = 0; i < items.size(); i++) {
            String at = "key/" + i;
            if (items.get(i) instanceof String text) {
                key.add(new Source(pointer(table, at, text), false));
            } else {
                MappingObject item = MappingObject.of(table.pointer(at), items.get(i));
                item.only("pointer", "each");
                key.add(source(item, each));
            }
        }
        return key;
    }

    private static List<ColumnMapping> columns(MappingObject table, boolean each) {
        MappingObject columns =
                table.object("columns").orElseThrow(() -> table.fault("columns", "columns are missing"));
        Map<String, Object> members = columns.members();
        if (members.isEmpty() || members.size() > COLUMNS_MAX) {
            throw table.fault("columns", "1 to " + COLUMNS_MAX + " columns are expected");
        }
        List<ColumnMapping> found = new ArrayList<>();
        members.forEach((name, value) -> {
            name(columns, name, name);
            if (name.startsWith("_")) {
                throw columns.fault(name, "columns that begin with _ are the node's own");
            }
            found.add(column(name, MappingObject.of(columns.pointer(name), value), each));
        });
        return found;
    }

    private static ColumnMapping column(String name, MappingObject column, boolean each) {
        column.only("pointer", "each", "type", "strip", "default", "required");
        String label = column.text("type").orElse("");
        ColumnType type = ColumnType.of(label)
                .orElseThrow(() -> column.fault(
                        "type", "text, bigint, numeric, boolean, timestamptz, json, jsonb or bytea is expected"));
        Optional<Object> otherwise = column.scalar("default");
        ColumnMapping mapped = new ColumnMapping(
                name, source(column, each), type, column.text("strip").orElse(""), otherwise, column.flag("required"));
        otherwise.ifPresent(value -> {
            Optional<String> misfit = ColumnReader.misfit(mapped, value);
            if (misfit.isPresent()) {
                throw column.fault("default", misfit.get());
            }
        });
        return mapped;
    }

    private static Source source(MappingObject object, boolean each) {
        Optional<String> whole = object.text("pointer");
        Optional<String> item = object.text("each");
        if (whole.isPresent() == item.isPresent()) {
            throw object.fault(whole.isPresent() ? "each" : "pointer", "one of pointer and each is expected");
        }
        if (item.isPresent() && !each) {
            throw object.fault("each", "the table has no each of which this could be an item's");
        }
        return whole.isPresent()
                ? new Source(pointer(object, "pointer", whole.get()), false)
                : new Source(pointer(object, "each", item.orElseThrow()), true);
    }

    private static JsonPointer pointer(MappingObject object, String member, String text) {
        return JsonPointer.parse(text).orElseThrow(() -> object.fault(member, "a JSON pointer (RFC 6901) is expected"));
    }

    private static String name(MappingObject object, String member, String name) {
        if (!NAME.matcher(name).matches()) {
            throw object.fault(
                    member, "a name of a-z, 0-9 and _ is expected, at most 63 characters, with no digit first");
        }
        return name;
    }
}
