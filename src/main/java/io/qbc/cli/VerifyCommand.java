package io.qbc.cli;

import io.qbc.config.PeerAddress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code verify}: checks every chain in a stopped node's directory from its first quant on. */
public final class VerifyCommand {
    private static final String REPAIR_FROM = "--repair-from";

    private final Check check;
    private final PrintWriter out;
    private final ProgressLines progress;
    private final Map<String, String> environment;

    private VerifyCommand(Check check, PrintWriter out, PrintWriter err, Map<String, String> environment) {
        this.check = check;
        this.out = out;
        this.progress = new ProgressLines(err);
        this.environment = environment;
    }

    /** Does the work, telling how far it is; mends what is damaged if a peer is named. */
    @FunctionalInterface
    public interface Check {
        Verdict run(Path data, Optional<AskedNode> repairFrom, Consumer<String> progress);
    }

    /** Whether all is sound, what was checked, and a line for each thing that is wrong. */
    public record Verdict(boolean sound, String checked, List<String> findings) {
        public Verdict {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Verdict on {@code out}, progress on {@code err}.
     *
     * @param environment may say the API key for the node that is repaired from
     */
    public static Command command(Check check, PrintWriter out, PrintWriter err, Map<String, String> environment) {
        CommandSpec spec = Cli.spec("Checks every hash, root, seal and rule in a stopped node's data directory;"
                + " exit code 0 if all is sound, else 1.");
        spec.addOption(OptionSpec.builder("--data")
                .paramLabel("DIR")
                .type(Path.class)
                .arity("1")
                .required(true)
                .description("The data directory of a node that does not run.")
                .build());
        spec.addOption(OptionSpec.builder(REPAIR_FROM)
                .paramLabel("URL")
                .type(String.class)
                .arity("1")
                .description("A node that has the chains, like http://node1:5000: what is damaged is fetched from it,"
                        + " checked and mended; the damaged directory stays beside.")
                .build());
        spec.addOption(Credential.option());
        return new Command("verify", spec, new VerifyCommand(check, out, err, environment)::verify);
    }

    private int verify(ParseResult parsed) {
        Optional<AskedNode> peer = Optional.ofNullable(parsed.matchedOptionValue(REPAIR_FROM, (String) null))
                .map(url -> new AskedNode(
                        REPAIR_FROM,
                        PeerAddress.require(REPAIR_FROM, url).text(),
                        Credential.read(parsed.commandSpec(), environment)));
        Verdict verdict = check.run(parsed.matchedOptionValue("--data", Path.of("data")), peer, progress::tell);
        verdict.findings().forEach(out::println);
        out.println((verdict.sound() ? "sound: " : "NOT sound: ") + verdict.checked());
        out.flush();
        return verdict.sound() ? 0 : 1;
    }
}
