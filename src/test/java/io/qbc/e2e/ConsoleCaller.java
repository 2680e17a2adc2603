package io.qbc.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;

/**
 * Somebody who shows a key, and a chain of his with which nobody else does anything.
 *
 * @param roles as the node has them, like {@code writer} or {@code writer@orders}
 */
record ConsoleCaller(Client client, String name, List<String> roles, String key) {
    /** The chain whose name stands in roles of one chain. */
    String chain() {
        return "own-" + name;
    }

    /** A chain whose engine takes operations. */
    String votes() {
        return "votes-" + name;
    }

    /** A projection of the chain. */
    String tables() {
        return "own_" + name;
    }

    /** A text with the names of what is the caller's own for {@code OWN}, {@code VOTES} and {@code TABLES}. */
    String own(String text) {
        return text.replace("OWN", chain()).replace("VOTES", votes()).replace("TABLES", tables());
    }

    /** Whether the documentation lets this caller do at its own chain, or at the node, what needs the role. */
    boolean may(String role, boolean node) {
        return roles.stream()
                .map(held -> held.split("@", 2))
                .filter(held -> held.length == 1 || !node)
                .anyMatch(held -> held[0].equals(role)
                        || held[0].equals("admin")
                        || (held[0].equals("auditor") && role.equals("reader")));
    }

    Answer send(String method, String path, String json) {
        String[] headers = json.isEmpty()
                ? new String[] {"Authorization", "Bearer " + key}
                : new String[] {"Authorization", "Bearer " + key, "Content-Type", "application/json"};
        return client.send(client.request(method, path, BodyPublishers.ofString(json), headers));
    }

    JsonNode get(String path) {
        return send("GET", path, "").expect(200).json();
    }
}
