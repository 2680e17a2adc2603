package io.qbc;

import io.qbc.api.Sbom;
import io.qbc.bench.BenchCommand;
import io.qbc.cli.AccessCommand;
import io.qbc.cli.BackupCommand;
import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.FrontCommand;
import io.qbc.cli.KeysCommand;
import io.qbc.cli.RestoreCommand;
import io.qbc.cli.RunLine;
import io.qbc.cli.SbomCommand;
import io.qbc.cli.TlsCommand;
import io.qbc.cli.VerifyCommand;
import io.qbc.cli.call.BackupClient;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.remote.HealthCommand;
import io.qbc.cli.remote.RemoteCommands;
import io.qbc.cli.remote.SelfCommand;
import io.qbc.logging.Logging;
import io.qbc.model.Bytes;
import io.qbc.node.CallerKeys;
import io.qbc.node.Daemon;
import io.qbc.node.FrontDaemon;
import io.qbc.node.Keyring;
import io.qbc.node.Restoration;
import io.qbc.node.SelfSignedCertificate;
import io.qbc.node.SerialFilter;
import io.qbc.node.Verification;
import io.qbc.node.Version;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The entry of the jar. */
public final class Main {
    private Main() {}

    /** Runs one command; the process lives on when a node runs. */
    public static void main(String[] arguments) {
        SerialFilter.refuseAll();
        Logging.choose();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Daemon daemon = new Daemon(err);
        int code = RunLine.read(arguments)
                .map(line -> line.launch(daemon::launch, err))
                .orElseGet(
                        () -> new Cli(Version.text(), daemon::launch, commands(out, err), out, err).execute(arguments));
        if (code != 0) {
            System.exit(code);
        }
    }

    /** The commands beside {@code run}. */
    static List<Command> commands(PrintWriter out, PrintWriter err) {
        RemoteContext remote =
                new RemoteContext(System.in, out, err, System.getenv(), Keyring::signer, InstantSource.system());
        List<Command> commands = new ArrayList<>(RemoteCommands.commands(remote));
        commands.addAll(BenchCommand.commands(out, err));
        commands.add(HealthCommand.command(out, System.getenv()));
        commands.add(FrontCommand.command(new FrontDaemon(err)::launch));
        commands.add(VerifyCommand.command(Verification::run, out, err, System.getenv()));
        commands.add(BackupCommand.command(BackupClient::run, out, err, System.getenv()));
        commands.add(RestoreCommand.command(Restoration::run, out, err));
        commands.add(KeysCommand.command(new Keyring(), out, err));
        CallerKeys callers = new CallerKeys(InstantSource.system());
        commands.add(AccessCommand.command(callers, SelfCommand.command(remote), System.getenv(), out, err));
        commands.add(TlsCommand.command(SelfSignedCertificate::make, System.getenv(), out, err));
        commands.add(SbomCommand.command(() -> Sbom.find().map(Bytes::text), out, err));
        return commands;
    }
}
