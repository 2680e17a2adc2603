package io.qbc.cli.call;

import java.util.List;

/** How quants and transactions are shown to people. */
public final class Shown {
    private static final int DATA_CHARS = 100;

    private Shown() {}

    /** A number of transactions in words. */
    public static String transactions(long count) {
        return count == 1 ? "1 transaction" : count + " transactions";
    }

    /** The lines that show a quant. */
    public static List<String> quant(AnswerTree quant) {
        Columns facts = new Columns()
                .row("height", quant.text("height"))
                .row("hash", quant.text("hash"))
                .row("previous", quant.text("previous"))
                .row("time", quant.time("timestamp"))
                .fact("producer", quant.text("producer"))
                .row("transactions", quant.text("count"));
        Columns rows = new Columns();
        quant.items("transactions").forEach(each -> rows.row("", each.text("id"), each.text("type"), data(each)));
        return List.of(String.join("\n", facts.lines()), String.join("\n", rows.lines())).stream()
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /**
     * The members of a transaction, one below the other.
     *
     * @param data the data as it came
     */
    public static List<String> transaction(AnswerTree transaction, String data) {
        return new Columns()
                .row("id", transaction.text("id"))
                .row("state", transaction.text("state"))
                .fact("quant", transaction.text("height"))
                .fact("standing", transaction.text("standing"))
                .row("time", transaction.time("timestamp"))
                .fact("author", transaction.text("author"))
                .fact("type", transaction.text("type"))
                .row("key", transaction.text("key"))
                .fact("your key", transaction.text("clientKey"))
                .row("data", data)
                .lines();
    }

    /** A transaction of a quant in one line. */
    public static String line(AnswerTree quant, AnswerTree transaction) {
        String type = transaction.text("type");
        return quant.text("height") + "  " + transaction.text("id") + "  " + (type.isEmpty() ? "" : type + "  ")
                + data(transaction);
    }

    /** The cells of a transaction in a list. */
    public static String[] cells(AnswerTree transaction) {
        return new String[] {
            transaction.text("height"),
            transaction.text("id"),
            transaction.text("state"),
            transaction.text("type"),
            data(transaction)
        };
    }

    private static String data(AnswerTree transaction) {
        String data = transaction.member("data").json();
        return data.length() <= DATA_CHARS ? data : data.substring(0, DATA_CHARS) + "...";
    }
}
