package io.qbc.cli;

import io.qbc.config.ConfigException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line. Commands are built by hand and not from annotations, which saves the reflection at every start.
 * Exit codes: 0 done or running, 1 it failed, 2 the command or the configuration is not acceptable, and for commands
 * that ask a node those of {@code io.qbc.cli.call.ExitCode}.
 */
public final class Cli {
    static final int UNACCEPTABLE = 2;

    private final RunCommand run;
    private final List<Command> commands;
    private final CommandLine line;
    private final PrintWriter err;

    /**
     * Puts the commands together.
     *
     * @param launch starts a node; it returns once the node runs
     * @param others further commands
     */
    public Cli(String version, RunFlags.Launch launch, List<Command> others, PrintWriter out, PrintWriter err) {
        this.err = err;
        run = new RunCommand(launch);
        commands = others;
        CommandSpec root = RunCommand.flags(
                        spec("A blockchain node: inject JSON, leap it into quants, gossip it to peers."))
                .name("qbc")
                .version("qbc " + version)
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print the version and exit.")
                        .build());
        root.usageMessage()
                .footer(
                        "",
                        "Without a command the node runs.",
                        "",
                        "Examples:",
                        "  java -jar qbc.jar",
                        "  java -jar qbc.jar --port 5001 --data data2 --peer http://127.0.0.1:5000");
        root.addSubcommand("run", RunCommand.flags(spec("Runs the node.")));
        others.forEach(command -> root.addSubcommand(command.name(), command.spec()));
        line = new CommandLine(root)
                .setOut(out)
                .setErr(err)
                // Data of a transaction may come from a file: @file is for the commands to read.
                .setExpandAtFiles(false)
                .setExecutionStrategy(this::execute)
                .setParameterExceptionHandler(this::unacceptable)
                .setExecutionExceptionHandler((failure, where, parsed) -> {
                    throw failure;
                });
    }

    /** Runs the command that the arguments name, and gives the exit code. */
    public int execute(String... arguments) {
        return line.execute(arguments);
    }

    /** A command with its help; picocli's ready-made help options would be read from annotations, which takes time. */
    public static CommandSpec spec(String description) {
        CommandSpec spec = CommandSpec.create()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Print this help and exit.")
                        .build());
        spec.usageMessage().description(description);
        return spec;
    }

    private int execute(ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        try {
            Optional<ParseResult> below = Optional.ofNullable(parsed.subcommand());
            String name = below.map(sub -> sub.commandSpec().name()).orElse("run");
            for (Command command : commands) {
                if (command.name().equals(name)) {
                    return command.action().applyAsInt(below.orElse(parsed));
                }
            }
            return run.execute(parsed);
        } catch (ConfigException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private int unacceptable(ParameterException e, String... arguments) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown arguments");
        return refuse(message + "; qbc --help shows what there is");
    }

    private int refuse(String message) {
        err.println("qbc: " + message);
        err.flush();
        return UNACCEPTABLE;
    }
}
