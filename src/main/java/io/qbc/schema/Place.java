package io.qbc.schema;

import io.qbc.json.JsonTree;
import java.util.ArrayDeque;
import java.util.Deque;

/** A place in the data that is judged, written out only where something is wrong. */
final class Place {
    static final Place ROOT = new Place();

    private final Place around;
    private final String member;
    private final int item;

    private Place() {
        around = this;
        member = "";
        item = 0;
    }

    private Place(Place around, String member, int item) {
        this.around = around;
        this.member = member;
        this.item = item;
    }

    Place member(String name) {
        return new Place(this, name, -1);
    }

    Place item(int index) {
        return new Place(this, "", index);
    }

    /** The JSON pointer of the place (RFC 6901). */
    String pointer() {
        Deque<String> names = new ArrayDeque<>();
        for (Place at = this; at != ROOT; at = at.around) {
            names.push(at.item < 0 ? JsonTree.escaped(at.member) : Integer.toString(at.item));
        }
        StringBuilder pointer = new StringBuilder();
        names.forEach(each -> pointer.append('/').append(each));
        return pointer.toString();
    }
}
