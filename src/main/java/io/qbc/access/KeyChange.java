package io.qbc.access;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A change of a node's API keys, as its audit trail tells it.
 *
 * @param word {@code added}, {@code removed}, {@code rotated} or {@code changed}
 */
public record KeyChange(String word, KeyMark key) {
    /**
     * A key as far as it is remembered to notice its changes.
     *
     * @param mark a hash of all that is stored of it
     */
    public record KeyMark(String id, String name, List<String> roles, OptionalLong expiresAt, String mark) {
        public KeyMark {
            roles = List.copyOf(roles);
        }

        private boolean differsInItsSecretAlone(KeyMark other) {
            return name.equals(other.name) && roles.equals(other.roles) && expiresAt.equals(other.expiresAt);
        }
    }

    /** What changed from some keys to others, both ordered by id. */
    public static List<KeyChange> between(List<KeyMark> before, List<KeyMark> after) {
        List<KeyChange> changes = new ArrayList<>();
        int from = 0;
        int to = 0;
        while (from < before.size() || to < after.size()) {
            int order = from == before.size()
                    ? 1
                    : to == after.size()
                            ? -1
                            : before.get(from).id().compareTo(after.get(to).id());
            if (order < 0) {
                changes.add(new KeyChange("removed", before.get(from++)));
            } else if (order > 0) {
                changes.add(new KeyChange("added", after.get(to++)));
            } else {
                KeyMark old = before.get(from++);
                KeyMark now = after.get(to++);
                if (!old.mark().equals(now.mark())) {
                    changes.add(new KeyChange(old.differsInItsSecretAlone(now) ? "rotated" : "changed", now));
                }
            }
        }
        return changes;
    }
}
