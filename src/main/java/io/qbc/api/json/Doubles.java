package io.qbc.api.json;

import io.qbc.json.JsonNumber;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import org.erdtman.jcs.NumberToJSON;

/** The doubles that stand for numbers of JSON text without loss. */
public final class Doubles {
    /** No double needs more digits to be told from all others. */
    private static final int DIGITS_MAX = 17;

    private Doubles() {}

    /**
     * The double that reads as the same number again, when it is written as RFC 8785 has it; nothing if a reader would
     * get another number.
     */
    public static OptionalDouble of(JsonNumber number) {
        if (number.precision() > DIGITS_MAX) {
            return OptionalDouble.empty();
        }
        double nearest = number.isZero() && number.isNegative() ? -0.0 : number.nearest();
        if (!Double.isFinite(nearest)) {
            return OptionalDouble.empty();
        }
        boolean same = nearest == 0
                ? number.isZero()
                : again(nearest).filter(number::equals).isPresent();
        return same ? OptionalDouble.of(nearest) : OptionalDouble.empty();
    }

    private static Optional<JsonNumber> again(double number) {
        try {
            return JsonNumber.of(NumberToJSON.serializeNumber(number));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
