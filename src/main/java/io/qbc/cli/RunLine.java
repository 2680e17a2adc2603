package io.qbc.cli;

import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader.Flag;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plain ways to start a node, read without picocli, which takes longer to load than the configuration. Whatever
 * looks unusual, or wrong, is left to {@link Cli}.
 */
public record RunLine(Optional<Path> conf, List<Flag> flags) {
    public RunLine {
        flags = List.copyOf(flags);
    }

    /** The line, if it is no more than {@code run} and flags of that command with a value each. */
    public static Optional<RunLine> read(String... arguments) {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        if (!words.isEmpty() && words.get(0).equals("run")) {
            words.remove(0);
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String[] parts = words.get(i).split("=", 2);
            boolean apart = parts.length == 1;
            if (apart && i + 1 == words.size()) {
                return Optional.empty();
            }
            String value = apart ? words.get(++i) : parts[1];
            boolean again = values.containsKey(parts[0]) && !parts[0].equals(RunFlags.MANY);
            if (!RunFlags.known(parts[0]) || again || value.isEmpty() || "-\"'@".indexOf(value.charAt(0)) >= 0) {
                return Optional.empty();
            }
            values.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(value);
        }
        Optional<String> named =
                Optional.ofNullable(values.remove(RunFlags.CONF)).map(given -> given.get(0));
        List<Flag> flags = new ArrayList<>();
        values.forEach((name, given) -> flags.add(new Flag(name, RunFlags.KEYS.get(name), given)));
        try {
            return Optional.of(new RunLine(named.map(Path::of), flags));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Starts the node and gives the exit code; a configuration that is not acceptable is said in one line. */
    public int launch(RunFlags.Launch launch, PrintWriter err) {
        try {
            return launch.launch(conf, flags);
        } catch (ConfigException e) {
            err.println("qbc: " + e.getMessage());
            err.flush();
            return Cli.UNACCEPTABLE;
        }
    }
}
