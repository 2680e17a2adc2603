package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.CallFailure;
import io.qbc.cli.call.EventReader;
import io.qbc.cli.call.EventReader.Event;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.cli.call.Shown;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The command {@code tail}: what comes to a chain and what leaves it, a line each, over lost connections. */
final class TailCommand {
    private static final String FROM = "--from";
    private static final String AFTER = "--after";
    private static final String COUNT = "--count";
    private static final String RETRIES = "--retries";
    private static final String TRANSACTIONS = "--transactions";
    private static final long RETRIES_DEFAULT = 5;
    private static final long PAUSE_MILLIS = 1000;
    private static final long PAUSE_MILLIS_MAX = 30_000;

    private final Call call;
    private final Pause pause;
    private final ApiRequest follow;
    private Optional<String> last;
    private long left;

    /** Waits before the next try. */
    @FunctionalInterface
    interface Pause {
        void millis(long millis) throws InterruptedException;
    }

    private TailCommand(Call call, Pause pause) {
        this.call = call;
        this.pause = pause;
        RemoteCommand.oneOf(call, FROM, AFTER);
        left = call.number(COUNT).orElse(Long.MAX_VALUE);
        last = call.option(AFTER);
        // Begun at a height, so that a connection that is lost before the first event skips nothing.
        follow = last.isPresent()
                ? call.about(ApiVerb.FOLLOW)
                : call.about(ApiVerb.FOLLOW).with("from", begin(call));
    }

    static Command command(RemoteContext context) {
        return command(context, millis -> {
            boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        });
    }

    static Command command(RemoteContext context, Pause pause) {
        return RemoteCommand.of(
                "tail",
                RemoteCommand.spec(
                                context,
                                "Follows a chain and prints a line for each quant that comes or leaves.",
                                "tail --transactions",
                                "tail --from 1 --count 10 --json")
                        .addOption(RemoteCommand.flag(TRANSACTIONS, "Print a line for each transaction instead."))
                        .addOption(RemoteCommand.option(
                                FROM, "HEIGHT", "Begin with the quant at this height; default the next one."))
                        .addOption(RemoteCommand.option(
                                AFTER, "ID", "Begin after the event with this id, as --json prints them."))
                        .addOption(RemoteCommand.option(COUNT, "N", "End after so many lines."))
                        .addOption(RemoteCommand.option(
                                RETRIES, "N", "How often in a row to try again when the node is lost; default 5.")),
                context,
                call -> new TailCommand(call, pause).run());
    }

    private static long begin(Call call) {
        return call.number(FROM)
                .orElseGet(() -> 1
                        + call.ask(ApiVerb.FIND_CHAIN)
                                .granted()
                                .tree()
                                .member("head")
                                .number("height"));
    }

    private ExitCode run() {
        long retries = call.number(RETRIES).orElse(RETRIES_DEFAULT);
        long failures = 0;
        boolean begun = false;
        while (left > 0) {
            String why = "the node ended the stream";
            try {
                Optional<EventReader> events = call.client().events(follow, last);
                if (events.isEmpty()) {
                    return ExitCode.DONE;
                }
                begun = true;
                failures = follow(events.get()) ? 0 : failures;
            } catch (CallFailure failure) {
                if (!begun || !passing(failure.code())) {
                    throw failure;
                }
                why = String.valueOf(failure.getMessage());
            }
            if (left > 0) {
                failures++;
                if (failures > retries) {
                    throw new CallFailure(ExitCode.UNREACHABLE, "gave up after " + retries + " tries: " + why + goOn());
                }
                call.note(why + "; try " + failures + " of " + retries);
                rest(failures);
            }
        }
        return ExitCode.DONE;
    }

    private static boolean passing(ExitCode code) {
        return code == ExitCode.UNREACHABLE || code == ExitCode.TIMED_OUT || code == ExitCode.BUSY;
    }

    private String goOn() {
        return last.map(id -> "; go on with --after " + id).orElse("");
    }

    private void rest(long failures) {
        try {
            pause.millis(Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS << Math.min(failures - 1, 16)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailure(ExitCode.FAILED, "interrupted" + goOn());
        }
    }

    /** Prints what comes until the stream ends or enough was printed; whether there was anything. */
    private boolean follow(EventReader events) {
        boolean any = false;
        try (events) {
            for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
                Event event = next.get();
                if (!event.data().isEmpty()) {
                    any = true;
                    print(event);
                }
                last = event.id().or(() -> last);
                if (left <= 0) {
                    return true;
                }
            }
        }
        return any;
    }

    private void print(Event event) {
        AnswerTree quant = AnswerTree.of(event.data());
        boolean undone = event.type().equals("undone");
        if (call.flag(TRANSACTIONS) && !undone) {
            transactions(quant);
        } else if (call.json()) {
            line("{\"event\":\"" + event.type() + "\",\"id\":\"" + event.id().orElse("") + "\","
                    + event.data().substring(1));
        } else {
            line((undone ? "undone " : "") + quant.text("height") + "  " + quant.time("timestamp") + "  "
                    + quant.text("hash") + "  " + Shown.transactions(quant.number("count")));
        }
    }

    private void transactions(AnswerTree event) {
        if (event.number("count") == 0) {
            return;
        }
        Reply reply = call.client()
                .ask(call.about(ApiVerb.FIND_QUANT).with("quant", event.text("hash")))
                .granted();
        if (call.json()) {
            line(reply.body().strip().replace('\n', ' ').replace('\r', ' '));
            return;
        }
        AnswerTree quant = reply.tree();
        quant.items("transactions").forEach(transaction -> line(Shown.line(quant, transaction)));
    }

    /** One line, unless there were enough; whoever reads no more ends the command. */
    private void line(String text) {
        if (left > 0) {
            call.say(text);
            left = call.context().out().checkError() ? 0 : left - 1;
        }
    }
}
