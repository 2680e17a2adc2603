package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.Columns;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;

/** The command {@code consensus}: how a chain's engine fares, and what it waits for. */
final class ConsensusCommand {
    private ConsensusCommand() {}

    static Command command(RemoteContext context) {
        return RemoteCommand.of(
                "consensus",
                RemoteCommand.spec(context, "Shows who takes part in a chain, what is final, and what it waits for."),
                context,
                ConsensusCommand::run);
    }

    private static ExitCode run(Call call) {
        Reply reply = call.client().get(call.path("/consensus")).granted();
        if (call.shown(reply)) {
            return ExitCode.DONE;
        }
        AnswerTree status = reply.tree();
        Columns facts = new Columns()
                .row("engine", status.text("engine"))
                .row("final", status.text("finality"))
                .row("justified", status.text("justified"));
        String turn = status.member("turn").text("key");
        facts.fact(
                "turn",
                turn.isEmpty() ? "" : turn + " until " + status.member("turn").time("until"));
        status.items("waiting").forEach(line -> facts.row("waiting", String.valueOf(line.value())));
        call.say(facts.lines());
        Columns table = new Columns().row("PARTICIPANT", "POWER", "MADE", "MISSED", "");
        status.items("participants")
                .forEach(each -> table.row(
                        each.text("key"),
                        each.text("power"),
                        each.text("made"),
                        each.text("missed"),
                        each.flag("barred") ? "barred" : ""));
        if (!status.items("participants").isEmpty()) {
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }
}
