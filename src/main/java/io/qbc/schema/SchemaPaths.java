package io.qbc.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How many schemas judge one value after each other; a circle among them would never end. */
final class SchemaPaths {
    private static final int SCHEMAS_IN_PLACE_MAX = 32;
    private static final int UNDER_WAY = -1;

    private final LinkedHashMap<String, List<String>> steps;
    private final Map<String, Integer> lengths = new LinkedHashMap<>();

    private SchemaPaths(Map<String, List<String>> steps) {
        this.steps = new LinkedHashMap<>(steps);
    }

    /** What stands in a path for all schemas whose dynamic anchor has a name; it counts nothing itself. */
    static String name(String dynamicAnchor) {
        return "#" + dynamicAnchor;
    }

    static Optional<SchemaCheck.Fault> fault(Map<String, List<String>> steps) {
        SchemaPaths paths = new SchemaPaths(steps);
        return paths.steps.keySet().stream()
                .filter(pointer -> !isName(pointer))
                .map(pointer -> paths.fault(pointer, pointer, 0))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static boolean isName(String pointer) {
        return pointer.startsWith("#");
    }

    /** @param told the pointer to name in a fault */
    private Optional<SchemaCheck.Fault> fault(String pointer, String told, int depth) {
        Integer known = lengths.get(pointer);
        if (known != null) {
            return known == UNDER_WAY
                    ? wrong(told, "leads back to itself for the same value")
                    : tooLong(told, known + depth);
        }
        if (depth > SCHEMAS_IN_PLACE_MAX) {
            return tooLong(told, depth);
        }
        lengths.put(pointer, UNDER_WAY);
        int longest = 0;
        for (String next : steps.getOrDefault(pointer, List.of())) {
            boolean isName = isName(next);
            Optional<SchemaCheck.Fault> fault = fault(next, isName ? told : next, isName ? depth : depth + 1);
            if (fault.isPresent()) {
                return fault;
            }
            longest = Math.max(longest, lengths.getOrDefault(next, 0) + (isName ? 0 : 1));
        }
        lengths.put(pointer, longest);
        return Optional.empty();
    }

    private static Optional<SchemaCheck.Fault> tooLong(String pointer, int length) {
        return length > SCHEMAS_IN_PLACE_MAX
                ? wrong(pointer, "is more than " + SCHEMAS_IN_PLACE_MAX + " schemas deep for the same value")
                : Optional.empty();
    }

    private static Optional<SchemaCheck.Fault> wrong(String pointer, String problem) {
        return Optional.of(new SchemaCheck.Fault(pointer, problem));
    }
}
