package io.qbc.http.legacy;

import io.qbc.api.json.Doubles;
import io.qbc.api.json.JsonBuffer;
import io.qbc.json.JsonEvents;
import io.qbc.json.JsonNumber;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The values of a payload in one of the original's formats. Every number keeps its value: a whole one is an integer;
 * another a double where that loses nothing, else a decimal. One that is not bounded, which only the first version took
 * in, is the text of its spelling.
 */
abstract class LegacyValues implements JsonEvents {
    private final LegacyForm.Format format;
    private final JsonBuffer out;

    LegacyValues(LegacyForm.Format format, JsonBuffer out) {
        this.format = format;
        this.out = out;
    }

    abstract void integer(BigInteger value);

    abstract void binary(double value);

    abstract void decimal(JsonNumber number);

    @Override
    public final void openObject() {
        format.openMap(out);
    }

    @Override
    public final void name(String name) {
        format.text(out, name);
    }

    @Override
    public final void closeObject() {
        format.closeMap(out);
    }

    @Override
    public final void openArray() {
        format.openList(out);
    }

    @Override
    public final void endItem() {
        format.endItem(out);
    }

    @Override
    public final void closeArray() {
        format.closeList(out);
    }

    @Override
    public final void text(String text) {
        format.text(out, text);
    }

    @Override
    public final void number(String text) {
        Optional<JsonNumber> number = JsonNumber.of(text);
        if (number.isEmpty()) {
            format.text(out, text);
        } else if (number.get().isInteger()
                && !(number.get().isZero() && number.get().isNegative())) {
            integer(new BigInteger(text));
        } else {
            fraction(number.get());
        }
    }

    private void fraction(JsonNumber number) {
        OptionalDouble same = Doubles.of(number);
        if (same.isPresent()) {
            binary(same.getAsDouble());
        } else {
            decimal(number);
        }
    }
}
