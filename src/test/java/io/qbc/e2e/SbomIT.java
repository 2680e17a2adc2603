package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bill of materials of the built jar: what is in it, by the command line and by REST. */
class SbomIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void itNamesWhatIsInTheJarAndNothingElse() throws IOException {
        Plan plan = Plan.in(directory);
        Jar.Finished printed = Jar.run(plan, "sbom");
        assertThat(printed.code()).as(printed.output()).isZero();
        JsonNode document = JSON.readTree(printed.output());
        assertThat(document.get("bomFormat").textValue()).isEqualTo("CycloneDX");
        assertThat(document.at("/metadata/component/name").textValue()).isEqualTo("qbc");
        Map<String, String> versions = new TreeMap<>();
        document.get("components").forEach(component -> {
            String name = component.path("group").asText() + ":"
                    + component.get("name").asText();
            versions.put(name, component.get("version").asText());
            assertThat(component.get("purl").asText()).startsWith("pkg:maven/");
        });
        assertThat(versions)
                .containsKeys(
                        "io.vertx:vertx-core",
                        "io.netty:netty-codec-http",
                        "com.fasterxml.jackson.core:jackson-databind",
                        "org.rocksdb:rocksdbjni",
                        "org.bouncycastle:bcprov-jdk18on");
        // What only tests use is not shipped.
        assertThat(new TreeSet<>(versions.keySet()))
                .noneMatch(name -> List.of("org.junit", "org.assertj", "com.tngtech", "org.openjdk.jmh").stream()
                        .anyMatch(name::startsWith));
        try (NodeProcess node = NodeProcess.start(plan)) {
            Answer served = node.client().get("/v1/node/sbom").expect(200);
            assertThat(served.header("Content-Type")).isEqualTo("application/vnd.cyclonedx+json");
            assertThat(served.json()).isEqualTo(document);
            Answer plain = node.client()
                    .get("/v1/node/sbom", "Accept", "application/json")
                    .expect(200);
            assertThat(plain.header("Content-Type")).isEqualTo("application/json");
            assertThat(plain.json()).isEqualTo(document);
        }
    }
}
