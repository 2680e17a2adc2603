package io.qbc.cli.call;

import java.util.ArrayList;
import java.util.List;

/** Rows of text whose columns stand below each other. */
public final class Columns {
    private static final String GAP = "  ";
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a row of these cells. */
    public Columns row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** A row whose last cell is left out if there is nothing to say. */
    public Columns fact(String name, String value) {
        return value.isEmpty() ? this : row(name, value);
    }

    /** The rows as lines, without blanks at their ends. */
    public List<String> lines() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = row.get(i).length();
                if (i == widths.size()) {
                    widths.add(width);
                } else if (width > widths.get(i)) {
                    widths.set(i, width);
                }
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            line.append(i == 0 ? "" : GAP).append(cell).append(" ".repeat(widths.get(i) - cell.length()));
        }
        return line.toString().stripTrailing();
    }
}
