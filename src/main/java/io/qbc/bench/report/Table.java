package io.qbc.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Text in columns. */
public final class Table {
    private final List<List<String>> lines = new ArrayList<>();

    private Table(String... heads) {
        lines.add(List.of(heads));
    }

    static String rows(List<Row> rows) {
        Table table =
                new Table("measurement", "figure", "unit", "of echo", "p50 ms", "p99 ms", "p99.9", "cpu %", "MiB", "");
        for (Row row : rows) {
            table.lines.add(List.of(
                    row.name(),
                    number(row.figure()),
                    row.unit(),
                    row.ratio().map(r -> String.format(Locale.ROOT, "%.2f", r)).orElse(""),
                    row.latency().map(l -> number(l.p50())).orElse(""),
                    row.latency().map(l -> number(l.p99())).orElse(""),
                    row.latency().map(l -> number(l.p999())).orElse(""),
                    row.usage().map(u -> number(u.cpu())).orElse(""),
                    row.usage().map(u -> number(u.rss())).orElse(""),
                    row.note()));
        }
        return table.text();
    }

    static String bars(List<Bar> bars) {
        Table table = new Table("bar", "figure", "promised", "holds");
        for (Bar bar : bars) {
            table.lines.add(List.of(bar.name(), number(bar.figure()), bar.bar(), bar.holds() ? "yes" : "NO"));
        }
        return table.text();
    }

    /** Three digits that count, thousands set apart. */
    public static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%,.1f" : size >= 1 ? "%,.2f" : "%,.3f";
        return String.format(Locale.ROOT, format, value);
    }

    public static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private String text() {
        int columns = lines.get(0).size();
        List<Integer> widths = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
            int column = c;
            widths.add(
                    lines.stream().mapToInt(l -> l.get(column).length()).max().orElse(0));
        }
        return lines.stream().map(l -> line(l, widths)).collect(Collectors.joining("\n")) + "\n";
    }

    private static String line(List<String> cells, List<Integer> widths) {
        StringBuilder out = new StringBuilder();
        for (int c = 0; c < cells.size(); c++) {
            String cell = cells.get(c);
            String space = " ".repeat(widths.get(c) - cell.length());
            boolean figure = c > 0
                    && c < cells.size() - 1
                    && !cell.isEmpty()
                    && (Character.isDigit(cell.charAt(0)) || cell.charAt(0) == '-');
            out.append(figure ? space + cell : cell + space).append("  ");
        }
        return out.toString().stripTrailing();
    }
}
