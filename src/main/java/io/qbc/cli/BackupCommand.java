package io.qbc.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code backup}: has a running node make a backup of itself, and waits until it is complete. */
public final class BackupCommand {
    private final Client client;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<String, String> environment;

    private BackupCommand(Client client, PrintWriter out, PrintWriter err, Map<String, String> environment) {
        this.client = client;
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /** Asks the node, and tells how far it is. */
    @FunctionalInterface
    public interface Client {
        Outcome run(AskedNode node, Wanted wanted, Consumer<String> progress);
    }

    /** Which backup is wanted: its name, whether the keys are in it, and whether every rule is checked anew. */
    public record Wanted(Optional<String> name, boolean withKey, boolean verify) {}

    /** Whether the backup is complete, and a line about it. */
    public record Outcome(boolean complete, String line) {}

    /**
     * The command; the outcome is told on {@code out}, progress and failures on {@code err}.
     *
     * @param environment may say the node's port, as for the node itself, and the API key
     */
    public static Command command(Client client, PrintWriter out, PrintWriter err, Map<String, String> environment) {
        CommandSpec spec = Cli.spec("Has a running node make a backup of all its chains, without its secret keys, in"
                + " its backup.directory; exit code 0 once it is complete and checked, else 1.");
        spec.addOption(NodeUrl.option(environment)).addOption(Credential.option());
        spec.addOption(OptionSpec.builder("--to")
                .paramLabel("DIR")
                .type(String.class)
                .arity("1")
                .description("The backup's directory in backup.directory, by its name or whole path; default the time.")
                .build());
        spec.addOption(OptionSpec.builder("--with-key")
                .arity("0")
                .description("Put the node's secret keys and the API keys into it too; then keep it as safe as them.")
                .build());
        spec.addOption(OptionSpec.builder("--verify")
                .arity("0")
                .description("Check every hash, root, seal and rule in the copy too, as verify does.")
                .build());
        return new Command("backup", spec, new BackupCommand(client, out, err, environment)::backUp);
    }

    private int backUp(ParseResult parsed) {
        Wanted wanted = new Wanted(
                Optional.ofNullable(parsed.matchedOptionValue("--to", (String) null)),
                parsed.hasMatchedOption("--with-key"),
                parsed.hasMatchedOption("--verify"));
        AskedNode node = AskedNode.of(parsed.commandSpec(), environment);
        Outcome outcome = client.run(node, wanted, new ProgressLines(err)::tell);
        PrintWriter printer = outcome.complete() ? out : err;
        printer.println((outcome.complete() ? "" : "qbc: ") + outcome.line());
        printer.flush();
        return outcome.complete() ? 0 : 1;
    }
}
