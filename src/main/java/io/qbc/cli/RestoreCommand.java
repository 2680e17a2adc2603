package io.qbc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code restore}: makes a data directory of a backup. */
public final class RestoreCommand {
    private final Action action;
    private final PrintWriter out;
    private final PrintWriter err;

    private RestoreCommand(Action action, PrintWriter out, PrintWriter err) {
        this.action = action;
        this.out = out;
        this.err = err;
    }

    /** Does the work, telling how far it is. */
    @FunctionalInterface
    public interface Action {
        Outcome run(Path from, Path data, Consumer<String> progress);
    }

    /** Whether all is restored and checked, and lines about it. */
    public record Outcome(boolean complete, List<String> lines) {
        public Outcome {
            lines = List.copyOf(lines);
        }
    }

    /** The outcome on {@code out}, progress and failures on {@code err}. */
    public static Command command(Action action, PrintWriter out, PrintWriter err) {
        CommandSpec spec = Cli.spec("Makes a data directory of a backup, for a node that does not run; exit code 0 once"
                + " every file fits its checksum and every chain stands where the backup says, else 1.");
        spec.addOption(OptionSpec.builder("--from")
                .paramLabel("DIR")
                .type(Path.class)
                .arity("1")
                .required(true)
                .description("The backup: the directory with its manifest.json.")
                .build());
        spec.addOption(OptionSpec.builder("--data")
                .paramLabel("DIR")
                .type(Path.class)
                .arity("1")
                .required(true)
                .description("The data directory to make; empty, or not there yet.")
                .build());
        return new Command("restore", spec, new RestoreCommand(action, out, err)::restore);
    }

    private int restore(ParseResult parsed) {
        Outcome outcome = action.run(
                parsed.matchedOptionValue("--from", Path.of("")),
                parsed.matchedOptionValue("--data", Path.of("data")),
                new ProgressLines(err)::tell);
        PrintWriter printer = outcome.complete() ? out : err;
        outcome.lines().forEach(line -> printer.println((outcome.complete() ? "" : "qbc: ") + line));
        printer.flush();
        return outcome.complete() ? 0 : 1;
    }
}
