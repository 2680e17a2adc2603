package io.qbc.cli.inject;

import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
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

/**
 * A submission of one transaction, and what became of it.
 *
 * @param type the type of the data, empty without one
 * @param once what makes a second try the same transaction
 */
public record Submission(Bytes data, String type, Optional<String> once) {
    static final String ONCE = "--once";
    /** The flag for how long to wait until it is in a quant. */
    public static final String WAIT = "--wait";

    private static final int ONCE_BYTES_MAX = 255;

    static void options(CommandSpec spec) {
        spec.addOption(RemoteCommand.option(
                        ONCE, "KEY", "A key of yours: a second try with it is the same transaction."))
                .addOption(RemoteCommand.option(
                        WAIT,
                        "TIME",
                        "Wait so long for the quant, like 10s; the node may wait less."
                                + " Exit code 7 if it is not in one."));
    }

    static Optional<String> once(Call call) {
        Optional<String> once = call.option(ONCE);
        once.map(Bytes::utf8)
                .filter(key -> key.isEmpty() || key.size() > ONCE_BYTES_MAX)
                .ifPresent(key -> {
                    throw new ConfigException(ONCE + " must have 1 to " + ONCE_BYTES_MAX + " bytes");
                });
        return once;
    }

    /** A JSON object with the data as its last member, whose bytes stay as they are. */
    static String withData(String members, Bytes data) {
        String open = members.substring(0, members.length() - 1);
        return open + (open.equals("{") ? "" : ",") + "\"data\":" + data.text() + "}";
    }

    /** What the node makes the transaction of. */
    String unsigned() {
        Map<String, Object> members = new LinkedHashMap<>();
        if (!type.isEmpty()) {
            members.put("type", type);
        }
        once.ifPresent(key -> members.put("key", key));
        return withData(JsonTree.write(members), data);
    }

    /** The body to send: signed, if there is an author. */
    String body(Optional<Author> author) {
        return author.map(known -> known.signed(data, type, once)).orElseGet(this::unsigned);
    }

    /** Has it taken in as it is, and says what became of it. */
    static ExitCode inject(Call call, String body) {
        ApiRequest request = call.about(ApiVerb.INJECT).with(Bytes.utf8(body));
        return said(call, call.client().ask(request.waiting(waitTime(call))));
    }

    /** Has the node sign it, and says what became of it. */
    static ExitCode operate(Call call, String body) {
        return said(call, call.client().post(call.path("/operations"), body, waitTime(call)));
    }

    private static Duration waitTime(Call call) {
        return call.option(WAIT).map(text -> RemoteCommand.time(WAIT, text)).orElse(Duration.ZERO);
    }

    private static ExitCode said(Call call, Reply reply) {
        reply.granted();
        AnswerTree answer = reply.tree();
        if (!call.shown(reply)) {
            call.say(said(answer));
        }
        String standing = answer.text("standing");
        if (!standing.isEmpty()) {
            call.note("another transaction of the same key stands in its place; look at it with qbc read " + standing);
            return answer.text("state").equals("superseded") ? ExitCode.DONE : ExitCode.REFUSED;
        }
        boolean placed = answer.text("state").equals("committed");
        if (call.flag(WAIT) && !placed) {
            String chain = call.chain().equals("main") ? "" : " --chain " + call.chain();
            call.note("it is in no quant yet, but safe; look again with qbc read " + answer.text("id") + chain);
            return ExitCode.TIMED_OUT;
        }
        return ExitCode.DONE;
    }

    /** An answer in one line: id, state, and the quant if there is one. */
    static String said(AnswerTree answer) {
        String state = answer.text("state");
        boolean placed = state.equals("committed") && !answer.text("height").isEmpty();
        return answer.text("id") + "  " + state + (placed ? "  quant " + answer.number("height") : "");
    }
}
