package io.qbc.cli.remote;

import io.qbc.config.ConfigException;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.util.ArrayList;
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
        StringBuilder path =
                new StringBuilder(ProjectionCommand.path(call) + "/tables/" + NodeClient.segment(table) + "/rows");
        Optional<String> key = call.option(KEY);
        key.ifPresent(text -> path.append('/').append(NodeClient.segment(text)));
        if (call.flag(HISTORY)) {
            if (key.isEmpty()) {
                throw new ConfigException(HISTORY + " needs " + KEY);
            }
            path.append("/history");
        }
        List<String> query = since(call);
        for (String where : values(call, WHERE)) {
            int equals = where.indexOf('=');
            if (equals < 1) {
                throw new ConfigException(WHERE + " must be COLUMN=VALUE but is '" + where + "'");
            }
            query.add(member(where.substring(0, equals), where.substring(equals + 1)));
        }
        call.option(ORDER).ifPresent(order -> query.add(member("order", order)));
        call.option(AFTER).ifPresent(after -> query.add(member("after", after)));
        call.number(LIMIT).ifPresent(limit -> query.add(member("limit", Long.toString(limit))));
        Reply reply = call.client().get(withQuery(path.toString(), query)).granted();
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
        Reply reply = call.client()
                .post(withQuery(ProjectionCommand.path(call) + "/query", since(call)), JsonTree.write(body))
                .granted();
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

    private static List<String> since(Call call) {
        List<String> query = new ArrayList<>();
        call.option(AT).ifPresent(at -> query.add(member("at", at)));
        call.option(WAIT)
                .map(text -> RemoteCommand.time(WAIT, text))
                .ifPresent(wait -> query.add(member("wait", wait.toMillis() + "ms")));
        return query;
    }

    private static String member(String name, String value) {
        return NodeClient.segment(name) + "=" + NodeClient.segment(value);
    }

    private static String withQuery(String path, List<String> query) {
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }
}
