package io.qbc.json;

/** What is wrong with a JSON text, and at which byte. */
public record JsonFault(String problem, int offset) {
    @Override
    public String toString() {
        return problem + " at byte " + offset;
    }
}
