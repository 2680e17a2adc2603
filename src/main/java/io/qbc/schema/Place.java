package io.qbc.schema;

import io.qbc.json.JsonTree;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A place in the data that is judged, written out only where something is wrong. */
record Place(Optional<Place> around, String name) {
    static final Place ROOT = new Place(Optional.empty(), "");

    Place member(String member) {
        return new Place(Optional.of(this), member);
    }

    Place item(int index) {
        return new Place(Optional.of(this), Integer.toString(index));
    }

    /** The JSON pointer of the place (RFC 6901). */
    String pointer() {
        Deque<String> names = new ArrayDeque<>();
        for (Place at = this; at.around().isPresent(); at = at.around().get()) {
            names.push(at.name());
        }
        StringBuilder pointer = new StringBuilder();
        names.forEach(each -> pointer.append('/').append(JsonTree.escaped(each)));
        return pointer.toString();
    }
}
