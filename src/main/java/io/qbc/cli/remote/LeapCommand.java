package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.cli.call.Shown;
import io.qbc.client.transport.ApiVerb;

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
        Reply reply = call.ask(ApiVerb.LEAP).granted();
        if (!call.shown(reply)) {
            AnswerTree leaped = reply.tree();
            call.say("quant " + leaped.number("height") + "  " + leaped.text("hash") + "  "
                    + Shown.transactions(leaped.number("count"))
                    + (leaped.number("quants") > 1 ? " in " + leaped.number("quants") + " quants" : ""));
        }
        return ExitCode.DONE;
    }
}
