package io.qbc.cli.remote;

import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.CallFailure;
import io.qbc.cli.call.Columns;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.cli.call.Shown;
import io.qbc.cli.inject.DataSource;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.config.ConfigException;
import io.qbc.model.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code projection}: chains as tables. */
final class ProjectionCommand {
    private static final String FILE = "--file";
    private static final String TABLES = "--tables";
    private static final String NO_WAIT = "--no-wait";
    private static final String RETRY = "--retry";
    private static final String PROJECTION = "a projection's name; qbc projection list shows them";
    private static final Duration POLL = Duration.ofMillis(200);

    private ProjectionCommand() {}

    static Command command(RemoteContext context) {
        CommandSpec group = Cli.spec("Keeps chains as tables: qbc projection put, list, show, remove, rebuild, pause,"
                + " resume, verify, rows, query, dead.");
        group.addSubcommand(
                "put",
                named(
                                context,
                                "Makes a projection, or gives it another mapping.",
                                "projection put shop --file shop.json")
                        .addOption(RemoteCommand.option(FILE, "FILE", "The mapping, JSON; - reads it from here.")));
        group.addSubcommand("list", RemoteCommand.spec(context, "Shows all projections."));
        group.addSubcommand("show", named(context, "Shows how a projection stands."));
        group.addSubcommand(
                "remove",
                named(context, "Ends a projection; its embedded tables go with it.")
                        .addOption(RemoteCommand.flag(TABLES, "Drop tables in PostgreSQL too.")));
        group.addSubcommand("rebuild", named(context, "Builds the tables anew beside the present ones."));
        group.addSubcommand("pause", named(context, "Leaves the tables as they are."));
        group.addSubcommand("resume", named(context, "Goes on after a pause."));
        group.addSubcommand(
                "verify",
                named(
                                context,
                                "Compares the tables with the chain, and names each row that differs;"
                                        + " then it ends with 1.")
                        .addOption(RemoteCommand.flag(NO_WAIT, "Do not wait for what is found.")));
        group.addSubcommand("rows", TableCommands.rows(context));
        group.addSubcommand("query", TableCommands.query(context));
        group.addSubcommand(
                "dead",
                named(context, "Shows the transactions that did not fit and were kept aside.")
                        .addOption(RemoteCommand.flag(RETRY, "Try them once more; what fits now is put in.")));
        return RemoteCommand.of("projection", group, context, ProjectionCommand::run);
    }

    static CommandSpec named(RemoteContext context, String description, String... examples) {
        return RemoteCommand.spec(context, description, examples)
                .addPositional(RemoteCommand.argument(0, "NAME", "The projection's name."));
    }

    private static ExitCode run(Call call) {
        return switch (call.parsed().commandSpec().name()) {
            case "put" -> put(call);
            case "list" -> list(call);
            case "show" -> said(call, call.client().ask(one(call, ApiVerb.FIND_PROJECTION)));
            case "remove" -> remove(call);
            case "verify" -> verify(call);
            case "rows" -> TableCommands.rows(call);
            case "query" -> TableCommands.query(call);
            case "dead" -> dead(call);
            case "rebuild" -> said(call, call.client().ask(one(call, ApiVerb.REBUILD_PROJECTION)));
            case "pause" -> said(call, call.client().ask(one(call, ApiVerb.PAUSE_PROJECTION)));
            case "resume" -> said(call, call.client().ask(one(call, ApiVerb.RESUME_PROJECTION)));
            default ->
                throw new IllegalStateException(call.parsed().commandSpec().name());
        };
    }

    /** A request about the projection that the first argument names. */
    static ApiRequest one(Call call, ApiVerb verb) {
        return ApiRequest.of(verb).with("projection", call.required(0, PROJECTION));
    }

    private static ExitCode put(Call call) {
        String file = call.option(FILE).orElseThrow(() -> new ConfigException("qbc projection put needs " + FILE));
        ApiRequest request = one(call, ApiVerb.PUT_PROJECTION);
        String mapping = DataSource.text(
                file.equals("-") ? file : "@" + file, call.context().in());
        return said(call, call.client().ask(request.with(Bytes.utf8(mapping))));
    }

