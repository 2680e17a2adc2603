package io.qbc.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A list of ports and ranges of ports. */
public final class Ports {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?");
    private static final int PORT_MAX = 65_535;

    private final List<Range> ranges;

    private Ports(List<Range> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    private record Range(int first, int last) {}

    /** Reads ports like {@code 443} and ranges like {@code 5000-5010}; refuses anything else, and names the key. */
    public static Ports of(String key, List<String> texts) {
        List<Range> ranges = new ArrayList<>();
        for (String text : texts) {
            Matcher form = FORM.matcher(text);
            int first = form.matches() ? Integer.parseInt(form.group(1)) : 0;
            int last = first == 0 || form.group(2) == null ? first : Integer.parseInt(form.group(2));
            if (first == 0 || last < first || last > PORT_MAX) {
                throw new ConfigException(key
                        + " must be ports or ranges of ports, like \"443\" or \"5000-5010\", but has '"
                        + text + "'");
            }
            ranges.add(new Range(first, last));
        }
        return new Ports(ranges);
    }

    public boolean contains(int port) {
        return ranges.stream().anyMatch(range -> range.first() <= port && port <= range.last());
    }
}
