package io.qbc.cli.remote;

import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.config.ConfigException;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** The commands that take the events of a subscription and acknowledge them. */
final class SubscriptionEvents {
    private static final String MAX = "--max";
    private static final String WAIT = "--wait";
    private static final String CONSUMER = "--consumer";
    private static final String GENERATION = "--generation";
    private static final String EVENT = "--event";

    private SubscriptionEvents() {}

    static CommandSpec fetch(RemoteContext context) {
        return SubscriptionCommand.named(
                        context,
                        "Shows the next events, each a JSON object, and the offset to commit.",
                        "subscription fetch shop --max 10 --wait 10s")
                .addOption(RemoteCommand.option(MAX, "N", "Events at most; default 100."))
                .addOption(RemoteCommand.option(
                        WAIT, "TIME", "How long to wait for the first one, like 10s; the node may wait less."))
                .addOption(RemoteCommand.option(
                        CONSUMER, "NAME", "Who takes them: one of this name may fetch them again within its lease."));
    }

    static CommandSpec commit(RemoteContext context) {
        return SubscriptionCommand.named(
                        context,
                        "Acknowledges all events below an offset, or some by their ids.",
                        "subscription commit shop 10",
                        "subscription commit shop --event 7 --event 9 --consumer a")
                .addPositional(RemoteCommand.argument(1, "OFFSET", "As fetch shows it, or an event's next."))
                .addOption(TableCommands.many(
                        EVENT, "ID", "An event's id, where the order is key; may be repeated; without OFFSET."))
                .addOption(RemoteCommand.option(CONSUMER, "NAME", "Who took them, as fetch was told it."))
                .addOption(RemoteCommand.option(
                        GENERATION, "N", "As fetch shows it: it fails if the place was moved since."));
    }

    static CommandSpec release(RemoteContext context) {
        return SubscriptionCommand.named(
                        context,
                        "Gives back what a consumer has and will not take, so that others get it at once.",
                        "subscription release shop --consumer a",
                        "subscription release shop --consumer a --event 7")
                .addOption(TableCommands.many(
                        EVENT, "ID", "An event's id, where the order is key: its key alone; may be repeated."))
                .addOption(RemoteCommand.option(CONSUMER, "NAME", "Who has it, as fetch was told it."));
    }

    static ExitCode fetch(Call call) {
        Map<String, Object> body = new LinkedHashMap<>();
        call.number(MAX).ifPresent(max -> body.put("max", max));
        Optional<Duration> wait = call.option(WAIT).map(text -> RemoteCommand.time(WAIT, text));
        wait.ifPresent(time -> body.put("wait", time.toMillis() + "ms"));
        call.option(CONSUMER).ifPresent(name -> body.put("consumer", name));
        ApiRequest request = SubscriptionCommand.one(call, ApiVerb.FETCH_EVENTS)
                .with(Bytes.utf8(JsonTree.write(body)))
                .waiting(wait.orElse(Duration.ZERO));
        Reply reply = call.client().ask(request).granted();
        if (!call.shown(reply)) {
            AnswerTree fetched = reply.tree();
            fetched.items("events").forEach(event -> call.say(event.json()));
            if (fetched.items("events").isEmpty()) {
                call.note("there is nothing at present; wait longer with " + WAIT);
            } else {
                call.note("once all were taken: qbc subscription commit "
                        + call.argument(0).orElseThrow() + " " + fetched.text("offset") + " " + GENERATION + " "
                        + fetched.text("generation")
                        + call.option(CONSUMER)
                                .map(name -> " " + CONSUMER + " " + name)
                                .orElse(""));
            }
        }
        return ExitCode.DONE;
    }

    static ExitCode commit(Call call) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (call.flag(EVENT)) {
            if (call.argument(1).isPresent()) {
                throw new ConfigException(EVENT + " says what was taken; leave the offset out");
            }
            body.put("events", TableCommands.values(call, EVENT));
        } else {
            body.put("offset", TableCommands.json(call.required(1, "an offset, as fetch shows it")));
        }
        call.number(GENERATION).ifPresent(generation -> body.put("generation", generation));
        call.option(CONSUMER).ifPresent(name -> body.put("consumer", name));
        return SubscriptionCommand.said(
                call, SubscriptionCommand.one(call, ApiVerb.COMMIT_OFFSET).with(Bytes.utf8(JsonTree.write(body))));
    }

    static ExitCode release(Call call) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (call.flag(EVENT)) {
            body.put("events", TableCommands.values(call, EVENT));
        }
        call.option(CONSUMER).ifPresent(name -> body.put("consumer", name));
        return SubscriptionCommand.said(
                call, SubscriptionCommand.one(call, ApiVerb.RELEASE_LEASE).with(Bytes.utf8(JsonTree.write(body))));
    }
}
