package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.cli.inject.DataSource;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.config.ConfigException;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;

/** The commands that make chains: {@code bang}, of a spec, and {@code fork}, of another chain. */
final class BangCommands {
    private static final String AT = "--at";
    private static final String WITH = "--with";
    private static final JsonLimits LIMITS = new JsonLimits(Integer.MAX_VALUE, 1000);

    private BangCommands() {}

    static Command bang(RemoteContext context) {
        return RemoteCommand.of(
                "bang",
                RemoteCommand.spec(
                                context,
                                "Makes a chain of a spec; the same spec again is the same chain.",
                                "bang '{\"name\":\"orders\",\"consensus\":{\"engine\":\"poa\"}}'",
                                "bang @orders.json")
                        .addPositional(RemoteCommand.argument(0, "SPEC", "The spec: " + DataSource.FORMS + ".")),
                context,
                call -> {
                    String spec = DataSource.text(
                            call.required(0, "the spec: " + DataSource.FORMS),
                            call.context().in());
                    return made(
                            call, call.client().ask(ApiRequest.of(ApiVerb.BANG).with(Bytes.utf8(spec))));
                });
    }

    static Command fork(RemoteContext context) {
        return RemoteCommand.of(
                "fork",
                RemoteCommand.spec(
                                context,
                                "Forks the chain of --chain; what is not changed stays as the parent has it.",
                                "fork trial --at 120",
                                "fork orders2 --chain orders --with '{\"consensus\":{\"engine\":\"dbc\"}}'")
                        .addPositional(RemoteCommand.argument(0, "NAME", "The fork's name."))
                        .addOption(RemoteCommand.option(
                                AT, "HEIGHT", "The last quant that both share; default the head as it is."))
                        .addOption(RemoteCommand.option(
                                WITH, "CHANGES", "What the fork changes of the spec: " + DataSource.FORMS + ".")),
                context,
                BangCommands::fork);
    }

    private static ExitCode fork(Call call) {
        String name = call.required(0, "the fork's name");
        long at = call.number(AT)
                .orElseGet(() -> call.ask(ApiVerb.FIND_CHAIN)
                        .granted()
                        .tree()
                        .member("head")
                        .number("height"));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("at", at);
        members.put("name", name);
        String body = call.option(WITH)
                .map(source -> joined(
                        JsonTree.write(members),
                        DataSource.text(source, call.context().in())))
                .orElseGet(() -> JsonTree.write(members));
        return made(call, call.client().post(call.path("/forks"), body));
    }

    /** The members of two objects in one; the node refuses one that is there twice. */
    private static String joined(String one, String other) {
        JsonObjectText changes = StrictJson.object(Bytes.utf8(other), LIMITS);
        changes.fault().ifPresent(fault -> {
            throw new ConfigException(WITH + " must be a JSON object: " + fault);
        });
        return changes.names().isEmpty() ? one : one.substring(0, one.length() - 1) + "," + other.substring(1);
    }

    private static ExitCode made(Call call, Reply reply) {
        reply.granted();
        if (!call.shown(reply)) {
            call.say(ChainsCommand.facts(reply.tree()));
            if (reply.status() == 200) {
                call.note("it was here before");
            }
        }
        return ExitCode.DONE;
    }
}
