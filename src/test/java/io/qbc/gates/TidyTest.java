package io.qbc.gates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a reader may rely on in every file. Forbidden words are written in two halves, so that this file may hold them.
 */
class TidyTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path MAIN = ROOT.resolve("src/main/java");
    private static final Path TEST = ROOT.resolve("src/test/java");
    private static final int LINE = 120;

    /** What stands at the top beside files and folders whose name begins with a dot. */
    private static final Set<String> TOP =
            Set.of("Dockerfile", "LICENSE", "README.md", "conf", "docker-compose.yml", "pom.xml", "src");
    /** What a build, a run or an editor leaves behind; git ignores it. */
    private static final Pattern LEFT_BEHIND = Pattern.compile("target|data[0-9]*|hs_err_pid.*");

    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern STREAMS = Pattern.compile("\\bSystem\\.(out|err)\\b|printStack" + "Trace\\(\\)");
    private static final Pattern SLEEP = Pattern.compile("Thread" + "\\.sleep|TimeUnit\\.[A-Z]+" + "\\.sleep");
    /** A limit of a test's own. */
    private static final Pattern LIMIT = Pattern.compile("\\.(get|waitFor|awaitTermination)\\([\\d_]+, [\\w.]*TimeUnit"
            + "|\\.(atMost|timeout|connectTimeout|succeedsWithin)\\(Duration|setSoTimeout\\(\\d|orTimeout\\(|@Time"
            + "out\\b");

    private static final Pattern WILDCARD = Pattern.compile("^import .*\\*;");
    private static final Pattern MACHINE = Pattern.compile("(?<![\\w.}$-])/(work|root|tmp|home/\\w+)" + "/");
    private static final Pattern REGISTRY =
            Pattern.compile("repo[0-9]?\\.mav" + "en|mav" + "en\\.org|docker" + "\\.io|quay" + "\\.io|ghcr" + "\\.io");

    @Test
    void linesAreShort() {
        assertThat(found(java(Stream.of(MAIN, TEST)), line -> line.length() > LINE))
                .isEmpty();
    }

    @Test
    void nothingIsUnfinished() {
        assertThat(found(texts(), line -> UNFINISHED.matcher(line).find())).isEmpty();
    }

    @Test
    void onlyTheCommandLineWritesToTheStreams() {
        Set<Path> cli = Set.of(MAIN.resolve("io/qbc/Main.java"));
        List<Path> files = java(Stream.of(MAIN)).stream()
                .filter(file -> !file.startsWith(MAIN.resolve("io/qbc/cli")) && !cli.contains(file))
                .toList();
        assertThat(found(files, line -> STREAMS.matcher(line).find())).isEmpty();
    }

    @Test
    void testsWaitForConditionsAndNotForTime() {
        assertThat(found(java(Stream.of(TEST)), line -> SLEEP.matcher(line).find()))
                .isEmpty();
    }

    @Test
    void onlyOnePlaceSaysHowPatientTestsAre() {
        assertThat(found(java(Stream.of(TEST)), line -> LIMIT.matcher(line).find()))
                .isEmpty();
        assertThat(List.of("future.get" + "(20, TimeUnit.SECONDS)", ".atMost" + "(Duration.ofSeconds(5))"))
                .allMatch(planted -> LIMIT.matcher(planted).find());
    }

    @Test
    void importsNameWhatTheyImport() {
        assertThat(found(
                        java(Stream.of(MAIN, TEST)),
                        line -> WILDCARD.matcher(line).find()))
                .isEmpty();
    }

    @Test
    void nothingNamesAMachineOrARegistry() {
        assertThat(found(texts(), line -> MACHINE.matcher(line).find())).isEmpty();
        assertThat(found(texts(), line -> REGISTRY.matcher(line).find())).isEmpty();
    }

    @Test
    void theTextsAreAllThatPeopleRead() {
        assertThat(texts())
                .contains(
                        ROOT.resolve("README.md"),
                        ROOT.resolve("conf/node.yaml"),
                        ROOT.resolve("src/docs/README.md"),
                        ROOT.resolve(".github/CONTRIBUTING.md"),
                        ROOT.resolve(".github/pull_request_template.md"));
    }

    @Test
    void theTopOfTheRepositoryHoldsWhatBelongsThere() throws IOException {
        try (Stream<Path> top = Files.list(ROOT)) {
            assertThat(top.map(path -> path.getFileName().toString()))
                    .allSatisfy(name -> assertThat(TOP.contains(name)
                                    || name.startsWith(".")
                                    || LEFT_BEHIND.matcher(name).matches())
                            .describedAs("%s does not belong at the top of the repository", name)
                            .isTrue());
        }
    }

    private static List<String> found(List<Path> files, Predicate<String> wrong) {
        List<String> places = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (wrong.test(lines.get(i))) {
                    places.add(ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        }
        return places;
    }

    private static List<Path> java(Stream<Path> roots) {
        return roots.flatMap(TidyTest::files)
                .filter(file -> file.toString().endsWith(".java"))
                .toList();
    }

    /** Every text of the project: sources, resources, documents, configuration. */
    private static List<Path> texts() {
        Stream<Path> single = Stream.of("README.md", "Dockerfile", "docker-compose.yml", "pom.xml")
                .map(ROOT::resolve);
        Stream<Path> below =
                Stream.of("src", "conf", ".ci", ".github").map(ROOT::resolve).flatMap(TidyTest::files);
        return Stream.concat(single, below).filter(TidyTest::isText).toList();
    }

    private static boolean isText(Path file) {
        return !file.toString().matches(".*\\.(bin|cbor|pkl|png|jpg|webp|ico|gz|jar|woff2)");
    }

    private static Stream<Path> files(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
