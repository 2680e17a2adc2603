package io.qbc.cli.remote;

import io.qbc.cli.Cli;
import io.qbc.cli.Command;
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
import io.qbc.model.Bytes;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code subscription}: durable followers of a chain. */
final class SubscriptionCommand {
    private static final String FROM = "--from";
    private static final String TO = "--to";
    private static final String AFTER = "--after";
    private static final String LIMIT = "--limit";
    private static final String SUBSCRIPTION = "a subscription's name; qbc subscription list shows them";

    private SubscriptionCommand() {}

    static Command command(RemoteContext context) {
        CommandSpec group = Cli.spec("Follows a chain durably, with an offset that acknowledgements move:"
                + " qbc subscription add, list, show, remove, pause, resume, secret, seek, replay, fetch, commit,"
                + " release, dead, retry.");
        group.addSubcommand("add", SubscriptionWish.spec(context));
        group.addSubcommand("list", RemoteCommand.spec(context, "Shows the subscriptions of a chain."));
        group.addSubcommand("show", named(context, "Shows what a subscription does and where it stands."));
        group.addSubcommand("remove", named(context, "Removes a subscription and its dead letters."));
        group.addSubcommand("pause", named(context, "Delivers nothing until it is resumed."));
        group.addSubcommand("resume", named(context, "Goes on where it stopped, with its first attempt at once."));
        group.addSubcommand(
                "secret",
                named(context, "Makes a new secret for the signatures of a webhook; the last one counts for a day."));
        group.addSubcommand(
                "seek",
                named(context, "Goes on from another place.", "subscription seek shop oldest")
                        .addPositional(RemoteCommand.argument(1, "PLACE", "oldest, newest or a leaf index.")));
        group.addSubcommand(
                "replay",
                named(context, "Delivers a range once more.", "subscription replay shop --from 10 --to 20")
                        .addOption(RemoteCommand.option(FROM, "LEAF", "The first leaf index."))
                        .addOption(RemoteCommand.option(TO, "LEAF", "The leaf index behind the last one.")));
        group.addSubcommand("fetch", SubscriptionEvents.fetch(context));
        group.addSubcommand("commit", SubscriptionEvents.commit(context));
        group.addSubcommand("release", SubscriptionEvents.release(context));
        group.addSubcommand(
                "dead",
                named(context, "Shows what could not be delivered and was put aside.")
                        .addOption(RemoteCommand.option(AFTER, "NUMBER", "Behind this dead letter."))
                        .addOption(RemoteCommand.option(LIMIT, "N", "Dead letters at most; default 100.")));
        group.addSubcommand(
                "retry",
                named(context, "Delivers a dead letter once more.")
                        .addPositional(
                                RemoteCommand.argument(1, "NUMBER", "The dead letter's number, as dead shows it.")));
        return RemoteCommand.of("subscription", group, context, SubscriptionCommand::run);
    }

    static CommandSpec named(RemoteContext context, String description, String... examples) {
        return RemoteCommand.spec(context, description, examples)
                .addPositional(RemoteCommand.argument(0, "NAME", "The subscription's name."));
    }

    private static ExitCode run(Call call) {
        String does = call.parsed().commandSpec().name();
        return switch (does) {
            case "add" ->
                said(call, one(call, ApiVerb.PUT_SUBSCRIPTION).with(Bytes.utf8(SubscriptionWish.document(call))));
            case "list" -> list(call);
            case "show" -> said(call, one(call, ApiVerb.FIND_SUBSCRIPTION));
            case "remove" -> remove(call);
            case "seek" -> {
                String place = call.required(1, "a place: oldest, newest or a leaf index");
                yield said(call, one(call, ApiVerb.SEEK_SUBSCRIPTION).with("to", place));
            }
            case "replay" -> replay(call);
            case "fetch" -> SubscriptionEvents.fetch(call);
            case "commit" -> SubscriptionEvents.commit(call);
            case "release" -> SubscriptionEvents.release(call);
            case "dead" -> dead(call);
            case "retry" -> retry(call);
            case "pause" -> said(call, one(call, ApiVerb.PAUSE_SUBSCRIPTION));
            case "resume" -> said(call, one(call, ApiVerb.RESUME_SUBSCRIPTION));
            case "secret" -> said(call, one(call, ApiVerb.ROTATE_SECRET));
            default -> throw new IllegalStateException(does);
        };
    }

    /** A request about the subscription that the first argument names. */
    static ApiRequest one(Call call, ApiVerb verb) {
        return call.about(verb).with("name", call.required(0, SUBSCRIPTION));
    }

