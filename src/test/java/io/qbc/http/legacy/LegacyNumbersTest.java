package io.qbc.http.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.api.json.JsonBuffer;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import net.razorvine.pickle.Unpickler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers keep their value in CBOR and in a pickle, and cost no more than their length, whatever was stored. */
class LegacyNumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "23, 17",
        "24, 1818",
        "256, 190100",
        "1000000, 1a000f4240",
        "18446744073709551615, 1bffffffffffffffff",
        "18446744073709551616, c249010000000000000000",
        "-1, 20",
        "-9223372036854775808, 3b7fffffffffffffff",
        "-9223372036854775809, 3b8000000000000000",
        "-18446744073709551616, 3bffffffffffffffff",
        "-18446744073709551617, c349010000000000000000",
        "-0, fb8000000000000000",
        "-0.0, fb8000000000000000",
        "0e5, fb0000000000000000",
        "1.5, fb3ff8000000000000",
        "0.1, fb3fb999999999999a",
        "100000000000000000000000e0, fb44b52d02c7e14af6",
        "0.30000000000000004, fb3fd3333333333334",
        "0.1000000000000000055, c482321b0de0b6b3a7640037",
        "9007199254740993.0, c482001b0020000000000001",
        "1e400, c48219019001",
        "1e-400, c48239018f01",
        "-1.5e9999, c48219270e2e",
    })
    void cborHasTheValue(String text, String hex) {
        assertThat(HexFormat.of().formatHex(cbor(text).toArray())).isEqualTo(hex);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "2147483647",
                "2147483648",
                "-2147483649",
                "18446744073709551616",
                "-123456789012345678901234567890",
            })
    void aPickleHasIntegers(String text) throws IOException {
        assertThat(pickled(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1", "-2.5e3", "1e308", "0.30000000000000004"})
    void aPickleHasFloatsWhereNothingIsLost(String text) throws IOException {
        assertThat(pickled(text)).isEqualTo(Double.valueOf(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1000000000000000055", "9007199254740993.0", "1e400", "-1.5e-9999"})
    void aPickleHasDecimalsElsewhere(String text) throws IOException {
        assertThat((BigDecimal) pickled(text)).isEqualByComparingTo(text);
    }

    @Test
    void noughtKeepsItsSign() throws IOException {
        assertThat(Double.doubleToRawLongBits((Double) pickled("-0"))).isEqualTo(Long.MIN_VALUE);
        assertThat(Double.doubleToRawLongBits((Double) pickled("-0e7"))).isEqualTo(Long.MIN_VALUE);
        assertThat(pickled("0")).isEqualTo(0);
    }

    @Test
    void theLongestNumbersAreExact() throws IOException {
        String digits = "9".repeat(999);
        assertThat(pickled("-" + digits)).isEqualTo(new BigInteger("-" + digits));
        assertThat((BigDecimal) pickled("0." + "1".repeat(998))).isEqualByComparingTo("0." + "1".repeat(998));
        Bytes cbor = cbor("9" + digits);
        // The tag of a bignum, and a length in two bytes.
        assertThat(new BigInteger(1, cbor.slice(4, cbor.size() - 4).toArray())).hasToString("9" + digits);
    }

    /** The first version took in numbers without any bound. */
    @ParameterizedTest
    @ValueSource(strings = {"1e2147483648", "-1E-10000", "1e99999999999999999999"})
    void whatIsBeyondAllBoundsIsText(String text) throws IOException {
        assertThat(pickled(text)).isEqualTo(text);
        assertThat(cbor(text)
                        .slice(1 + (text.length() > 23 ? 1 : 0), text.length())
                        .text())
                .isEqualTo(text);
    }

    /** Bytes written stand for the work, as nothing is calculated with numbers beyond the bounds. */
    @Test
    void noNumberCostsMoreThanItsLength() throws IOException {
        String million = "9".repeat(1_000_000);
        assertThat(pickled(million)).isEqualTo(million);
        String fraction = "0." + "1".repeat(998);
        for (String worst : List.of(million, "1." + million, "[" + (fraction + ",").repeat(1000) + "1]")) {
            assertThat(cbor(worst).size()).isLessThan(worst.length() + 20);
            assertThat(pickle(worst).size()).isLessThan(worst.length() + worst.length() / 20);
        }
    }

    @Test
    void longTextsHaveTheirLengthInFront() {
        Bytes cbor = cbor("\"" + "é".repeat(50_000) + "\"");
        assertThat(HexFormat.of().formatHex(cbor.slice(0, 5).toArray())).isEqualTo("7a000186a0");
        assertThat(cbor.size()).isEqualTo(100_005);
    }

    private static Bytes cbor(String json) {
        JsonBuffer out = new JsonBuffer(64);
        new CborFormat().payload(out, Bytes.utf8(json));
        return out.toBytes();
    }

    private static Bytes pickle(String json) {
        JsonBuffer out = new JsonBuffer(64);
        PickleFormat format = new PickleFormat();
        format.openDocument(out);
        format.payload(out, Bytes.utf8(json));
        format.closeDocument(out);
        return out.toBytes();
    }

    private static Object pickled(String json) throws IOException {
        return new Unpickler().loads(pickle(json).toArray());
    }
}
