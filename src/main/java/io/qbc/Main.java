package io.qbc;

import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.HealthCommand;
import io.qbc.cli.KeysCommand;
import io.qbc.cli.VerifyCommand;
import io.qbc.cli.bench.BenchCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The entry of the jar. */
public final class Main {
    private static final String LOGGING = "conf/logback.xml";
    private static final String LOGGING_PROPERTY = "logback.configurationFile";

    private Main() {}

    /** Runs one command; the process lives on when a node runs. */
    public static void main(String[] arguments) {
        chooseLogging();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = new Cli(version(), new Daemon(err)::launch, commands(out, err), out, err).execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** The commands beside {@code run}. */
    private static List<Command> commands(PrintWriter out, PrintWriter err) {
        List<Command> commands = new ArrayList<>(BenchCommand.commands(out, err));
        commands.add(HealthCommand.command(out));
        commands.add(VerifyCommand.command(Verification::run, out, err));
        commands.add(KeysCommand.command(new Keyring(), out, err));
        return commands;
    }

    /** The version in the jar's manifest. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }

    /** Before the first logger is made: the file in the working directory wins over the one in the jar. */
    private static void chooseLogging() {
        if (System.getProperty(LOGGING_PROPERTY) == null) {
            Path local = Path.of(LOGGING);
            System.setProperty(
                    LOGGING_PROPERTY,
                    Files.exists(local) ? local.toAbsolutePath().toString() : LOGGING);
        }
    }
}
