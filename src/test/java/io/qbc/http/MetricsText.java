package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A metrics page as Prometheus reads it, and the rules that {@code promtool check metrics} holds it to. */
public final class MetricsText {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (-?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]Inf)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\\\\\"n])*)\"(?:,|$)");
    private static final Pattern NOT_A_BASE_UNIT =
            Pattern.compile(".*_(ms|millis|milliseconds|micros|microseconds|nanos|nanoseconds|minutes|hours|days"
                    + "|bits|kb|mb|gb|kilobytes|megabytes|gigabytes|percent|s|b)(_total)?");
    private static final List<String> PARTS = List.of("_bucket", "_sum", "_count");

    private final Map<String, Family> families = new LinkedHashMap<>();

    /** All samples of one name. */
    record Family(String name, String type, String help, List<Sample> samples) {}

    /** One line; its labels without {@code le} say to which row it belongs. */
    record Sample(String name, Map<String, String> labels, double value) {
        Map<String, String> row() {
            Map<String, String> row = new HashMap<>(labels);
            row.remove("le");
            return row;
        }
    }

    MetricsText(String page) {
        String help = "";
        for (String line : page.lines().toList()) {
            if (line.startsWith("# HELP ")) {
                help = line.substring("# HELP ".length());
            } else if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                assertThat(help).as(line).startsWith(words[2] + " ");
                Family family =
                        new Family(words[2], words[3], help.substring(words[2].length() + 1), new ArrayList<>());
                assertThat(families.put(words[2], family))
                        .as("told twice: " + line)
                        .isNull();
            } else {
                Sample sample = sample(line);
                Family family = family(sample.name());
                assertThat(family.samples()).as("told twice").doesNotContain(sample);
                family.samples().add(sample);
            }
        }
        assertThat(page).endsWith("\n");
    }

    private static Sample sample(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        Map<String, String> labels = new HashMap<>();
        String rest = Optional.ofNullable(matcher.group(2)).orElse("");
        Matcher label = LABEL.matcher(rest);
        int end = 0;
        while (label.find() && label.start() == end) {
            assertThat(labels.put(label.group(1), label.group(2))).as(line).isNull();
            end = label.end();
        }
        assertThat(end).as(line).isEqualTo(rest.length());
        String number = matcher.group(3).replace("Inf", "Infinity");
        return new Sample(matcher.group(1), labels, Double.parseDouble(number));
    }

    private Family family(String sample) {
        return Stream.concat(
                        Stream.of(sample),
                        PARTS.stream()
                                .filter(sample::endsWith)
                                .map(part -> sample.substring(0, sample.length() - part.length())))
                .filter(families::containsKey)
                .findFirst()
                .map(families::get)
                .orElseThrow(() -> new AssertionError(sample + " stands under no name"));
    }

    /**
     * The value of one sample of a page.
     *
     * @param sample its name, with its labels as the page has them
     */
    public static double value(String page, String sample) {
        return page.lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    List<Family> families() {
        return List.copyOf(families.values());
    }

    /** The value of the one sample of this name with these labels and no others; empty if there is none. */
    Optional<Double> value(String name, Map<String, String> labels) {
        return families.values().stream()
                .flatMap(family -> family.samples().stream())
                .filter(sample -> sample.name().equals(name) && sample.labels().equals(labels))
                .map(Sample::value)
                .findFirst();
    }

    /** Fails unless every name, unit, label and histogram is as Prometheus asks. */
    void check() {
        families.values().forEach(MetricsText::check);
    }

    private static void check(Family family) {
        String name = family.name();
        assertThat(name)
                .matches("[a-z][a-z0-9_]*")
                .doesNotMatch(NOT_A_BASE_UNIT)
                .doesNotContain("__");
        assertThat(name).doesNotContain("_" + family.type());
        assertThat(family.help()).as(name).isNotBlank();
        assertThat(family.type()).as(name).isIn("counter", "gauge", "histogram", "summary");
        assertThat(name.endsWith("_total")).as(name).isEqualTo(family.type().equals("counter"));
        if (!family.type().equals("histogram")) {
            assertThat(name).doesNotEndWith("_bucket").doesNotEndWith("_count").doesNotEndWith("_sum");
            assertThat(family.samples())
                    .as(name)
                    .noneMatch(sample -> sample.labels().containsKey("le"));
        } else {
            family.samples().stream().map(Sample::row).distinct().forEach(row -> histogram(family, row));
        }
        family.samples()
                .forEach(sample -> assertThat(sample.labels().keySet())
                        .as(name)
                        .allMatch(label -> label.matches("[a-z][a-z0-9_]*")));
    }

    private static void histogram(Family family, Map<String, String> row) {
        List<Sample> samples = family.samples().stream()
                .filter(sample -> sample.row().equals(row))
                .toList();
        List<Sample> buckets = samples.stream()
                .filter(sample -> sample.name().endsWith("_bucket"))
                .toList();
        assertThat(buckets).as("%s", row).isNotEmpty();
        assertThat(buckets).extracting(Sample::value).as("%s", row).isSorted();
        Sample last = buckets.get(buckets.size() - 1);
        assertThat(last.labels()).containsEntry("le", "+Inf");
        assertThat(samples)
                .as("%s", row)
                .anyMatch(sample -> sample.name().endsWith("_count") && sample.value() == last.value())
                .anyMatch(sample -> sample.name().endsWith("_sum"));
    }
}
