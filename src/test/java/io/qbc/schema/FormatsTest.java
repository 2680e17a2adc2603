package io.qbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "date-time, 1998-12-31T23:59:60Z, true",
                "date-time, 1998-12-31T15:59:60.123-08:00, true",
                "date-time, 1998-12-31T23:58:60Z, false",
                "date-time, 2026-02-29T00:00:00Z, false",
                "date-time, 2026-02-28T00:00:00, false",
                "date-time, 2026-02-28t00:00:00.1234567890123456789z, true",
                "time, 23:59:60+01:00, false",
                "time, 00:59:60+01:00, true",
                "time, 12:00:00.Z, false",
                "date, 2000-02-29, true",
                "date, 1900-02-29, false",
                "email, te..st@example.com, false",
                "email, te.st@example.com, true",
                "email, `\"a b@c\"@example.com`, true",
                "email, `\"a\\\"b\"@example.com`, true",
                "email, `\"a\"b\"@example.com`, false",
                "email, `\"a\\\"@example.com`, false",
                "email, a@b-.example, false",
                "email, a@b..example, false",
                "email, a@[127.0.0.1], true",
                "email, a@[127.0.0.256], false",
                "email, a@[IPv6:1::2], true",
                "email, a@[IPv6:1:2], false",
                "email, é@example.com, false",
                "ipv4, 01.2.3.4, false",
                "ipv4, 1.2.3, false",
                "ipv4, 1.2.3.4., false",
                "uri, http://example.com:abc/, false",
                "uri, http://example.com:80/, true",
                "uri, http://[::ffff:1.2.3.4]:/, true",
                "uri, http://[v1.a:b]/, true",
                "uri, //example.com/, false",
                "uri, http://example.com/é, false",
                "uuid, 2eb8aa08-aa98-11ea-b4aa-73b441d16380, true",
                "uuid, 2eb8aa08aa98-11ea-b4aa-73b441d16380, false",
            })
    void aTextFitsItsFormatOrNot(String format, String text, boolean fits) {
        assertThat(Formats.fits(format, text)).isEqualTo(fits);
    }

    @Test
    void aTextOfMoreThanTwoThousandCharactersFitsNone() {
        assertThat(Formats.fits("uri", "a:" + "b".repeat(1998))).isTrue();
        assertThat(Formats.fits("uri", "a:" + "b".repeat(1999))).isFalse();
        assertThat(Formats.fits("time", "12:00:00." + "1".repeat(1990) + "Z")).isTrue();
        assertThat(Formats.fits("date-time", "2026-11-28T12:00:00." + "1".repeat(1980) + "Z"))
                .isFalse();
    }
}
