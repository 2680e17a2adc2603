package io.qbc.schema.regex;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.schema.NamePattern;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearPatternTest {
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
    void agreesWithAReferenceBySets() {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        Random random = new Random(seed);
        int found = 0;
        for (int n = 0; n < 3000; n++) {
            PatternReference reference = PatternReference.random(random, 3);
            for (int k = 0; k < 5; k++) {
                String text = text(random);
                boolean expected = reference.find(text);
                found += expected ? 1 : 0;
                assertThat(find(reference.spelled(), text))
                        .as("seed %s: %s on '%s'", seed, reference.spelled(), text)
                        .isEqualTo(expected);
            }
        }
        // Neither answer is so seldom that nothing would be tried.
        assertThat(found).as("seed %s", seed).isBetween(1500, 13_500);
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
