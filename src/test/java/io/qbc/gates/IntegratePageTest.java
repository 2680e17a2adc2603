package io.qbc.gates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page about building it in tells to write compiles; of frameworks, their annotations stand in for them. */
class IntegratePageTest {
    private static final Path PAGE = Path.of("src/docs/integrate.md");

    private static final String IMPORTS = """
            import io.qbc.client.*;
            import io.qbc.client.answer.*;
            import io.qbc.client.request.*;
            import io.qbc.outbox.*;
            import io.qbc.testkit.*;
            import io.vertx.core.*;
            import io.vertx.core.json.JsonObject;
            import jakarta.enterprise.context.*;
            import jakarta.enterprise.inject.*;
            import jakarta.inject.*;
            import javax.sql.DataSource;
            import org.eclipse.microprofile.config.inject.*;
            import org.junit.jupiter.api.Test;
            import org.springframework.beans.factory.annotation.*;
            import org.springframework.context.annotation.*;
            import static org.assertj.core.api.Assertions.assertThat;
            """;

    private static final Map<String, String> ANNOTATIONS = Map.of(
            "org.springframework.context.annotation.Configuration", "",
            "org.springframework.context.annotation.Bean",
                    "String initMethod() default \"\"; String destroyMethod() default \"\";",
            "org.springframework.beans.factory.annotation.Value", "String value();",
            "jakarta.enterprise.context.ApplicationScoped", "",
            "jakarta.enterprise.inject.Produces", "",
            "jakarta.enterprise.inject.Disposes", "",
            "jakarta.inject.Singleton", "",
            "org.eclipse.microprofile.config.inject.ConfigProperty", "String name();");

    @TempDir
    Path home;

    /** The code under a heading. */
    private static String code(String heading) throws IOException {
        String page = Files.readString(PAGE);
        Matcher section = Pattern.compile("(?m)^## " + Pattern.quote(heading) + "\n\n((?:    .*\n|\n)+)")
                .matcher(page);
        assertThat(section.find()).as(heading).isTrue();
        return section.group(1);
    }

    private String faults(String code) throws IOException {
        List<Path> sources = new ArrayList<>(List.of(source("Page.java", IMPORTS + code)));
        for (Map.Entry<String, String> each : ANNOTATIONS.entrySet()) {
            int dot = each.getKey().lastIndexOf('.');
            String name = each.getKey().substring(dot + 1);
            sources.add(source(
                    each.getKey() + ".java",
                    "package " + each.getKey().substring(0, dot) + "; public @interface " + name + " {"
                            + each.getValue() + "}"));
        }
        StringWriter said = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of(
                "--release", "17", "-proc:none", "-d", home.toString(), "-cp", System.getProperty("java.class.path"));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            return done ? "" : said.toString();
        }
    }

    /** Each in a directory of its own, as their names may be the same. */
    private Path source(String name, String text) throws IOException {
        String[] parts = name.split("\\.", -1);
        Path directory = Files.createDirectories(home.resolve("src").resolve(name));
        return Files.writeString(directory.resolve(parts[parts.length - 2] + ".java"), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Spring Boot", "Quarkus", "Nodes for your tests"})
    void aClassOfThePageCompiles(String heading) throws IOException {
        assertThat(faults(code(heading))).isEmpty();
    }

    @Test
    void theVerticleCompiles() throws IOException {
        assertThat(faults(code("Vert.x").replace("public final class", "final class")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Plain Java"})
    void statementsCompile(String heading) throws IOException {
        assertThat(faults("class Page { void run() {" + code(heading) + "} }")).isEmpty();
    }

    @Test
    void whatDoesNotCompileIsFound() throws IOException {
        assertThat(faults("class Page { BlockingQbcClient client = ClientOptions.of(\"\"); }"))
                .contains("incompatible types");
    }
}
