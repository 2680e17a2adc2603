package io.qbc.config;

import io.vertx.json.schema.OutputUnit;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the failing places out of the library's report, the same on every node. */
final class Failings {
    private static final int TEXT_MAX = 300;

    private Failings() {}

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
        for (int i = 0; i < errors.size(); i++) {
            OutputUnit error = errors.get(i);
            String inside = error.getKeywordLocation() + "/";
            boolean follows = errors.subList(i + 1, errors.size()).stream()
                    .takeWhile(other -> other.getKeywordLocation().compareTo(inside + Character.MAX_VALUE) < 0)
                    .anyMatch(other -> other.getKeywordLocation().startsWith(inside));
            if (!follows) {
                causes.add(new Failing(pointer(error.getInstanceLocation()), cut(error.getError())));
            }
        }
        causes.sort(Comparator.comparing(Failing::pointer));
        return causes;
    }

    private static String pointer(String location) {
        String fragment = location.startsWith("#") ? location.substring(1) : location;
        return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String cut(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
    }
}
