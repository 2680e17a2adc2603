package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.Columns;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.cli.call.Shown;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import java.util.List;
import java.util.Optional;

/** The command {@code transactions}: a chain's transactions by key, type, author and time. */
final class TransactionsCommand {
    private static final String KEY = "--key";
    private static final String TYPE = "--type";
    private static final String AUTHOR = "--author";
    private static final String FROM = "--from";
    private static final String TO = "--to";
    private static final String NEWEST = "--newest";
    private static final String LIMIT = "--limit";
    private static final long LIMIT_DEFAULT = 100;
    private static final long PAGE_MAX = 1000;

    private TransactionsCommand() {}

    static Command command(RemoteContext context) {
        return RemoteCommand.of(
                "transactions",
                RemoteCommand.spec(
                                context,
                                "Lists transactions by key, type, author and time.",
                                "transactions orders --type order.placed --newest --limit 10",
                                "transactions --key order-4711",
                                "transactions --from 24h --json")
                        .addPositional(
                                RemoteCommand.argument(0, "CHAIN", "The chain's name or id; default that of --chain."))
                        .addOption(RemoteCommand.option(
                                KEY, "KEY", "Of this idempotency key, yours or the author's; also what waits."))
                        .addOption(RemoteCommand.option(TYPE, "TYPE", "Of this type alone."))
                        .addOption(RemoteCommand.option(AUTHOR, "HEX", "Of this author alone, a public key."))
                        .addOption(RemoteCommand.option(
                                FROM,
                                "TIME",
                                "In quants of that time or later, like 2026-11-28T08:00:00Z, or 24h for so long ago."))
                        .addOption(RemoteCommand.option(TO, "TIME", "In quants before that time, in the same form."))
                        .addOption(RemoteCommand.flag(NEWEST, "The newest first."))
                        .addOption(RemoteCommand.option(LIMIT, "N", "Transactions at most; default 100.")),
                context,
                TransactionsCommand::run);
    }

    private static ExitCode run(Call call) {
        long left = call.number(LIMIT).orElse(LIMIT_DEFAULT);
        Columns table = new Columns().row("QUANT", "ID", "STATE", "TYPE", "DATA");
        ApiRequest query = query(call);
        Optional<String> after = Optional.empty();
        do {
            Reply reply = call.client()
                    .ask(query.with("limit", Math.min(left, PAGE_MAX)).with("after", after))
                    .granted();
            AnswerTree page = reply.tree();
            List<AnswerTree> transactions = page.items("transactions");
            if (!call.shown(reply)) {
                transactions.forEach(each -> table.row(Shown.cells(each)));
            }
            left -= transactions.size();
            after = Optional.of(page.text("next")).filter(next -> !next.isEmpty());
        } while (after.isPresent() && left > 0);
        if (!call.json()) {
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }

    private static ApiRequest query(Call call) {
        ApiRequest query =
                ApiRequest.of(ApiVerb.LIST_TRANSACTIONS, call.argument(0).orElse(call.chain()));
        for (String name : List.of(KEY, TYPE, AUTHOR)) {
            query = query.with(name.substring(2), call.option(name));
        }
        query = query.with("from", call.time(FROM)).with("to", call.time(TO));
        return call.flag(NEWEST) ? query.with("order", "newest") : query;
    }
}
