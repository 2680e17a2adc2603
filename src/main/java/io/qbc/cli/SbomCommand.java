package io.qbc.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code sbom}: prints what the program is made of, for scanners that look for known weaknesses. */
public final class SbomCommand {
    private SbomCommand() {}

    /**
     * The command.
     *
     * @param sbom the bill of materials; nothing where the program was not packed by the build
     */
    public static Command command(Supplier<Optional<String>> sbom, PrintWriter out, PrintWriter err) {
        CommandSpec spec = Cli.spec("Prints the bill of materials of this program, as CycloneDX JSON.");
        return new Command("sbom", spec, parsed -> print(sbom.get(), out, err));
    }

    private static int print(Optional<String> sbom, PrintWriter out, PrintWriter err) {
        sbom.ifPresentOrElse(
                out::println, () -> err.println("qbc: this is no built jar, and has no bill of materials"));
        out.flush();
        err.flush();
        return sbom.isPresent() ? 0 : 1;
    }
}
