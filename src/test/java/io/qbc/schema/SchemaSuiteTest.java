package io.qbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** JSON-Schema-Test-Suite, where it is: {@code -Dsuites=DIR}. What is refused is refused for what protocol.md names. */
@EnabledIfSystemProperty(named = "suites", matches = ".+")
class SchemaSuiteTest {
    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Integer> refused = new TreeMap<>();
    private int right;

    @Test
    void everySchemaThatIsTakenJudgesAsTheSuiteSays() throws IOException {
        Path folder = Path.of(System.getProperty("suites"), "json-schema", "draft2020-12");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                judge(file);
            }
        }
        assertThat(wrong).as("%d right, refused %s", right, refused).isEmpty();
        assertThat(right).as("refused %s", refused).isGreaterThan(1000);
    }

    private void judge(Path file) throws IOException {
        for (Object group : (List<?>) JsonTree.read(Bytes.wrap(Files.readAllBytes(file)))) {
            Map<?, ?> members = (Map<?, ?>) group;
            String schema = JsonTree.write(members.get("schema"));
            List<SchemaCheck.Fault> faults = SchemaCheck.faults(schema);
            for (Object test : (List<?>) members.get("tests")) {
                Map<?, ?> each = (Map<?, ?>) test;
                if (!faults.isEmpty()) {
                    String keyword = faults.get(0).pointer().replaceAll(".*/", "");
                    refused.merge(keyword + " " + faults.get(0).problem(), 1, Integer::sum);
                    continue;
                }
                Bytes data = Bytes.utf8(JsonTree.write(each.get("data")));
                boolean valid =
                        PreparedSchema.of(schema).failings(data, () -> false).isEmpty();
                // The seven formats that protocol.md names are demanded.
                boolean demanded = each.get("description").toString().endsWith("is only an annotation by default");
                if (valid == (Boolean) each.get("valid") || (demanded && !valid)) {
                    right++;
                } else {
                    wrong.add(file.getFileName() + ": " + members.get("description") + ": " + each.get("description"));
                }
            }
        }
    }
}
