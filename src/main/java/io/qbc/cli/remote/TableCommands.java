package io.qbc.cli.remote;

import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.Columns;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.config.ConfigException;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands that read the tables of a projection. */
final class TableCommands {
    private static final String WHERE = "--where";
    private static final String ORDER = "--order";
    private static final String LIMIT = "--limit";
    private static final String AFTER = "--after";
    private static final String KEY = "--key";
    private static final String HISTORY = "--history";
    private static final String PARAMETER = "--parameter";
    private static final String AT = "--at";
    private static final String WAIT = "--wait";
    private static final JsonLimits LIMITS = new JsonLimits(1 << 16, 1);

    private TableCommands() {}

    static CommandSpec rows(RemoteContext context) {
        return read(ProjectionCommand.named(
                        context,
                        "Shows rows of a table, each a JSON object.",
                        "projection rows shop order_line --where sku=A-17 --order -_leaf",
                        "projection rows shop customer --key 7 --history"))
                .addPositional(RemoteCommand.argument(1, "TABLE", "The table."))
                .addOption(many(WHERE, "COLUMN=VALUE", "What a column must equal; as often as wanted."))
                .addOption(RemoteCommand.option(ORDER, "COLUMN", "By a column; -COLUMN has the largest first."))
                .addOption(RemoteCommand.option(AFTER, "CURSOR", "Where to go on, as the page before said."))
                .addOption(RemoteCommand.option(KEY, "KEY", "The one row of this key."))
                .addOption(RemoteCommand.flag(HISTORY, "With " + KEY + ": all transactions that led to it."));
    }

    static CommandSpec query(RemoteContext context) {
        return read(ProjectionCommand.named(
                        context,
                        "Asks the tables in SQL, reading alone.",
                        "projection query shop \"select sku, count(*) from order_line group by sku\""))
                .addPositional(RemoteCommand.argument(1, "SQL", "One statement."))
                .addOption(many(PARAMETER, "VALUE", "A value for a ? of it, JSON or else a text; in their order."));
    }

    private static CommandSpec read(CommandSpec spec) {
        return spec.addOption(RemoteCommand.option(LIMIT, "N", "Rows at most."))
                .addOption(RemoteCommand.option(AT, "LEAF", "The leaf or transaction id that the tables must have."))
                .addOption(RemoteCommand.option(WAIT, "TIME", "How long to wait for that, like 5s."));
    }

    /** An option that may be repeated. */
    static OptionSpec many(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String[].class)
                .arity("1")
                .description(description)
                .build();
    }

    static ExitCode rows(Call call) {
        String table = call.required(1, "a table's name");
        Optional<String> key = call.option(KEY);
        if (call.flag(HISTORY) && key.isEmpty()) {
            throw new ConfigException(HISTORY + " needs " + KEY);
        }
        ApiVerb verb = key.isEmpty() ? ApiVerb.LIST_ROWS : call.flag(HISTORY) ? ApiVerb.ROW_HISTORY : ApiVerb.FIND_ROW;
        ApiRequest request = since(call, ProjectionCommand.one(call, verb).with("table", table))
                .with("key", key)
                .withColumns(columns(call))
                .with("order", call.option(ORDER))
                .with("after", call.option(AFTER))
                .with("limit", call.number(LIMIT));
        Reply reply = call.client().ask(request).granted();
        if (!call.shown(reply)) {
            boolean one = key.isPresent() && !call.flag(HISTORY);
            List<AnswerTree> rows = one ? List.of(reply.tree()) : reply.tree().items("rows");
            rows.forEach(row -> call.say(row.json()));
            String next = one ? "" : reply.tree().text("next");
            if (!next.isEmpty()) {
                call.note("there are more; go on with " + AFTER + " " + next);
            }
        }
        return ExitCode.DONE;
    }

    static ExitCode query(Call call) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("sql", call.required(1, "a query in SQL"));
        body.put(
                "parameters",
                values(call, PARAMETER).stream().map(TableCommands::json).toList());
        call.number(LIMIT).ifPresent(limit -> body.put("limit", limit));
        ApiRequest request =
                ProjectionCommand.one(call, ApiVerb.QUERY_PROJECTION).with(Bytes.utf8(JsonTree.write(body)));
        Reply reply = call.client().ask(since(call, request)).granted();
        if (!call.shown(reply)) {
            AnswerTree answer = reply.tree();
            Columns table = new Columns().row(cells(answer.items("columns")));
            answer.items("rows")
                    .forEach(row -> table.row(cells(new AnswerTree(Map.of("row", row.value())).items("row"))));
            call.say(table.lines());
            if (answer.flag("more")) {
                call.note("there are more rows; allow more with " + LIMIT);
            }
        }
        return ExitCode.DONE;
    }

    private static String[] cells(List<AnswerTree> values) {
        return values.stream().map(TableCommands::cell).toArray(String[]::new);
    }

    private static String cell(AnswerTree value) {
        if (value.value() instanceof Optional<?>) {
            return "";
        }
        return value.value() instanceof String text ? text : value.json();
    }

    /** A number, true, false, null or a quoted text as JSON has it; anything else is a text. */
    static Object json(String text) {
        Bytes bytes = Bytes.utf8(text);
        return StrictJson.check(bytes, LIMITS).isEmpty() ? JsonTree.read(bytes) : text;
    }

    /** All values of an option that may be repeated. */
    static List<String> values(Call call, String option) {
        String[] values = call.parsed().matchedOptionValue(option, new String[0]);
        return List.of(values);
    }

    private static ApiRequest since(Call call, ApiRequest request) {
        return request.with("at", call.option(AT))
                .waiting(call.option(WAIT)
                        .map(text -> RemoteCommand.time(WAIT, text))
                        .orElse(Duration.ZERO));
    }

    /** The columns and what they must equal. */
    private static Map<String, String> columns(Call call) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String where : values(call, WHERE)) {
            int equals = where.indexOf('=');
            if (equals < 1) {
                throw new ConfigException(WHERE + " must be COLUMN=VALUE but is '" + where + "'");
            }
            if (columns.put(where.substring(0, equals), where.substring(equals + 1)) != null) {
                throw new ConfigException(WHERE + " has the column " + where.substring(0, equals) + " twice");
            }
        }
        return columns;
    }
}
