package io.qbc.gates;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.bus.Catalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents name what there is: files, types, packages, messages and links; planted slips are found. */
class DocumentsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path DOCS = ROOT.resolve("src/docs");
    private static final Path DECISIONS = DOCS.resolve("decisions");
    private static final Path ARCHITECTURE = DOCS.resolve("architecture.md");
    private static final Path CONTRIBUTING = ROOT.resolve(".github/CONTRIBUTING.md");
    private static final Path MAIN = ROOT.resolve("src/main/java/io/qbc");
    private static final Path TEST = ROOT.resolve("src/test/java/io/qbc");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern WEB = Pattern.compile("^[a-z]+://.*");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern FILE = Pattern.compile("`([\\w./-]+\\.java)`");
    private static final Pattern TYPE = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)`");
    private static final Pattern MESSAGE = Pattern.compile("`([A-Z]+(?:_[A-Z]+)*)`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([\\w.]+)` \\|([^|]*)\\|([^|]*)\\|$");
    private static final Pattern PACKAGE = Pattern.compile("`([a-z.]+)`");
    private static final Pattern STATUS =
            Pattern.compile("(?m)^- Status: (proposed|accepted|superseded by \\[\\d+\\]\\(\\d{4}-[\\w-]+\\.md\\))$");
    private static final Pattern DATE = Pattern.compile("(?m)^- Date: (\\d{4}-\\d{2}-\\d{2})$");

    /** Words that once stood for what the field has its own word for. */
    private static final Pattern GIVEN_UP = Pattern.compile(
            "\\b(door\\w*|haunt\\w*|exorci\\w*|ghosts?|errands?|acquaintances?|newcomers?|greeted|vows?)\\b",
            Pattern.CASE_INSENSITIVE);

    @Test
    void everyLinkLeadsToAFileAndAHeading() {
        documents().forEach(page -> assertThat(lost(page, text(page))).isEmpty());
    }

    @Test
    void aLinkThatLeadsNowhereIsFound() {
        String text = "[a](gone.md) [b](README.md#nowhere) [c](README.md) [d](https://a.example/x)";
        assertThat(lost(DOCS.resolve("planted.md"), text)).containsExactly("gone.md", "README.md#nowhere");
    }

    @Test
    void theFilesTypesAndMessagesThatAreNamedAreThere() {
        assertThat(missing(text(ARCHITECTURE))).isEmpty();
        assertThat(missing(text(CONTRIBUTING))).isEmpty();
    }

    @Test
    void aNameOfNothingIsFound() {
        String text = "`http/Gone.java`, `http/HttpVerticle.java`, `Gone`, `Catalogue`, `GONE_IT_IS`, `HEAD_MOVED`";
        assertThat(missing(text)).containsExactlyInAnyOrder("http/Gone.java", "Gone", "GONE_IT_IS");
    }

    /** Each row of the table of attacks names a test that is there. */
    @Test
    void everyAttackHasATest() {
        String table = between(text(DOCS.resolve("reliability.md")), "<!-- attacks -->", "<!-- attacks end -->");
        List<String> rows =
                table.lines().filter(line -> line.startsWith("| ")).skip(1).toList();
        assertThat(rows).hasSizeGreaterThan(20);
        for (String row : rows) {
            String tests = row.split("(?<!\\\\)\\|", -1)[3];
            assertThat(named(TYPE, tests)).as(row).isNotEmpty();
            assertThat(missing(tests)).as(row).isEmpty();
        }
    }

    /** Else the test above could pass on a page that names nothing. */
    @Test
    void theWaysAreToldByFilesAndMessages() {
        String ways = between(text(ARCHITECTURE), "<!-- ways -->", "<!-- ways end -->");
        assertThat(ways.split("\n## ", -1)).hasSize(5);
        for (String way : ways.substring(ways.indexOf("## ") + 3).split("\n## ", -1)) {
            assertThat(named(FILE, way)).as(way.lines().findFirst().orElse("")).hasSizeGreaterThan(5);
            assertThat(named(MESSAGE, way))
                    .as(way.lines().findFirst().orElse(""))
                    .isNotEmpty();
        }
    }

    @Test
    void everyPackageIsInTheTableAndTheOtherWayRound() {
        assertThat(table(text(ARCHITECTURE)).keySet()).containsExactlyInAnyOrderElementsOf(packages());
    }

    @Test
    void thePackagesMayImportWhatTheTableSays() {
        Set<String> there = packages();
        table(text(ARCHITECTURE)).forEach((name, imports) -> {
            Optional<Set<String>> permitted = ImportRules.imports(name);
            if (permitted.isEmpty()) {
                assertThat(imports).as(name).isEqualTo(name.contains("qbc") || name.equals("node") ? "everything" : "");
            } else {
                Set<String> expected = new TreeSet<>(permitted.get());
                expected.retainAll(there);
                assertThat(named(PACKAGE, imports)).as(name).isEqualTo(expected);
            }
        });
    }

    @Test
    void everyDecisionSaysItsStatusAndDateAndIsInTheIndex() {
        String index = text(DECISIONS.resolve("README.md"));
        List<Path> records = files(DECISIONS)
                .filter(file -> file.getFileName().toString().matches("\\d{4}-.*"))
                .toList();
        assertThat(records).isNotEmpty();
        for (Path record : records) {
            String text = text(record);
            String title = text.lines().findFirst().orElse("").replaceFirst("^# ", "");
            assertThat(text).as(title).containsPattern(STATUS).containsPattern(DATE);
            String status = first(STATUS, text).replaceAll("\\[(\\d+)].*", "$1");
            assertThat(index)
                    .contains("| [" + title + "](" + record.getFileName() + ") | " + status + " | " + first(DATE, text)
                            + " |");
        }
    }

    @Test
    void theIndexNamesEveryPage() {
        String index = text(DOCS.resolve("README.md"));
        try (Stream<Path> pages = Files.list(DOCS)) {
            assertThat(pages.map(page -> page.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(index).contains("(" + name + ")"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theReadmeShowsAFigureOfTheRecordedRun() {
        String figure = first(Pattern.compile("([\\d,]+) injects a second"), text(ROOT.resolve("README.md")));
        assertThat(text(DOCS.resolve("performance.md"))).containsPattern("inject, closed loop +" + figure + " ");
    }

    @Test
    void thePagesUseTheWordsOfTheField() {
        Stream.concat(documents().stream(), files(ROOT.resolve("conf")))
                .forEach(page -> assertThat(named(GIVEN_UP, text(page)))
                        .as(ROOT.relativize(page).toString())
                        .isEmpty());
        assertThat(named(GIVEN_UP, "Both doors are open.")).containsExactly("doors");
    }

    /** Links of a page that lead to no file, or to no heading of it. */
    private static List<String> lost(Path page, String text) {
        List<String> lost = new ArrayList<>();
        for (String link : all(LINK, text)) {
            if (!WEB.matcher(link).matches()) {
                int hash = link.indexOf('#');
                String path = hash < 0 ? link : link.substring(0, hash);
                Path target = path.isEmpty()
                        ? page
                        : page.resolveSibling(path).toAbsolutePath().normalize();
                boolean found = Files.exists(target)
                        && target.startsWith(ROOT)
                        && (hash < 0 || anchors(text(target)).contains(link.substring(hash + 1)));
                if (!found) {
                    lost.add(link);
                }
            }
        }
        return lost;
    }

    /** How headings are called in links. */
    private static Set<String> anchors(String text) {
        return all(HEADING, text).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\s-]", "")
                        .strip()
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** Files, types and messages that a text names and that are not there. */
    private static List<String> missing(String text) {
        Set<String> types = Stream.concat(files(MAIN), files(TEST))
                .map(file -> file.getFileName().toString().replaceFirst("\\.java$", ""))
                .collect(Collectors.toSet());
        Set<String> messages = Stream.of(Catalogue.class.getFields())
                .map(field -> field.getName())
                .collect(Collectors.toSet());
        // Constants of other types that the guide tells of.
        messages.addAll(Set.of("NAMES", "PAUSE_MILLIS", "PAGE_BYTES"));
        List<String> missing = new ArrayList<>();
        named(FILE, text).stream()
                .filter(file -> !Files.exists(MAIN.resolve(file)) && !Files.exists(ROOT.resolve(file)))
                .forEach(missing::add);
        named(TYPE, text).stream().filter(type -> !types.contains(type)).forEach(missing::add);
        named(MESSAGE, text).stream()
                .filter(message -> !messages.contains(message))
                .forEach(missing::add);
        return missing;
    }

    /** Package and imports of each row. */
    private static Map<String, String> table(String text) {
        Map<String, String> table = new LinkedHashMap<>();
        ROW.matcher(between(text, "<!-- packages -->", "<!-- packages end -->"))
                .results()
                .forEach(row -> table.put(row.group(1), row.group(3).strip()));
        return table;
    }

    /** All packages of the product, below its root; the root by its whole name. */
    private static Set<String> packages() {
        return files(MAIN)
                .filter(file -> file.toString().endsWith(".java"))
                .map(file -> MAIN.relativize(file.getParent()).toString().replace('/', '.'))
                .map(name -> name.isEmpty() ? "io.qbc" : name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> documents() {
        return Stream.concat(
                        Stream.of(ROOT.resolve("README.md")),
                        Stream.of(DOCS, ROOT.resolve(".github")).flatMap(DocumentsTest::files))
                .filter(file -> file.toString().matches(".*\\.(md|yml)"))
                .toList();
    }

    private static String between(String text, String begin, String end) {
        assertThat(text).contains(begin, end);
        return text.substring(text.indexOf(begin) + begin.length(), text.indexOf(end));
    }

    private static Set<String> named(Pattern pattern, String text) {
        return new TreeSet<>(all(pattern, text));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String first(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .findFirst()
                .map((MatchResult match) -> match.group(1))
                .orElseThrow(() -> new AssertionError("nothing matches " + pattern));
    }

    private static Stream<Path> files(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
