package io.qbc.schema.regex;

import static org.assertj.core.api.Assertions.assertThat;

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
                "^[[]$ | [ | true",
                "^[^]$ | x | true",
                "[] | x | false",
                "^\\u{1F600}$ | \uD83D\uDE00 | true",
                "^\\uD83D\\uDE00$ | \uD83D\uDE00 | true",
                "^[\\uD83D\\uDE00-\\u{1F602}]$ | \uD83D\uDE01 | true",
                "^\\u{61}$ | a | true",
                "\\b\u00e9 | \u00e9 | false",
                "^[a&&b]$ | & | true",
                "^x\\0y$ | x\u0000y | true",
                "^x[\\b]y$ | x\u0008y | true",
                "^x\\cAy$ | x\u0001y | true",
                "^x\\sy$ | x\u00a0y | true",
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
                "\\",
                "a{1001}",
                "(a{1000}){3}",
                "\\uD83D",
                "\\uDE00\\uD83D",
                "\\u{}",
                "\\u{110000}",
                "\\u{D83D}",
                "\\c1",
                "\\01"
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
    void theCostIsTheTextTimesThePattern() {
        long[] spent = {0};
        LinearPattern.Scratch scratch = new LinearPattern.Scratch();
        LinearPattern.of("^(a+)+$").find("a".repeat(10_000) + "!", scratch, steps -> spent[0] += steps);
        assertThat(spent[0]).isBetween(10_000L, 200_000L);
    }

    @Test
    void whatBeginsWithAPlaceEndsWhenNoWayIsLeft() {
        long[] spent = {0};
        for (String pattern : new String[] {"^b", "^(?:b|c)", "(?:^b|^c)"}) {
            LinearPattern.of(pattern).find("a".repeat(10_000), new LinearPattern.Scratch(), steps -> spent[0] += steps);
        }
        assertThat(spent[0]).isLessThan(100);
        assertThat(find("^b|c", "aac")).isTrue();
    }

    @Test
    void aControlCharacterIsOne() {
        assertThat(find("^\\cA\\cz$", "\u0001\u001a")).isTrue();
        assertThat(find("^\\0[\\b]$", "\0\b")).isTrue();
        assertThat(find("^a$", "a\n")).isFalse();
        assertThat(find("^\\s$", "\u00a0")).isTrue();
    }

    private static boolean find(String pattern, String text) {
        return LinearPattern.of(pattern).find(text, new LinearPattern.Scratch(), steps -> {});
    }
}
