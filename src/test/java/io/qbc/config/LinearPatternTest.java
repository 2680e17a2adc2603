package io.qbc.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearPatternTest {
    private static final List<String> ATOMS =
            List.of("a", "b", ".", "[ab]", "[^a]", "[a-c-]", "\\w", "\\s", "\\d", "^", "$", "\\b", "\\B", "\\.");
    private static final List<String> REPEATS = List.of("", "", "", "*", "+", "?", "{2}", "{1,2}", "{2,}", "*?");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "^[A-Z]-[0-9]+$ | A-17 | true",
                "^[A-Z]-[0-9]+$ | A-17x | false",
                "^(?:red~green~blue)$ | green | true",
                "^(?:red~green~blue)$ | greenish | false",
                "^.{2,3}$ | ab | true",
                "^.{2,3}$ | abcd | false",
                "^.$ | \uD83D\uDE00 | true",
                "^[\\u0041-\\x43]$ | B | true",
                "\\bend\\b | the end. | true",
                "\\bend\\b | weekend | false",
                "^\\S+@\\S+\\.\\S+$ | me@example.org | true",
                "[\\]\\-] | ] | true",
                "^(a(b(c)?)?)?$ | ab | true",
                "x* | | true",
            })
    void matchesAsItSays(String pattern, String text, boolean expected) {
        String spelled = pattern.replace('~', '|');
        assertThat(LinearPattern.fault(spelled)).isEmpty();
        assertThat(find(spelled, text == null ? "" : text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "[a",
                "a{2,1}",
                "a{",
                "*a",
                "^*",
                "a**",
                "a++",
                "(?<n>a)",
                "(?!a)",
                "(?i)a",
                "\\1",
                "\\k<n>",
                "\\p{L}",
                "\\u12",
                "[b-a]",
                "[\\d-z]",
                "[a[b]",
                "\\",
                "a{1001}",
                "(a{1000}){3}",
                "\\uD83D\\uDE00"
            })
    void whatIsNoPatternOrNotTakenIsRefused(String pattern) {
        assertThat(LinearPattern.fault(pattern)).isPresent();
    }

    @Test
    void agreesWithTheLibraryOfTheLanguage() {
        // Not any seed: the JDK misses a match now and then, as of seed 7318797613443134513, where a group that is
        // to come twice may first be empty and then not.
        long seed = Long.getLong("qbc.seed", 22_11_2026);
        Random random = new Random(seed);
        for (int n = 0; n < 3000; n++) {
            String pattern = pattern(random, 3);
            Pattern reference = Pattern.compile(pattern.replace("$", "\\z"), Pattern.DOTALL);
            for (int k = 0; k < 5; k++) {
                String text = text(random);
                assertThat(find(pattern, text))
                        .as("seed %s: %s on '%s'", seed, pattern, text)
                        .isEqualTo(reference.matcher(text).find());
            }
        }
    }

    private static String pattern(Random random, int depth) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            if (depth > 0 && random.nextInt(4) == 0) {
                out.append('(').append(pattern(random, depth - 1)).append(')').append(any(random, REPEATS));
            } else {
                String atom = any(random, ATOMS);
                boolean place = "^$".contains(atom) || atom.equalsIgnoreCase("\\b");
                out.append(atom).append(place ? "" : any(random, REPEATS));
            }
            if (random.nextInt(6) == 0) {
                out.append('|');
            }
        }
        return out.toString();
    }

    private static String any(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append("aabbc1 ._-".charAt(random.nextInt(10)));
        }
        return text.toString();
    }

    @Test
    void aRepetitionThatIsTriedEverywhereIsNoNamePattern() {
        assertThat(NamePattern.fault("^a|b*$")).isPresent();
        assertThat(NamePattern.fault("^(a|b)-[0-9]{4}-[a-z]*$")).isEmpty();
        assertThat(NamePattern.fault("_id$")).isEmpty();
    }

    @Test
    void theCostIsTheTextTimesThePattern() {
        long[] spent = {0};
        LinearPattern.of("^(a+)+$").find("a".repeat(10_000) + "!", steps -> spent[0] += steps);
        assertThat(spent[0]).isBetween(10_000L, 200_000L);
    }

    private static boolean find(String pattern, String text) {
        return LinearPattern.of(pattern).find(text, steps -> {});
    }
}
