package io.qbc.cli;

import io.qbc.config.ConfigReader;
import io.qbc.config.ConfigReader.Flag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code front}: serves the REST API of a cluster's nodes from a process that keeps nothing. */
public final class FrontCommand {
    private static final Map<String, String> KEYS = Map.of("--host", "host", "--port", "port");

    private FrontCommand() {}

    /** The command; the process lives on while it serves. */
    public static Command command(RunFlags.Launch launch) {
        CommandSpec spec = Cli.spec("Serves the REST API of a cluster's nodes from a process that keeps nothing.");
        spec.addOption(option(RunFlags.CONF, "FILE", "The configuration file; default conf/node.yaml if it exists."));
        spec.addOption(option("--host", "HOST", "Where to listen; default 127.0.0.1."));
        spec.addOption(option("--port", "PORT", "The port, 0 for a free one; default 5000."));
        return new Command("front", spec, parsed -> launch(parsed, launch));
    }

    private static OptionSpec option(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .arity("1")
                .description(description)
                .build();
    }

    private static int launch(ParseResult parsed, RunFlags.Launch launch) {
        Optional<Path> conf = Optional.ofNullable(parsed.matchedOptionValue(RunFlags.CONF, (String) null))
                .map(file -> ConfigReader.path(RunFlags.CONF, file, "command line"));
        List<Flag> flags = new ArrayList<>();
        for (String name : List.of("--host", "--port")) {
            Optional.ofNullable(parsed.matchedOptionValue(name, (String) null))
                    .ifPresent(value -> flags.add(new Flag(name, KEYS.get(name), List.of(value))));
        }
        return launch.launch(conf, flags);
    }
}