    private static ExitCode list(Call call) {
        Reply reply = call.ask(ApiVerb.LIST_SUBSCRIPTIONS).granted();
        if (!call.shown(reply)) {
            Columns table = new Columns().row("NAME", "KIND", "STATE", "OFFSET", "LAG", "DEAD", "ERROR");
            reply.tree()
                    .items("subscriptions")
                    .forEach(each -> table.row(
                            each.text("name"),
                            each.member("subscription").member("deliver").text("kind"),
                            each.text("state"),
                            each.text("offset"),
                            each.text("lagEvents"),
                            each.text("dead"),
                            each.text("lastError")));
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }

    private static ExitCode remove(Call call) {
        Reply reply = call.client().ask(one(call, ApiVerb.REMOVE_SUBSCRIPTION)).granted();
        if (!call.shown(reply)) {
            call.say("removed " + reply.tree().text("name"));
        }
        return ExitCode.DONE;
    }

    private static ExitCode replay(Call call) {
        long from = leaf(call, FROM);
        long to = leaf(call, TO);
        return said(
                call, one(call, ApiVerb.REPLAY_SUBSCRIPTION).with("from", from).with("to", to));
    }

    private static long leaf(Call call, String flag) {
        return call.number(flag).orElseThrow(() -> new ConfigException("qbc subscription replay needs " + flag));
    }

    private static ExitCode dead(Call call) {
        ApiRequest request = one(call, ApiVerb.LIST_DEAD_LETTERS)
                .with("after", call.number(AFTER))
                .with("limit", call.number(LIMIT));
        Reply reply = call.client().ask(request).granted();
        if (!call.shown(reply)) {
            Columns table = new Columns().row("NUMBER", "LEAF", "TRANSACTION", "ATTEMPTS", "TIME", "ERROR");
            reply.tree()
                    .items("dead")
                    .forEach(each -> table.row(
                            each.text("number"),
                            each.text("index"),
                            each.text("transaction"),
                            each.text("attempts"),
                            each.time("at"),
                            each.text("error")));
            call.say(table.lines());
            String next = reply.tree().text("next");
            if (!next.isEmpty()) {
                call.note("there may be more; go on with " + AFTER + " " + next);
            }
        }
        return ExitCode.DONE;
    }

    private static ExitCode retry(Call call) {
        String number = call.required(1, "a dead letter's number");
        Reply reply = call.client()
                .ask(one(call, ApiVerb.RETRY_DEAD_LETTER).with("number", number))
                .granted();
        if (!call.shown(reply)) {
            call.say("delivered " + reply.tree().text("number") + ", leaf "
                    + reply.tree().text("index"));
        }
        return ExitCode.DONE;
    }

    static ExitCode said(Call call, ApiRequest request) {
        Reply reply = call.client().ask(request).granted();
        if (!call.shown(reply)) {
            call.say(facts(reply.tree()));
        }
        return ExitCode.DONE;
    }

    /** What a subscription does, if the answer has it, and where it stands. */
    private static List<String> facts(AnswerTree subscription) {
        AnswerTree wish = subscription.member("subscription");
        AnswerTree deliver = wish.member("deliver");
        AnswerTree filter = wish.member("filter");
        Columns facts = new Columns()
                .fact("name", subscription.text("name"))
                .fact("kind", deliver.text("kind"))
                .fact("url", deliver.text("url"))
                .fact("address", deliver.text("address"))
                .fact("at", wish.text("at"))
                .fact("key by", wish.text("keyBy"))
                .fact("filter", filter.value() instanceof String ? "" : filter.json())
                .row("state", subscription.text("state"))
                .row("offset", subscription.text("offset"))
                .row("lag", subscription.text("lagEvents") + " transactions, " + subscription.text("lagMillis") + " ms")
                .fact("replay", subscription.text("replay"))
                .fact(
                        "consumer",
                        subscription.items("consumers").stream()
                                .map(each -> String.valueOf(each.value()))
                                .collect(Collectors.joining(", ")))
                .fact("beyond", subscription.text("beyond").equals("0") ? "" : subscription.text("beyond"))
                .row("acknowledged", subscription.text("acknowledged"))
                .row("attempts", subscription.text("attempts"));
        if (!subscription.text("nextAttempt").isEmpty()) {
            facts.row("next attempt", subscription.time("nextAttempt"));
        }
        return facts.row("dead", subscription.text("dead"))
                .fact("error", subscription.text("lastError"))
                .fact("secret", subscription.text("secret"))
                .lines();
    }
}
