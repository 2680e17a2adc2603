package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The words of the console: all in one file, each one there that a page asks for. */
class ConsoleWordsTest {
    private static final Path FOLDER = Path.of("src", "main", "resources", "console");
    private static final Path WORDS = FOLDER.resolve("texts.js");

    /** A member of a group of words, like {@code T.chain.name}; some pages have a short name for their group. */
    private static final Pattern MEMBER = Pattern.compile("\\bT\\.(\\w+)\\.(\\w+)");

    private static final Pattern ALONE = Pattern.compile("\\bT\\.(\\w+)\\b(?!\\.\\w)");
    private static final Pattern SHORT = Pattern.compile("const ([A-Z]) = T\\.(\\w+);");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.$'’])'?([A-Za-z_][\\w-]*)'?: ");
    private static final Pattern TERM =
            Pattern.compile("term: '([^']+)'|term=\"([^\"]+)\"|<\\$\\{Term\\} of=\"([^\"]+)\"");
    private static final Pattern LOUD = Pattern.compile("[\\p{L}\\d’”)}]!");

    private static String words() throws IOException {
        return Files.readString(WORDS);
    }

    private static Map<String, String> pages() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            Map<String, String> pages = new HashMap<>();
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".js")).toList()) {
                if (!file.equals(WORDS)) {
                    pages.put(FOLDER.relativize(file).toString(), Files.readString(file));
                }
            }
            return pages;
        }
    }

    /** The groups of the words with the names in each; a word alone is a group of its own. */
    private static Map<String, Set<String>> groups() throws IOException {
        Map<String, Set<String>> groups = new HashMap<>();
        Set<String> names = Set.of();
        String words = words();
        String texts = words.substring(words.indexOf("export const T = {"), words.indexOf("export const GLOSSARY"));
        for (String line : texts.lines().skip(1).toList()) {
            Matcher name = NAME.matcher(line);
            if (line.startsWith("  ") && !line.startsWith("   ") && name.find()) {
                names = groups.computeIfAbsent(name.group(1), first -> new TreeSet<>());
                while (!line.contains(": {") && name.find()) {
                    groups.computeIfAbsent(name.group(1), first -> new TreeSet<>());
                }
            }
            Matcher inside = NAME.matcher(line);
            while (inside.find()) {
                names.add(inside.group(1));
            }
        }
        return groups;
    }

    private static Set<String> glossary() throws IOException {
        String words = words();
        return words.substring(words.indexOf("export const GLOSSARY"))
                .lines()
                .skip(1)
                .filter(line -> line.startsWith("  "))
                .map(line -> line.strip().replaceAll("^'?([^':]+)'?:.*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyWordThatAPageAsksForIsThere() throws IOException {
        Map<String, Set<String>> groups = groups();
        Set<String> missing = new TreeSet<>();
        int asked = 0;
        for (Map.Entry<String, String> page : pages().entrySet()) {
            String code = page.getValue();
            Matcher named = SHORT.matcher(code);
            if (named.find()) {
                code = code.replaceAll("(?<![\\w.$])" + named.group(1) + "\\.(?=\\w)", "T." + named.group(2) + ".");
            }
            Matcher member = MEMBER.matcher(code);
            while (member.find()) {
                asked++;
                if (!groups.getOrDefault(member.group(1), Set.of()).contains(member.group(2))) {
                    missing.add(page.getKey() + ": " + member.group());
                }
            }
            Matcher alone = ALONE.matcher(code);
            while (alone.find()) {
                asked++;
                if (!groups.containsKey(alone.group(1))) {
                    missing.add(page.getKey() + ": " + alone.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(asked).isGreaterThan(500);
    }

    @Test
    void everyTermThatAPageExplainsIsInTheGlossary() throws IOException {
        Set<String> terms = new TreeSet<>();
        for (String code : pages().values()) {
            Matcher term = TERM.matcher(code);
            while (term.find()) {
                terms.add(Stream.of(term.group(1), term.group(2), term.group(3))
                        .filter(each -> each != null)
                        .findFirst()
                        .orElseThrow());
            }
        }
        assertThat(terms).hasSizeGreaterThan(20);
        assertThat(glossary()).containsAll(terms);
    }

    /** One sentence each, and calm. */
    @Test
    void wordsAreCalm() throws IOException {
        String words = words();
        List<String> loud =
                words.lines().filter(line -> LOUD.matcher(line).find()).toList();
        assertThat(loud).isEmpty();
        List<String> explained = Arrays.stream(
                        words.substring(words.indexOf("export const GLOSSARY")).split("\n"))
                .filter(line -> line.startsWith("  "))
                .toList();
        assertThat(explained).allSatisfy(line -> assertThat(line).endsWith(".',"));
    }

    @Test
    void everyPageIsReached() throws IOException {
        Map<String, String> pages = pages();
        String all = String.join("\n", pages.values());
        assertThat(pages.keySet()).allSatisfy(name -> {
            if (!name.equals("app.js")) {
                String file = name.substring(name.lastIndexOf('/') + 1);
                assertThat(all).contains("/" + file + "'");
            }
        });
    }
}
