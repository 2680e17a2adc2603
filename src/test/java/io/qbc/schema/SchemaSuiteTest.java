package io.qbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * JSON-Schema-Test-Suite, where it is: {@code -Dsuites=DIR}. What is refused is refused for what protocol.md names.
 *
 * <p>A schema that refers to a document of the suite's server or to the standard's own schemas is refused, and then
 * judged with these documents inside it (section 9.3 of the standard). They are in {@code remotes.json}, from
 * {@code remotes/draft2020-12} of the suite (MIT) and branch {@code 2020-12} of json-schema-spec (BSD).
 */
@EnabledIfSystemProperty(named = "suites", matches = ".+")
class SchemaSuiteTest {
    private static final String OUTSIDE = "must name a schema inside this one";

    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Integer> refused = new TreeMap<>();
    private int right;
    private int bundled;
    /** Texts that the suite has a format only said of, and that rules demand. */
    private int demanded;

    @Test
    void everyRequiredTestOfASchemaThatIsTakenComesOutRight() throws IOException {
        judge(folder());
        assertThat(wrong).as(this::counts).isEmpty();
        assertThat(demanded).isEqualTo(7);
        assertThat(right + demanded + refused.values().stream().mapToInt(n -> n).sum())
                .isEqualTo(1299);
        assertThat(refused.values().stream().mapToInt(n -> n).sum())
                .as(this::counts)
                .isEqualTo(10);
        assertThat(refused)
                .as(this::counts)
                .allSatisfy((why, count) -> assertThat(why)
                        .containsAnyOf("\\p; back-references and Unicode properties", "$schema must be"));
        assertThat(bundled).as(this::counts).isEqualTo(48);
    }

    @Test
    void everyFormatThatIsDemandedComesOutRight() throws IOException {
        for (String format : List.of("date", "time", "date-time", "uuid", "email", "ipv4", "uri")) {
            judge(folder().resolve("optional/format/" + format + ".json"));
        }
        assertThat(wrong).as(this::counts).isEmpty();
        assertThat(refused).as(this::counts).isEmpty();
    }

    @Test
    void optionalTestsComeOutRightToo() throws IOException {
        judge(folder().resolve("optional"));
        assertThat(wrong).as(this::counts).isEmpty();
    }

    private static Path folder() {
        return Path.of(System.getProperty("suites"), "json-schema", "draft2020-12");
    }

    private String counts() {
        return "%d right, %d of them with what they refer to inside, refused %s".formatted(right, bundled, refused);
    }

    private void judge(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    judge(file);
                }
            }
            return;
        }
        for (Object group : (List<?>) JsonTree.read(Bytes.wrap(Files.readAllBytes(path)))) {
            Map<?, ?> members = (Map<?, ?>) group;
            List<?> tests = (List<?>) members.get("tests");
            Object schema = members.get("schema");
            List<SchemaCheck.Fault> faults = SchemaCheck.faults(JsonTree.write(schema));
            if (faults.stream().anyMatch(fault -> fault.problem().startsWith(OUTSIDE))) {
                schema = withRemotes(schema);
                faults = SchemaCheck.faults(JsonTree.write(schema));
                bundled += faults.isEmpty() ? tests.size() : 0;
            }
            if (faults.isEmpty()) {
                String where = path.getFileName() + ": " + members.get("description") + ": ";
                PreparedSchema prepared = PreparedSchema.of(JsonTree.write(schema));
                tests.forEach(test -> judge(where, prepared, (Map<?, ?>) test));
            } else {
                String keyword = faults.get(0).pointer().replaceAll(".*/", "");
                refused.merge(keyword + " " + faults.get(0).problem(), tests.size(), Integer::sum);
            }
        }
    }

    private void judge(String where, PreparedSchema schema, Map<?, ?> test) {
        Bytes data = Bytes.utf8(JsonTree.write(test.get("data")));
        boolean valid = schema.failings(data, () -> false).isEmpty();
        if (valid == (Boolean) test.get("valid")) {
            right++;
        } else if (!valid && test.get("description").toString().endsWith("is only an annotation by default")) {
            demanded++;
        } else {
            wrong.add(where + test.get("description"));
        }
    }

    /** The schema with all remote ones inside, each under the URI that it is known by. */
    private static Object withRemotes(Object schema) throws IOException {
        Map<String, Object> whole = copy(schema);
        Map<String, Object> inside = copy(whole.getOrDefault("$defs", Map.of()));
        for (Map.Entry<String, Object> remote : remotes().entrySet()) {
            Map<String, Object> named = copy(remote.getValue());
            Object id = named.putIfAbsent("$id", remote.getKey());
            inside.put("remote " + remote.getKey(), named);
            if (id != null && !id.equals(remote.getKey())) {
                inside.put("alias " + remote.getKey(), new TreeMap<>(Map.of("$id", remote.getKey(), "$ref", id)));
            }
        }
        whole.put("$defs", inside);
        return whole;
    }

    private static Map<String, Object> remotes() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(SchemaSuiteTest.class.getResourceAsStream("/json-schema/remotes.json"))) {
            return copy(JsonTree.read(Bytes.wrap(in.readAllBytes())));
        }
    }

    private static Map<String, Object> copy(Object object) {
        Map<String, Object> copy = new LinkedHashMap<>();
        ((Map<?, ?>) object).forEach((name, value) -> copy.put(name.toString(), value));
        return copy;
    }
}
