package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.inject.InjectCommand;
import io.qbc.cli.inject.OperationCommands;
import java.util.ArrayList;
import java.util.List;

/** The commands that ask a running node, in the order in which the help has them. */
public final class RemoteCommands {
    private RemoteCommands() {}

    public static List<Command> commands(RemoteContext context) {
        List<Command> commands = new ArrayList<>(List.of(
                InjectCommand.command(context),
                ReadCommand.command(context),
                TransactionsCommand.command(context),
                LeapCommand.command(context),
                TailCommand.command(context),
                ChainsCommand.command(context),
                BangCommands.bang(context),
                BangCommands.fork(context),
                ConsensusCommand.command(context),
                AnalyticsCommand.command(context),
                PeersCommand.command(context)));
        commands.addAll(OperationCommands.commands(context));
        commands.add(SubscriptionCommand.command(context));
        commands.add(ProjectionCommand.command(context));
        commands.add(AuditCommand.command(context));
        return commands;
    }
}
