package io.qbc.cli;

import io.qbc.config.ConfigException;
import io.qbc.model.Bytes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code keys}: makes and shows the public keys that chain specs list as participants. A node signs with
 * its identity; further keys have a name. Secret keys are never printed.
 */
public final class KeysCommand {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final String DATA = "--data";
    private static final String NAMED = "--name";

    private final Ring ring;
    private final PrintWriter out;
    private final PrintWriter err;

    private KeysCommand(Ring ring, PrintWriter out, PrintWriter err) {
        this.ring = ring;
        this.out = out;
        this.err = err;
    }

    /** The keys in a data directory; without a name the node's identity is meant. */
    public interface Ring {
        /** Makes the key if it is not there, and gives its public half. */
        Bytes make(Path data, Optional<String> name);

        Optional<Bytes> find(Path data, Optional<String> name);

        /** All keys with a name. */
        SortedMap<String, Bytes> named(Path data);
    }

    public static Command command(Ring ring, PrintWriter out, PrintWriter err) {
        CommandSpec spec = Cli.spec("Makes and shows keys: qbc keys new, qbc keys show, qbc keys list.");
        spec.addSubcommand("new", named(Cli.spec("Makes a key, unless it is there, and prints its public half.")));
        spec.addSubcommand("show", named(Cli.spec("Prints a public key; exit code 1 if there is none.")));
        spec.addSubcommand("list", data(Cli.spec("Prints all public keys, the node's identity first.")));
        return new Command("keys", spec, new KeysCommand(ring, out, err)::run);
    }

    private static CommandSpec named(CommandSpec spec) {
        return data(spec)
                .addOption(OptionSpec.builder(NAMED)
                        .paramLabel("NAME")
                        .type(String.class)
                        .arity("1")
                        .description("The key's name; without it the node's identity.")
                        .build());
    }

    private static CommandSpec data(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder(DATA)
                .paramLabel("DIR")
                .type(Path.class)
                .arity("1")
                .description("The data directory; default data.")
                .build());
    }

    private int run(ParseResult parsed) {
        if (!parsed.hasSubcommand()) {
            throw new ConfigException("keys needs one of new, show, list");
        }
        ParseResult below = parsed.subcommand();
        Path data = below.matchedOptionValue(DATA, Path.of("data"));
        int code = switch (below.commandSpec().name()) {
            case "new" -> print(Optional.of(ring.make(data, name(below))));
            case "show" -> print(ring.find(data, name(below)));
            default -> list(data);
        };
        out.flush();
        err.flush();
        return code;
    }

    private static Optional<String> name(ParseResult parsed) {
        Optional<String> name = Optional.ofNullable(parsed.matchedOptionValue(NAMED, (String) null));
        name.filter(chosen -> !NAME.matcher(chosen).matches()).ifPresent(wrong -> {
            throw new ConfigException("--name must be 1 to 64 of a-z, 0-9 and '-' but is '" + wrong + "'");
        });
        return name;
    }

    private int print(Optional<Bytes> key) {
        if (key.isEmpty()) {
            err.println("qbc: there is no such key; qbc keys new makes it");
            return 1;
        }
        out.println(key.get().hex());
        return 0;
    }

    private int list(Path data) {
        ring.find(data, Optional.empty()).ifPresent(key -> out.println(key.hex() + " identity"));
        ring.named(data).forEach((name, key) -> out.println(key.hex() + " keys/" + name));
        return 0;
    }
}
