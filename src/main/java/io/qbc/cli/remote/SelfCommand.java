package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.Columns;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;

/** The command {@code access self}: who its caller is for a running node, and what it may do. */
public final class SelfCommand {
    private SelfCommand() {}

    /** The command, which is a part of {@code access}. */
    public static Command command(RemoteContext context) {
        return RemoteCommand.of(
                "self",
                RemoteCommand.spec(context, "Asks a running node who the caller is for it, and what it may do."),
                context,
                SelfCommand::run);
    }

    private static ExitCode run(Call call) {
        Reply reply = call.client().get("/v1/access/self").granted();
        if (!call.shown(reply)) {
            AnswerTree self = reply.tree();
            call.say(new Columns()
                    .row("name", self.text("name"))
                    .row("kind", self.text("kind"))
                    .row("roles", self.words("roles"))
                    .row("mode", self.text("mode"))
                    .lines());
        }
        return ExitCode.DONE;
    }
}
