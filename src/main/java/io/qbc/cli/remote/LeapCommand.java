package io.qbc.cli.remote;

import io.qbc.cli.Command;

/** The command {@code leap}: seals what waits. */
final class LeapCommand {
    private LeapCommand() {}

    static Command command(RemoteContext context) {
        return RemoteCommand.of(
                "leap",
                RemoteCommand.spec(context, "Seals all that waits into the next quant.", "leap --chain orders"),
                context,
                LeapCommand::run);
    }

    private static ExitCode run(Call call) {
        Reply reply = call.client().post(call.path("/leaps"), "").granted();
        if (!call.shown(reply)) {
            AnswerTree leaped = reply.tree();
            call.say("quant " + leaped.number("height") + "  " + leaped.text("hash") + "  "
                    + Shown.transactions(leaped.number("count"))
                    + (leaped.number("quants") > 1 ? " in " + leaped.number("quants") + " quants" : ""));
        }
        return ExitCode.DONE;
    }
}
