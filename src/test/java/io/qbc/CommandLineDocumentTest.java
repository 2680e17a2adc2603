package io.qbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.call.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the command line is what the program says of itself. */
class CommandLineDocumentTest {
    @Test
    void thePageHasTheHelpOfEveryCommand() throws IOException {
        String page = Files.readString(Path.of("src/docs/command-line.md"));
        assertThat(page).contains(help(List.of()));
        assertThat(page).contains(help(List.of("run")));
        for (Command command : shown()) {
            assertThat(page).contains(help(List.of(command.name())));
            for (String below : command.spec().subcommands().keySet()) {
                assertThat(page).contains(help(List.of(command.name(), below)));
            }
        }
    }

    @Test
    void thePageHasEveryExitCode() throws IOException {
        String page = Files.readString(Path.of("src/docs/command-line.md"));
        for (ExitCode code : ExitCode.values()) {
            assertThat(page).contains("| " + code.number() + " | " + code.meaning() + " |");
        }
    }

    @Test
    void eachCommandStandsInTheSummary() throws IOException {
        String page = Files.readString(Path.of("src/docs/command-line.md"));
        String summary = page.substring(0, page.indexOf("## "));
        assertThat(shown()).allSatisfy(command -> assertThat(summary).contains("qbc.jar " + command.name()));
    }

    private static List<Command> shown() {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return Main.commands(nowhere, nowhere).stream()
                .filter(command -> !command.spec().usageMessage().hidden())
                .toList();
    }

    /** What the command prints with {@code --help}, indented as the page has it. */
    private static String help(List<String> command) {
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out, true);
        Cli cli = new Cli("0", (conf, flags) -> 0, Main.commands(printer, printer), printer, printer);
        List<String> arguments = new ArrayList<>(command);
        arguments.add("--help");
        assertThat(cli.execute(arguments.toArray(new String[0]))).isZero();
        return out.toString()
                .lines()
                .map(line -> line.isEmpty() ? "" : "    " + line)
                .collect(Collectors.joining("\n"))
                .stripTrailing();
    }
}