    private static ExitCode list(Call call) {
        Reply reply = call.client().ask(ApiRequest.of(ApiVerb.LIST_PROJECTIONS)).granted();
        if (!call.shown(reply)) {
            Columns table = new Columns().row("NAME", "CHAIN", "STATE", "LEAF", "LAG", "ROWS", "DEAD", "TARGET");
            reply.tree()
                    .items("projections")
                    .forEach(each -> table.row(
                            each.text("name"),
                            each.text("chainName"),
                            each.text("state"),
                            each.text("leaf"),
                            each.text("lagTransactions"),
                            Long.toString(rows(each)),
                            each.text("dead"),
                            each.text("target")));
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }

    private static long rows(AnswerTree projection) {
        return projection.member("rows").value() instanceof Map<?, ?> tables
                ? tables.values().stream()
                        .mapToLong(count -> ((Number) count).longValue())
                        .sum()
                : 0;
    }

    private static ExitCode remove(Call call) {
        ApiRequest request = one(call, ApiVerb.REMOVE_PROJECTION);
        Reply reply = call.client()
                .ask(call.flag(TABLES) ? request.with("tables", true) : request)
                .granted();
        if (!call.shown(reply)) {
            call.say("removed " + reply.tree().text("name"));
        }
        return ExitCode.DONE;
    }

    private static ExitCode said(Call call, Reply reply) {
        reply.granted();
        if (!call.shown(reply)) {
            call.say(facts(reply.tree()));
        }
        return ExitCode.DONE;
    }

    private static List<String> facts(AnswerTree projection) {
        AnswerTree error = projection.member("lastError");
        AnswerTree rebuild = projection.member("rebuild");
        Columns facts = new Columns()
                .row("name", projection.text("name"))
                .row("chain", projection.text("chainName"))
                .row("state", projection.text("state"))
                .row("from", projection.text("from"))
                .row("target", projection.text("target"))
                .row("schema", projection.text("schema"))
                .row("leaf", projection.text("leaf"))
                .row("height", projection.text("height"))
                .row(
                        "lag",
                        projection.text("lagTransactions") + " transactions, " + projection.text("lagMillis") + " ms");
        if (projection.member("rows").value() instanceof Map<?, ?> tables) {
            tables.forEach((table, count) -> facts.row("rows", table + " " + count));
        }
        return facts.row("dead", projection.text("dead"))
                .fact("rebuild", rebuild.text("percent").isEmpty() ? "" : rebuild.text("percent") + " %")
                .fact("error", error.text("detail"))
                .fact("transaction", error.text("transaction"))
                .lines();
    }

    /** Begins a comparison and waits for its end. */
    private static ExitCode verify(Call call) {
        Reply begun = call.client().ask(one(call, ApiVerb.VERIFY_PROJECTION)).granted();
        if (call.flag(NO_WAIT)) {
            return said(call, begun);
        }
        Reply reply = begun;
        while (reply.tree().member("verification").text("state").equals("running")) {
            pause();
            reply = call.client().ask(one(call, ApiVerb.FIND_PROJECTION)).granted();
        }
        AnswerTree found = reply.tree().member("verification");
        if (!call.shown(reply)) {
            found.items("found").forEach(each -> call.say(line(each)));
            call.say("compared " + Shown.transactions(found.number("leaf")) + ": " + found.text("changed")
                    + " rows changed, " + found.text("added") + " added, " + found.text("removed") + " removed");
        }
        if (!found.text("state").equals("done")) {
            call.note("the comparison ended as " + found.text("state") + ": "
                    + found.member("problem").text("detail"));
            return ExitCode.FAILED;
        }
        boolean same = found.number("changed") + found.number("added") + found.number("removed") == 0;
        return same ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static String line(AnswerTree found) {
        List<String> columns = found.items("columns").stream()
                .map(each -> String.valueOf(each.value()))
                .toList();
        Optional<String> which = Optional.of(String.join(", ", columns)).filter(names -> !names.isEmpty());
        return found.text("kind") + "  " + found.text("table") + "  " + found.text("key")
                + which.map(names -> "  " + names).orElse("");
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailure(ExitCode.FAILED, "interrupted");
        }
    }

    private static ExitCode dead(Call call) {
        if (call.flag(RETRY)) {
            return said(call, call.client().ask(one(call, ApiVerb.RETRY_DEAD_ROWS)));
        }
        Reply reply = call.client().ask(one(call, ApiVerb.LIST_DEAD_ROWS)).granted();
        if (!call.shown(reply)) {
            Columns table = new Columns().row("LEAF", "TRANSACTION", "TABLE", "POINTER", "REASON");
            reply.tree()
                    .items("dead")
                    .forEach(each -> table.row(
                            each.text("leaf"),
                            each.text("transaction"),
                            each.text("table"),
                            each.text("pointer"),
                            each.text("reason")));
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }
}
