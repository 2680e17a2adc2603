package io.qbc.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNumberTest {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    @Test
    void comparesAsDecimalsDo() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String one = spelled(random);
            String other = random.nextInt(4) == 0 ? one + "e0" : spelled(random);
            if (one.matches(".*[eE].*") && other.endsWith("e0")) {
                other = one;
            }
            JsonNumber left = JsonNumber.of(one).orElseThrow();
            JsonNumber right = JsonNumber.of(other).orElseThrow();
            BigDecimal value = new BigDecimal(one);
            int expected = value.compareTo(new BigDecimal(other));
            assertThat(Integer.signum(left.compareTo(right)))
                    .as("%s and %s", one, other)
                    .isEqualTo(expected);
            assertThat(left.normal().equals(right.normal()))
                    .as("%s and %s", one, other)
                    .isEqualTo(expected == 0);
            boolean whole = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
            assertThat(left.isWhole()).as(one).isEqualTo(whole);
            assertThat(new BigDecimal(left.significand()).scaleByPowerOfTen(left.scale()))
                    .as(one)
                    .isEqualByComparingTo(value);
        }
    }

    private static String spelled(Random random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        text.append(random.nextInt(3) == 0 ? "0" : Integer.toString(random.nextInt(200)));
        if (random.nextBoolean()) {
            text.append('.').append(random.nextInt(1000)).append("0".repeat(random.nextInt(3)));
        }
        if (random.nextInt(3) == 0) {
            text.append(random.nextBoolean() ? "e" : "E+").append(random.nextInt(5));
        } else if (random.nextInt(3) == 0) {
            text.append("e-0").append(random.nextInt(5));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e9999", "1E-9999", "-1e+0000000000009999", "0e-9999", "1"})
    void boundedNumbersAreNumbers(String text) {
        assertThat(JsonNumber.of(text)).isPresent();
        assertThat(StrictJson.checkBounded(Bytes.utf8(text), LIMITS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e10000", "1E-10000", "0e99999999999", "1e2147483648", "1e-2147483649"})
    void othersAreText(String text) {
        assertThat(JsonNumber.of(text)).isEmpty();
        assertThat(StrictJson.check(Bytes.utf8(text), LIMITS)).isEmpty();
        assertThat(StrictJson.checkBounded(Bytes.utf8("[1," + text + ",2]"), LIMITS))
                .map(JsonFault::offset)
                .contains(3);
    }

    @ParameterizedTest
    @CsvSource({"1000, true", "1001, false", "1000000, false"})
    void theTextIsBoundedToo(int length, boolean bounded) {
        for (String text : new String[] {"9".repeat(length), "-0." + "1".repeat(length - 3)}) {
            assertThat(JsonNumber.of(text).isPresent()).isEqualTo(bounded);
            assertThat(StrictJson.checkBounded(Bytes.utf8(text), LIMITS).isEmpty())
                    .isEqualTo(bounded);
        }
    }

    @Test
    void anObjectTellsOfItsFirstLongNumber() {
        JsonObjectText text = StrictJson.object(Bytes.utf8("{\"a\":[1e9999,{\"b\":1e10000}],\"c\":1e10001}"), LIMITS);
        assertThat(text.fault()).isEmpty();
        assertThat(text.longNumber().orElseThrow().offset()).isEqualTo(18);
        assertThat(StrictJson.object(Bytes.utf8("{\"a\":1e9999}"), LIMITS).longNumber())
                .isEmpty();
    }
}
