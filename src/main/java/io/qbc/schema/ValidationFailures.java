package io.qbc.schema;

import io.vertx.json.schema.OutputUnit;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the failing places out of the library's report, the same on every node. */
final class ValidationFailures {
    private static final int TEXT_CHARS_MAX = 300;
    private static final Pattern LEFTOVER = Pattern.compile("/(additional|unevaluated)Properties$");

    private ValidationFailures() {}

    /** A place in the data as a JSON pointer, and what is wrong there. */
    record Failing(String pointer, String text) {}

    /** The causes by pointer; what fails only because something inside it does is left out. */
    static List<Failing> of(OutputUnit result) {
        if (result.getErrors() == null) {
            return List.of();
        }
        List<OutputUnit> errors = result.getErrors().stream()
                .sorted(Comparator.comparing(OutputUnit::getKeywordLocation))
                .toList();
        List<Failing> causes = new ArrayList<>();
        List<Failing> leftovers = new ArrayList<>();
        for (int i = 0; i < errors.size(); i++) {
            OutputUnit error = errors.get(i);
            if (!follows(error.getKeywordLocation() + "/", errors.subList(i + 1, errors.size()))) {
                List<Failing> where =
                        LEFTOVER.matcher(error.getKeywordLocation()).find() ? leftovers : causes;
                where.add(new Failing(pointer(error.getInstanceLocation()), cut(error.getError())));
            }
        }
        // The library calls a member additional that is none, if it fails; that it fails has been said.
        leftovers.removeIf(leftover -> causes.stream().anyMatch(cause -> within(cause, leftover)));
        causes.addAll(leftovers);
        causes.sort(Comparator.comparing(Failing::pointer));
        return causes;
    }

    private static boolean follows(String inside, List<OutputUnit> after) {
        return after.stream()
                .takeWhile(other -> other.getKeywordLocation().compareTo(inside + Character.MAX_VALUE) < 0)
                .anyMatch(other -> other.getKeywordLocation().startsWith(inside));
    }

    private static boolean within(Failing cause, Failing outer) {
        return cause.pointer().equals(outer.pointer()) || cause.pointer().startsWith(outer.pointer() + "/");
    }

    private static String pointer(String location) {
        String fragment = location.startsWith("#") ? location.substring(1) : location;
        return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String cut(String text) {
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "...";
    }
}
