package io.qbc.json;

/** What is wrong with a JSON text, and at which byte. */
public record JsonFault(String problem, int offset) {
    static JsonFault longNumber(int offset) {
        return new JsonFault(
                "a number has more than " + JsonNumber.CHARS_MAX + " characters or an exponent above "
                        + JsonNumber.EXPONENT_MAX,
                offset);
    }

    @Override
    public String toString() {
        return problem + " at byte " + offset;
    }
}
