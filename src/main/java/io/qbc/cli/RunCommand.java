package io.qbc.cli;

import io.qbc.config.ConfigReader;
import io.qbc.config.ConfigReader.Flag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code run}, which is also what happens without a command. */
public final class RunCommand {
    private static final List<Option> OPTIONS = List.of(
            new Option("--host", "HOST", "Where to listen; default 127.0.0.1."),
            new Option("--port", "PORT", "The port, 0 for a free one; default 5000."),
            new Option("--data", "DIR", "The data directory; default data."),
            new Option("--peer", "URL", "A first peer, like http://node1:5000; may be given several times."),
            new Option("--advertise", "URL", "The address at which peers reach this node."));

    private final RunFlags.Launch launch;

    RunCommand(RunFlags.Launch launch) {
        this.launch = launch;
    }

    private record Option(String name, String label, String description) {}

    static CommandSpec flags(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(RunFlags.CONF)
                .paramLabel("FILE")
                .type(String.class)
                .arity("1")
                .description("The configuration file; default conf/node.yaml if it exists.")
                .build());
        for (Option option : OPTIONS) {
            boolean many = option.name().equals(RunFlags.MANY);
            spec.addOption(OptionSpec.builder(option.name())
                    .paramLabel(option.label())
                    .type(many ? List.class : String.class)
                    .auxiliaryTypes(String.class)
                    .arity("1")
                    .description(option.description())
                    .build());
        }
        return spec;
    }

    /** Takes the flags before the word {@code run} and those after it, which win. */
    int execute(ParseResult parsed) {
        List<ParseResult> places = new ArrayList<>(List.of(parsed));
        if (parsed.hasSubcommand()) {
            places.add(parsed.subcommand());
        }
        Optional<Path> conf = Optional.empty();
        List<Flag> flags = new ArrayList<>();
        for (ParseResult place : places) {
            if (place.hasMatchedOption(RunFlags.CONF)) {
                String named = place.matchedOption(RunFlags.CONF)
                        .originalStringValues()
                        .get(0);
                conf = Optional.of(ConfigReader.path(RunFlags.CONF, named, "command line"));
            }
            for (Option option : OPTIONS) {
                if (place.hasMatchedOption(option.name())) {
                    List<String> values = place.matchedOption(option.name()).originalStringValues();
                    flags.add(new Flag(option.name(), RunFlags.KEYS.get(option.name()), values));
                }
            }
        }
        return launch.launch(conf, flags);
    }
}
