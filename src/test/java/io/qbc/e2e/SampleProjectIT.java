package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Maven itself builds the samples, with the installed pom and no class path of this build's, since what a pom lets its
 * users resolve is for Maven alone to say. It sees the local repository of this build, with our own artifacts beside.
 */
@DisplayName("A project outside of this one, against what is installed")
class SampleProjectIT {
    private static final Path SAMPLES = Path.of("src/test/resources/sample");
    private static final String VERSION = System.getProperty("qbc.version", "");
    private static final String MAVEN = System.getProperty("qbc.maven", "");
    private static final List<String> CLASSIFIERS = List.of("", "client", "thin", "sources", "javadoc");

    @TempDir
    Path home;

    private Path repository;

    /** A repository of links, so that what Maven fetches is there at the next build, but ours is not. */
    @BeforeEach
    void install() throws IOException {
        Assumptions.assumeFalse(MAVEN.isEmpty(), "only where Maven runs the tests");
        repository = Files.createDirectories(home.resolve("repository"));
        Path local = Path.of(System.getProperty("qbc.repository"));
        link(local, repository, "io");
        link(local.resolve("io"), Files.createDirectories(repository.resolve("io")), "qbc");
        Path ours = Files.createDirectories(repository.resolve("io/qbc/qbc").resolve(VERSION));
        Path built = Path.of(System.getProperty("qbc.jar")).toAbsolutePath().getParent();
        Files.copy(Path.of("pom.xml"), ours.resolve("qbc-" + VERSION + ".pom"));
        for (String classifier : CLASSIFIERS) {
            String suffix = classifier.isEmpty() ? ".jar" : "-" + classifier + ".jar";
            if (Files.exists(built.resolve("qbc" + suffix))) {
                Files.createSymbolicLink(ours.resolve("qbc-" + VERSION + suffix), built.resolve("qbc" + suffix));
            }
        }
    }

    /** Nothing that clears the directory comes near to what the links lead to. */
    @AfterEach
    void unlink() throws IOException {
        if (repository != null) {
            try (Stream<Path> all = Files.walk(repository)) {
                for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                    Files.delete(link);
                }
            }
        }
    }

    private static void link(Path from, Path to, String not) throws IOException {
        try (Stream<Path> all = Files.list(from)) {
            for (Path each : all.filter(file -> !file.endsWith(not)).toList()) {
                Files.createSymbolicLink(to.resolve(each.getFileName()), each.toAbsolutePath());
            }
        }
    }

    @Test
    @DisplayName("calls a node with the client, Vert.x and nothing else")
    void client() throws Exception {
        String path = build("client");
        assertThat(path.split(File.pathSeparator, -1))
                .allMatch(each -> each.matches(".*/(target/classes|(qbc|vertx-core|netty|jackson-core)[^/]*)"));
        try (NodeProcess node = NodeProcess.start(Plan.in(home.resolve("served")))) {
            assertThat(run(path, node.url())).isEqualTo("COMMITTED 2");
        }
    }

    @Test
    @DisplayName("has a node inside, by the thin jar and what its pom brings")
    void node() throws Exception {
        String path = build("node");
        assertThat(path).doesNotContain("hazelcast", "/org/junit/", "vertx-sql-client", "vertx-jdbc-client");
        assertThat(run(path, home.resolve("data").toString())).endsWith("sealed 1");
    }

    /** Builds a sample in a directory of its own; gives the class path to run it with. */
    private String build(String sample) throws Exception {
        Path project = home.resolve(sample);
        Path source = Path.of("src/main/java/sample/Program.java");
        Files.createDirectories(project.resolve(source).getParent());
        Files.copy(SAMPLES.resolve(sample).resolve("pom.xml"), project.resolve("pom.xml"));
        Files.copy(SAMPLES.resolve(sample).resolve(source), project.resolve(source));
        List<String> command =
                new ArrayList<>(List.of(Path.of(MAVEN, "bin", "mvn").toString(), "-B", "-q"));
        if ("offline=true".equals(System.getProperty("qbc.resolves"))) {
            command.add("-o");
        }
        command.addAll(List.of(
                "-Dmaven.repo.local=" + repository,
                "-Dqbc.version=" + VERSION,
                "-Dvertx.version=" + System.getProperty("qbc.vertx"),
                "process-classes"));
        finish(project, command);
        return Files.readString(project.resolve("target/path.txt")).strip();
    }

    private String run(String path, String argument) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return finish(home, List.of(java, "-XX:TieredStopAtLevel=1", "-cp", path, "sample.Program", argument));
    }

    /** Runs a command to its end; gives what it wrote. */
    private static String finish(Path directory, List<String> command) throws Exception {
        Path log = Files.createTempFile(directory, "said", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(Patience.ended(process)).as("%s ends", command).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(log).strip();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
