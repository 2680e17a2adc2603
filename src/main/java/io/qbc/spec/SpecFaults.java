package io.qbc.spec;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a spec, gathered while it is read on; at most one fault a place. */
final class SpecFaults {
    private static final int FAULTS_MAX = 20;

    private final String source;
    private final List<SpecException.Fault> faults = new ArrayList<>();

    /** @param source what to call the text in messages */
    SpecFaults(String source) {
        this.source = source;
    }

    /** Notes a fault, unless this place or one around it has one already, from which it may follow. */
    void add(String pointer, String problem) {
        boolean known = faults.stream()
                .map(SpecException.Fault::pointer)
                .anyMatch(other -> pointer.equals(other) || pointer.startsWith(other + "/"));
        if (!known && faults.size() < FAULTS_MAX) {
            faults.add(new SpecException.Fault(pointer, problem));
        }
    }

    /** The spec cannot be read on. */
    SpecException fatal(String pointer, String problem) {
        add(pointer, problem);
        return new SpecException(source, faults);
    }

    /** Ends the matter if anything is wrong. */
    void raise() {
        if (!faults.isEmpty()) {
            throw new SpecException(source, faults);
        }
    }
}
