package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.Columns;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.NodeClient;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import java.util.List;

/** The command {@code analytics}: how much came to a chain over time. */
final class AnalyticsCommand {
    private static final String FROM = "--from";
    private static final String TO = "--to";
    private static final String STEP = "--step";
    private static final String BY = "--by";

    private AnalyticsCommand() {}

    static Command command(RemoteContext context) {
        return RemoteCommand.of(
                "analytics",
                RemoteCommand.spec(
                                context,
                                "Shows how much came to a chain over time.",
                                "analytics orders --from 24h --step hour",
                                "analytics orders --from 2026-11-01T00:00:00Z --step day --by type")
                        .addPositional(
                                RemoteCommand.argument(0, "CHAIN", "The chain's name or id; default that of --chain."))
                        .addOption(RemoteCommand.option(
                                FROM,
                                "TIME",
                                "Where to begin: 2026-11-28T08:00:00Z, or 24h for so long ago; default 24h."))
                        .addOption(RemoteCommand.option(TO, "TIME", "Where to end, in the same form; default now."))
                        .addOption(RemoteCommand.option(
                                STEP, "STEP", "minute, hour, day, or a duration like PT15M; default by the range."))
                        .addOption(RemoteCommand.option(BY, "WHAT", "none, type or author; default none.")),
                context,
                AnalyticsCommand::run);
    }

    private static ExitCode run(Call call) {
        Reply reply = call.client().get(path(call)).granted();
        if (!call.shown(reply)) {
            AnswerTree answer = reply.tree();
            boolean split = !answer.text("by").equals("none");
            Columns table = new Columns();
            row(table, split, "NAME", "TIME", "TRANSACTIONS", "BYTES", "QUANTS", "P50 MS", "P99 MS", "FINALITY MS");
            answer.items("series").forEach(series -> rows(table, split, series));
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }

    private static String path(Call call) {
        String chain = NodeClient.segment(call.argument(0).orElse(call.chain()));
        StringBuilder path = new StringBuilder("/v1/chains/" + chain + "/analytics?");
        call.time(FROM).ifPresent(at -> path.append("from=").append(at).append('&'));
        call.time(TO).ifPresent(at -> path.append("to=").append(at).append('&'));
        call.option(STEP)
                .ifPresent(step ->
                        path.append("step=").append(NodeClient.segment(step)).append('&'));
        call.option(BY)
                .ifPresent(
                        by -> path.append("by=").append(NodeClient.segment(by)).append('&'));
        return path.substring(0, path.length() - 1);
    }

    /** Steps in which nothing came have no line. */
    private static void rows(Columns table, boolean split, AnswerTree series) {
        List<AnswerTree> times = series.items("times");
        List<String> transactions = texts(series, "transactions");
        for (int i = 0; i < times.size(); i++) {
            if (!transactions.get(i).equals("0")
                    || !texts(series, "quants").get(i).equals("0")) {
                row(
                        table,
                        split,
                        series.text("name"),
                        String.valueOf(times.get(i).value()),
                        transactions.get(i),
                        texts(series, "bytes").get(i),
                        texts(series, "quants").get(i),
                        texts(series, "waitP50Millis").get(i),
                        texts(series, "waitP99Millis").get(i),
                        texts(series, "finalityP99Millis").get(i));
            }
        }
    }

    private static List<String> texts(AnswerTree series, String name) {
        return series.items(name).stream()
                .map(each -> each.value() instanceof Number number ? number.toString() : "")
                .toList();
    }

    private static void row(Columns table, boolean split, String name, String... cells) {
        String[] row = new String[cells.length + (split ? 1 : 0)];
        row[0] = name;
        System.arraycopy(cells, 0, row, split ? 1 : 0, cells.length);
        table.row(row);
    }
}
