package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.CallFailure;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.cli.call.Shown;
import io.qbc.cli.inject.Submission;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.config.ConfigException;
import io.qbc.json.JsonLimits;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The command {@code read}: a transaction or a quant. */
final class ReadCommand {
    private static final String RAW = "--raw";
    private static final String MIN = "--min";
    private static final JsonLimits LIMITS = new JsonLimits(Integer.MAX_VALUE, 1000);

    private ReadCommand() {}

    static Command command(RemoteContext context) {
        return RemoteCommand.of(
                "read",
                RemoteCommand.spec(
                                context,
                                "Shows a transaction or a quant.",
                                "read",
                                "read 5 --json",
                                "read --min 7 --wait 10s",
                                "read c77b58f9d1fc4f22428b24f04b083fb9a76e40d6f5e7480630595be17a7de3da --raw")
                        .addPositional(RemoteCommand.argument(
                                0, "WHAT", "A transaction's id, a quant's height or hash, or head (the default)."))
                        .addOption(RemoteCommand.flag(RAW, "Print a transaction's data alone."))
                        .addOption(
                                RemoteCommand.option(MIN, "HEIGHT", "With head and --wait: a head at least so high."))
                        .addOption(RemoteCommand.option(
                                Submission.WAIT,
                                "TIME",
                                "Wait so long until it is in the chain, like 10s; the node may wait less.")),
                context,
                ReadCommand::run);
    }

    private static ExitCode run(Call call) {
        String what = call.argument(0).orElse("head");
        boolean id = what.matches("[0-9a-fA-F]{64}");
        if (!id && !what.matches("head|[0-9]{1,18}")) {
            throw new ConfigException(
                    "read takes an id or a hash of 64 hexadecimal digits, a height, or head, but not '" + what + "'");
        }
        return id ? transaction(call, what.toLowerCase(Locale.ROOT)) : quant(call, what);
    }

    /** Ids and hashes look alike; most often a transaction is meant. */
    private static ExitCode transaction(Call call, String id) {
        Reply reply = get(call, call.about(ApiVerb.FIND_TRANSACTION).with("id", id));
        boolean none = reply.status() == 404 && reply.tree().text("code").equals("transaction_unknown");
        if (none && !call.flag(RAW)) {
            Reply quant = get(call, call.about(ApiVerb.FIND_QUANT).with("quant", id));
            return show(call, quant.status() == 404 ? reply.granted() : quant.granted());
        }
        reply.granted();
        String data = data(reply);
        if (call.flag(RAW)) {
            call.say(data);
        } else if (!call.shown(reply)) {
            call.say(Shown.transaction(reply.tree(), data));
        }
        return ExitCode.DONE;
    }

    private static ExitCode quant(Call call, String name) {
        if (call.flag(RAW)) {
            throw new ConfigException("--raw is for a transaction's id");
        }
        return show(
                call,
                get(call, call.about(ApiVerb.FIND_QUANT).with("quant", name)).granted());
    }

    /** Asks, and waits until it is there if that is wished. */
    private static Reply get(Call call, ApiRequest request) {
        Optional<String> min = call.option(MIN);
        boolean head = "head".equals(request.members().get("quant"));
        if (min.isPresent() && !(head && min.get().matches("[0-9]{1,18}"))) {
            throw new ConfigException(MIN + " must be a height, and is for head");
        }
        Duration wait = call.option(Submission.WAIT)
                .map(text -> RemoteCommand.time(Submission.WAIT, text))
                .orElse(Duration.ZERO);
        return call.client().ask(request.with("min", min).waiting(wait));
    }

    private static ExitCode show(Call call, Reply quant) {
        if (!call.shown(quant)) {
            call.say(Shown.quant(quant.tree()));
        }
        return ExitCode.DONE;
    }

    /** The data's bytes as they came. */
    private static String data(Reply reply) {
        Optional<Bytes> data =
                StrictJson.object(Bytes.utf8(reply.body().strip()), LIMITS).member("data");
        return data.map(Bytes::text)
                .orElseThrow(() -> new CallFailure(ExitCode.FAILED, "the node does not tell the transaction's data"));
    }
}
