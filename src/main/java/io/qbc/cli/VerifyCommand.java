package io.qbc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code verify}: checks every chain in a stopped node's directory from its first quant on. */
public final class VerifyCommand {
    private final Check check;
    private final PrintWriter out;
    private final ProgressLines progress;

    private VerifyCommand(Check check, PrintWriter out, PrintWriter err) {
        this.check = check;
        this.out = out;
        this.progress = new ProgressLines(err);
    }

    /** Does the work, telling how far it is; mends what is damaged if a peer is named. */
    @FunctionalInterface
    public interface Check {
        Verdict run(Path data, Optional<String> repairFrom, Consumer<String> progress);
    }

    /** Whether all is sound, what was checked, and a line for each thing that is wrong. */
    public record Verdict(boolean sound, String checked, List<String> findings) {
        public Verdict {
            findings = List.copyOf(findings);
        }
    }

    /** Verdict on {@code out}, progress on {@code err}. */
    public static Command command(Check check, PrintWriter out, PrintWriter err) {
        CommandSpec spec = Cli.spec("Checks every hash, root, seal and rule in a stopped node's data directory;"
                + " exit code 0 if all is sound, else 1.");
        spec.addOption(OptionSpec.builder("--data")
                .paramLabel("DIR")
                .type(Path.class)
                .arity("1")
                .required(true)
                .description("The data directory of a node that does not run.")
                .build());
        spec.addOption(OptionSpec.builder("--repair-from")
                .paramLabel("URL")
                .type(String.class)
                .arity("1")
                .description("A node that has the chains, like http://node1:5000: what is damaged is fetched from it,"
                        + " checked and mended; the damaged directory stays beside.")
                .build());
        return new Command("verify", spec, new VerifyCommand(check, out, err)::verify);
    }

    private int verify(ParseResult parsed) {
        Optional<String> peer = Optional.ofNullable(parsed.matchedOptionValue("--repair-from", (String) null));
        Verdict verdict = check.run(parsed.matchedOptionValue("--data", Path.of("data")), peer, progress::tell);
        verdict.findings().forEach(out::println);
        out.println((verdict.sound() ? "sound: " : "NOT sound: ") + verdict.checked());
        out.flush();
        return verdict.sound() ? 0 : 1;
    }
}
