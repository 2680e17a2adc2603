package io.qbc.schema;

import java.util.BitSet;

/** The members or items of one value that some schema has looked at; kept only where a keyword asks for it. */
final class Evaluated {
    static final Evaluated NONE = new Evaluated(false);

    private final boolean kept;
    private final BitSet places = new BitSet(0);

    private Evaluated(boolean kept) {
        this.kept = kept;
    }

    /**
     * What a schema inside begins with: it does not see what its neighbours have looked at.
     *
     * @param asks whether the schema inside asks for it itself
     */
    Evaluated inner(boolean asks) {
        return kept || asks ? new Evaluated(true) : NONE;
    }

    void mark(int place) {
        if (kept) {
            places.set(place);
        }
    }

    boolean has(int place) {
        return places.get(place);
    }

    /** Takes over what a schema that the value fits has looked at. */
    void add(Evaluated inner) {
        if (kept) {
            places.or(inner.places);
        }
    }
}
