package io.qbc.projection.mapping;

import io.qbc.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Mappings as JSON with every default written out. */
final class MappingForm {
    private MappingForm() {}

    static String whole(Mapping mapping) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("version", (long) mapping.version());
        out.put("chain", mapping.chain());
        out.put("from", from(mapping));
        mapping.depth().ifPresent(depth -> out.put("depth", (long) depth));
        out.put("target", target(mapping.target()));
        out.put("schema", mapping.schema());
        out.put("onError", mapping.dead() ? "dead" : "stop");
        out.put("tables", tables(mapping));
        return JsonTree.write(out);
    }

    static String rows(Mapping mapping) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("from", from(mapping));
        out.put("tables", tables(mapping));
        return JsonTree.write(out);
    }

    private static String from(Mapping mapping) {
        return mapping.head() ? "head" : "final";
    }

    private static List<Object> tables(Mapping mapping) {
        return mapping.tables().stream().map(MappingForm::table).toList();
    }

    private static Object target(Target target) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("kind", target.kind());
        if (target instanceof Target.Postgresql postgresql) {
            out.put("url", postgresql.url());
            out.put("user", postgresql.user());
            postgresql.passwordFile().ifPresent(file -> out.put("passwordFile", file));
            postgresql.passwordVariable().ifPresent(name -> out.put("passwordVariable", name));
            postgresql.reader().ifPresent(role -> out.put("reader", role));
        }
        return out;
    }

    private static Object table(TableMapping table) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("table", table.name());
        table.when().ifPresent(when -> out.put("when", types(when)));
        table.each().ifPresent(each -> out.put("each", each.text()));
        out.put("mode", table.latest() ? "latest" : "append");
        if (table.latest()) {
            out.put("key", table.key().stream().map(MappingForm::key).toList());
        }
        table.deleteWhen().ifPresent(when -> out.put("deleteWhen", types(when)));
        Map<String, Object> columns = new LinkedHashMap<>();
        table.columns().forEach(column -> columns.put(column.name(), column(column)));
        out.put("columns", columns);
        return out;
    }

    private static Object key(Source source) {
        return source.item()
                ? new TreeMap<>(Map.of("each", source.pointer().text()))
                : source.pointer().text();
    }

    private static Object types(TypePattern pattern) {
        List<String> types = pattern.types();
        return new TreeMap<>(Map.of("type", types.size() == 1 ? types.get(0) : types));
    }

    private static Object column(ColumnMapping column) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put(
                column.source().item() ? "each" : "pointer",
                column.source().pointer().text());
        out.put("type", column.type().label());
        if (!column.strip().isEmpty()) {
            out.put("strip", column.strip());
        }
        column.otherwise().ifPresent(value -> out.put("default", value));
        if (column.required()) {
            out.put("required", true);
        }
        return out;
    }
}
