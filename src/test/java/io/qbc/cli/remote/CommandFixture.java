package io.qbc.cli.remote;

import io.qbc.Samples;
import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.call.RemoteContext;
import io.qbc.model.Signer;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The command line as one would type it, and what it prints. */
final class CommandFixture {
    /** The one key that there is. */
    static final Path KEY = Path.of("data", "keys", "alice.key");

    final List<Long> pauses = new ArrayList<>();
    private final String url;
    private final Map<String, String> environment = new HashMap<>();

    CommandFixture(String url) {
        this.url = url;
    }

    /** The same with an API key in the environment. */
    CommandFixture withKey(String key) {
        CommandFixture other = new CommandFixture(url);
        other.environment.put("QBC_KEY", key);
        return other;
    }

    /** The same with the file of who may vouch for the node in the environment. */
    CommandFixture withAuthorities(String file) {
        CommandFixture other = new CommandFixture(url);
        other.environment.put("QBC_CA", file);
        return other;
    }

    /** How a command ended. */
    record Ended(int code, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    Ended run(String... arguments) {
        return runWith("", arguments);
    }

    /** Runs a command with this as its standard input. */
    Ended runWith(String input, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        PrintWriter printer = new PrintWriter(out, true);
        PrintWriter errors = new PrintWriter(err, true);
        RemoteContext context = new RemoteContext(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                printer,
                errors,
                environment(),
                CommandFixture::key,
                InstantSource.system());
        List<Command> commands = new ArrayList<>(RemoteCommands.commands(context));
        commands.removeIf(command -> Set.of("tail", "audit").contains(command.name()));
        commands.add(TailCommand.command(context, pauses::add));
        commands.add(AuditCommand.command(context, pauses::add));
        int code = new Cli("1", (conf, flags) -> 0, commands, printer, errors).execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    private Map<String, String> environment() {
        environment.put("QBC_URL", url);
        return environment;
    }

    /** The same with one string whose words are the arguments. */
    Ended words(String line) {
        return run(Arrays.stream(line.split(" ", -1)).toArray(String[]::new));
    }

    private static Optional<Signer> key(Path file) {
        return file.equals(KEY) ? Optional.of(Samples.OTHER) : Optional.empty();
    }
}
