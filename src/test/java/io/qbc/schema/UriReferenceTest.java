package io.qbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriReferenceTest {
    /** The examples of RFC 3986 section 5.4, and bases of other forms. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http://a/b/c/d;p?q | g:h | g:h",
                "http://a/b/c/d;p?q | g | http://a/b/c/g",
                "http://a/b/c/d;p?q | ./g | http://a/b/c/g",
                "http://a/b/c/d;p?q | g/ | http://a/b/c/g/",
                "http://a/b/c/d;p?q | /g | http://a/g",
                "http://a/b/c/d;p?q | //g | http://g",
                "http://a/b/c/d;p?q | ?y | http://a/b/c/d;p?y",
                "http://a/b/c/d;p?q | g?y | http://a/b/c/g?y",
                "http://a/b/c/d;p?q | #s | http://a/b/c/d;p?q#s",
                "http://a/b/c/d;p?q | g#s | http://a/b/c/g#s",
                "http://a/b/c/d;p?q | ;x | http://a/b/c/;x",
                "http://a/b/c/d;p?q | `` | http://a/b/c/d;p?q",
                "http://a/b/c/d;p?q | . | http://a/b/c/",
                "http://a/b/c/d;p?q | ./ | http://a/b/c/",
                "http://a/b/c/d;p?q | .. | http://a/b/",
                "http://a/b/c/d;p?q | ../g | http://a/b/g",
                "http://a/b/c/d;p?q | ../.. | http://a/",
                "http://a/b/c/d;p?q | ../../../../g | http://a/g",
                "http://a/b/c/d;p?q | /./g | http://a/g",
                "http://a/b/c/d;p?q | /../g | http://a/g",
                "http://a/b/c/d;p?q | g. | http://a/b/c/g.",
                "http://a/b/c/d;p?q | ..g | http://a/b/c/..g",
                "http://a/b/c/d;p?q | ./g/. | http://a/b/c/g/",
                "http://a/b/c/d;p?q | g;x=1/../y | http://a/b/c/y",
                "http://a/b/c/d;p?q | g?y/../x | http://a/b/c/g?y/../x",
                "http://a/b/c/d;p?q | http:g | http:g",
                "http://a | g | http://a/g",
                "file:///a/b | c | file:///a/c",
                "urn:uuid:1 | #a | urn:uuid:1#a",
                "`` | ./a | a",
                "`` | ../a | a",
                "a/b | c | a/c",
                "a/b | ./c:d | a/c:d",
            })
    void aReferenceMeansWhatTheStandardSays(String base, String reference, String expected) {
        assertThat(of(reference).resolve(of(base))).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "é",
                "a\\b",
                "%",
                "%4",
                "%4g",
                "1a:b",
                ":a",
                "a#b#c",
                "http://a:b/",
                "http://[::1",
                "http://[g]/",
                "http://a@b@c/",
                "\n",
                "a[b]",
                "http://[1::2::3]",
                "http://[1:2:3:4:5:6:7]",
                "http://[::1]x"
            })
    void whatIsNoReferenceIsNotRead(String text) {
        assertThat(UriReference.of(text)).isEmpty();
    }

    @Test
    void aFragmentIsReadAsUtf8() {
        assertThat(of("#/%C3%A9%2F~0").fragmentText()).contains("/é/~0");
        assertThat(of("#%C3").fragmentText()).isEmpty();
        assertThat(of("a").fragmentText()).contains("");
    }

    private static UriReference of(String text) {
        return UriReference.of(text).orElseThrow();
    }
}
