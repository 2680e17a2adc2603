package io.qbc.suites;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.json.JsonLimits;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The strict reader on JSONTestSuite")
class JsonSuiteTest {
    private static final int FILES = 318;
    /** Two members of one name would be read as different data by different readers. */
    private static final Set<String> REFUSED_ON_PURPOSE =
            Set.of("y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json");

    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    @Test
    @DisplayName("takes what must be accepted and refuses what must be refused")
    void parsing() throws IOException {
        SoftAssertions all = new SoftAssertions();
        List<Path> files;
        try (Stream<Path> listed = Files.list(Suites.path("json/parsing"))) {
            files = listed.sorted().toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            boolean accepted = StrictJson.check(Bytes.wrap(Files.readAllBytes(file)), LIMITS)
                    .isEmpty();
            // What begins with an i may be either.
            if (name.startsWith("y_") || name.startsWith("n_")) {
                all.assertThat(accepted)
                        .as(name)
                        .isEqualTo(name.startsWith("y_") && !REFUSED_ON_PURPOSE.contains(name));
            }
        }
        all.assertAll();
        assertThat(files).hasSize(FILES);
    }
}
