package io.qbc.cli.remote;

import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.CallFailure;
import io.qbc.cli.call.Columns;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.NodeClient;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code audit}: who did what that changed something at a node. */
final class AuditCommand {
    private static final String LIST = "list";
    private static final String TAIL = "tail";
    private static final String FROM = "--from";
    private static final String TO = "--to";
    private static final String NAME = "--name";
    private static final String OPERATION = "--operation";
    private static final String LIMIT = "--limit";
    private static final String COUNT = "--count";
    private static final long LIMIT_DEFAULT = 100;
    private static final long PAGE_MAX = 1000;
    private static final long BEFORE = 10;
    private static final long PAUSE_MILLIS = 2000;
    private static final long MARGIN_MILLIS = 3_600_000;

    private final Call call;
    private final TailCommand.Pause pause;

    private AuditCommand(Call call, TailCommand.Pause pause) {
        this.call = call;
        this.pause = pause;
    }

    static Command command(RemoteContext context) {
        return command(context, millis -> {
            boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        });
    }

    static Command command(RemoteContext context, TailCommand.Pause pause) {
        CommandSpec group = Cli.spec("Shows who changed what at a node: qbc audit list, qbc audit tail.");
        group.addSubcommand(
                LIST,
                wanted(RemoteCommand.spec(
                                context,
                                "Lists the audit trail, the newest entry first.",
                                "audit list --from 24h --name ops",
                                "audit list --operation removeChain --json"))
                        .addOption(RemoteCommand.option(LIMIT, "N", "Entries at most; default 100.")));
        group.addSubcommand(
                TAIL,
                wanted(RemoteCommand.spec(context, "Follows the audit trail, a line for each entry.", "audit tail"))
                        .addOption(RemoteCommand.option(COUNT, "N", "End after so many lines.")));
        return RemoteCommand.of("audit", group, context, call -> new AuditCommand(call, pause).run());
    }

    private static CommandSpec wanted(CommandSpec spec) {
        return spec.addOption(RemoteCommand.option(
                        FROM, "TIME", "Nothing before that: 2026-11-28T08:00:00Z, or 24h for so long ago."))
                .addOption(RemoteCommand.option(TO, "TIME", "Nothing after that, in the same form."))
                .addOption(RemoteCommand.option(NAME, "NAME", "Of this caller or key alone, by name or id."))
                .addOption(RemoteCommand.option(
                        OPERATION, "NAME", "Of this operation alone, like removeChain, or this event, like keys."));
    }

    private ExitCode run() {
        return call.parsed().commandSpec().name().equals(LIST) ? list() : tail();
    }

    private ExitCode list() {
        long left = call.number(LIMIT).orElse(LIMIT_DEFAULT);
        Columns table = new Columns().row("TIME", "EVENT", "NAME", "ROLE", "ADDRESS", "OPERATION", "TARGET", "OUTCOME");
        Optional<String> after = Optional.empty();
        Optional<Long> from = call.time(FROM);
        do {
            Reply reply = page(Math.min(left, PAGE_MAX), from, after);
            AnswerTree page = reply.tree();
            List<AnswerTree> entries = page.items("entries");
            if (!call.shown(reply)) {
                entries.forEach(each -> table.row(cells(each.member("entry"))));
            }
            left -= entries.size();
            after = Optional.of(page.text("next")).filter(next -> !next.isEmpty());
        } while (after.isPresent() && left > 0);
        if (!call.json()) {
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }

    private ExitCode tail() {
        long left = call.number(COUNT).orElse(Long.MAX_VALUE);
        long seen = -1;
        Optional<Long> from = call.time(FROM);
        while (left > 0) {
            for (AnswerTree each : since(seen, from)) {
                if (left > 0) {
                    line(each);
                    left = call.context().out().checkError() ? 0 : left - 1;
                }
                seen = Math.max(seen, each.number("index"));
                // A clock may be set back a little; what is far behind was printed.
                from = Optional.of(each.member("entry").number("time") - MARGIN_MILLIS);
            }
            if (left > 0) {
                rest();
            }
        }
        return ExitCode.DONE;
    }

    /** What came after an entry, the oldest first; some of the last ones if none is known. */
    private List<AnswerTree> since(long seen, Optional<Long> from) {
        List<AnswerTree> news = new ArrayList<>();
        Optional<String> after = Optional.empty();
        boolean met = false;
        do {
            AnswerTree page = page(seen < 0 ? BEFORE : PAGE_MAX, from, after).tree();
            for (AnswerTree each : page.items("entries")) {
                if (each.number("index") > seen) {
                    news.add(each);
                } else {
                    met = true;
                }
            }
            after = Optional.of(page.text("next")).filter(next -> !next.isEmpty());
        } while (seen >= 0 && !met && after.isPresent());
        Collections.reverse(news);
        return news;
    }

    private void line(AnswerTree each) {
        if (call.json()) {
            call.say(each.json());
            return;
        }
        List<String> cells = new ArrayList<>(List.of(cells(each.member("entry"))));
        cells.removeIf(String::isEmpty);
        call.say(String.join("  ", cells));
    }

    private Reply page(long limit, Optional<Long> from, Optional<String> after) {
        StringBuilder path = new StringBuilder("/v1/audit?limit=").append(limit);
        from.ifPresent(at -> path.append("&from=").append(at));
        call.time(TO).ifPresent(at -> path.append("&to=").append(at));
        call.option(NAME).ifPresent(name -> path.append("&name=").append(NodeClient.segment(name)));
        call.option(OPERATION).ifPresent(name -> path.append("&operation=").append(NodeClient.segment(name)));
        after.ifPresent(place -> path.append("&after=").append(place));
        return call.client().get(path.toString()).granted();
    }

    /** Time, event, name, role, address, operation, target and outcome. */
    private static String[] cells(AnswerTree entry) {
        boolean keys = entry.text("event").equals("keys");
        boolean disabled = entry.text("event").equals("disabled");
        return new String[] {
            entry.time("time"),
            entry.text("event"),
            keys ? entry.text("keyName") : disabled ? entry.text("subscription") : entry.text("name"),
            keys ? entry.words("roles") : entry.text("role"),
            entry.text("address"),
            keys ? entry.text("change") : entry.text("operation"),
            keys ? entry.text("key") : target(entry),
            disabled ? entry.text("error") : outcome(entry)
        };
    }

    private static String target(AnswerTree entry) {
        return entry.text("target").isEmpty() ? entry.text("made") : entry.text("target");
    }

    private static String outcome(AnswerTree entry) {
        String count = entry.text("count");
        return count.isEmpty() ? entry.text("code") : count + " " + entry.text("code");
    }

    private void rest() {
        try {
            pause.millis(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailure(ExitCode.FAILED, "interrupted");
        }
    }
}
