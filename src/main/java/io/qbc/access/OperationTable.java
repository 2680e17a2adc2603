package io.qbc.access;

import io.qbc.access.Operation.Audience;
import io.qbc.access.Operation.Reach;
import io.qbc.access.Operation.Trail;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table of all operations by route and by event bus address, read off the API document: {@code x-qbc-role} is a role,
 * {@code anyone}, {@code whoever} or {@code peers}; {@code x-qbc-reach} is what the role must hold for;
 * {@code x-qbc-address} is the address of the same operation on the event bus; {@code x-qbc-audit} is what the audit
 * trail has of it.
 */
public final class OperationTable {
    static final String ROLE = "x-qbc-role";
    static final String REACH = "x-qbc-reach";
    private static final String ADDRESS = "x-qbc-address";
    private static final String AUDIT = "x-qbc-audit";

    private final SortedMap<String, Operation> byRoute = new TreeMap<>();
    private final SortedMap<String, Operation> byAddress = new TreeMap<>();

    private OperationTable() {}

    /** Reads the document, which the strict reader has passed or which ships with the node. */
    public static OperationTable read(Bytes document) {
        OperationTable table = new OperationTable();
        members(members(JsonTree.read(document)).get("paths"))
                .forEach((path, methods) -> members(methods)
                        .forEach((method, described) ->
                                table.add(method.toUpperCase(Locale.ROOT), path, members(described))));
        return table;
    }

    /** The operation of a route; for admins of the whole node if the document has none. */
    public Operation byRoute(String method, String template) {
        return byRoute.getOrDefault(route(method, template), Operation.UNLISTED);
    }

    /** The operation of an event bus address; for admins of the whole node if the document has none. */
    public Operation byAddress(String address) {
        return byAddress.getOrDefault(address, Operation.UNLISTED);
    }

    /** All operations by method and path. */
    public SortedMap<String, Operation> routes() {
        return new TreeMap<>(byRoute);
    }

    /** All operations that the event bus has too, by address. */
    public SortedMap<String, Operation> addresses() {
        return new TreeMap<>(byAddress);
    }

    private void add(String method, String path, Map<?, ?> described) {
        Operation operation = operation(described);
        byRoute.put(route(method, path), operation);
        text(described, ADDRESS).ifPresent(address -> byAddress.put(address, operation));
    }

    private static Operation operation(Map<?, ?> described) {
        String id = text(described, "operationId").orElse("");
        String who = text(described, ROLE).orElse("");
        Reach reach = text(described, REACH).flatMap(Reach::of).orElse(Reach.NODE);
        Trail trail = text(described, AUDIT).flatMap(Trail::of).orElse(Trail.NONE);
        return switch (who) {
            case "anyone" -> new Operation(id, Audience.ANYONE, Role.ADMIN, reach, trail);
            case "whoever" -> new Operation(id, Audience.WHOEVER, Role.ADMIN, reach, trail);
            case "peers" -> new Operation(id, Audience.PEERS, Role.ADMIN, reach, trail);
            default -> new Operation(id, Audience.CALLERS, Role.of(who).orElse(Role.ADMIN), reach, trail);
        };
    }

    private static String route(String method, String path) {
        return method + " " + path;
    }

    private static Optional<String> text(Map<?, ?> object, String name) {
        return object.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static SortedMap<String, Object> members(Object value) {
        SortedMap<String, Object> members = new TreeMap<>();
        if (value instanceof LinkedHashMap<?, ?> object) {
            object.forEach((name, member) -> members.put(name.toString(), member));
        }
        return members;
    }
}
