package io.qbc.cli;

import io.qbc.config.ConfigException;
import io.qbc.config.Span;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code access}: makes, shows and ends the keys by which callers prove who they are. A running node heeds
 * a change within two seconds. A secret is printed once, alone on the standard output.
 */
public final class AccessCommand {
    private static final String DATA = "--data";
    private static final String NAME = "--name";
    private static final String ROLE = "--role";
    private static final String EXPIRES = "--expires";
    private static final String SCOPE = "--scope";
    private static final String GRACE = "--grace";
    private static final String JSON = "--json";

    private final Keys keys;
    private final Command self;
    private final Path usual;
    private final PrintWriter out;
    private final PrintWriter err;

    private AccessCommand(Keys keys, Command self, Path usual, PrintWriter out, PrintWriter err) {
        this.keys = keys;
        this.self = self;
        this.usual = usual;
        this.out = out;
        this.err = err;
    }

    /** The keys of callers in a data directory. */
    public interface Keys {
        /** Makes a key and gives it whole. */
        String add(Path data, Wanted wanted);

        List<Listed> list(Path data);

        /** False if there is no such key. */
        boolean revoke(Path data, String id);

        /** The key with another secret; the one before counts for {@code grace} more. Empty if there is no such key. */
        Optional<String> rotate(Path data, String id, Duration grace);
    }

    /**
     * What a new key is to be.
     *
     * @param roles each {@code ROLE} or {@code ROLE@CHAIN}
     * @param scope what the idempotency keys of its caller belong to; its name, if there is none
     */
    public record Wanted(String name, List<String> roles, Optional<Duration> life, Optional<String> scope) {
        public Wanted {
            roles = List.copyOf(roles);
        }
    }

    /** A key without its secret; times are milliseconds since 1970. */
    public record Listed(
            String id,
            String name,
            List<String> roles,
            String scope,
            long madeAt,
            OptionalLong expiresAt,
            OptionalLong usedAt) {
        public Listed {
            roles = List.copyOf(roles);
        }
    }

    /**
     * The command.
     *
     * @param self the part of it that asks a running node
     * @param environment may say the data directory, as for the node itself
     */
    public static Command command(
            Keys keys, Command self, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        Path usual = Path.of(environment.getOrDefault("QBC_DATA", "data"));
        CommandSpec spec = Cli.spec("Says who may call a node: qbc access add, list, revoke, rotate, self.");
        spec.addSubcommand(
                "add",
                data(Cli.spec("Makes a key and prints it, this once."))
                        .addOption(option(NAME, "NAME", "What the caller is called.")
                                .required(true)
                                .build())
                        .addOption(OptionSpec.builder(ROLE)
                                .paramLabel("ROLE[@CHAIN]")
                                .type(List.class)
                                .auxiliaryTypes(String.class)
                                .arity("1")
                                .required(true)
                                .description(
                                        "reader, writer, sealer, eraser, auditor or admin, of all chains or of one;"
                                                + " may be given several times.")
                                .build())
                        .addOption(option(EXPIRES, "TIME", "After how long it ends, like 90d; default never.")
                                .build())
                        .addOption(option(
                                        SCOPE,
                                        "NAME",
                                        "What its caller's idempotency keys belong to, the same at every node;"
                                                + " default its name.")
                                .build()));
        spec.addSubcommand(
                "list",
                data(Cli.spec("Prints all keys, without their secrets."))
                        .addOption(OptionSpec.builder(JSON)
                                .type(boolean.class)
                                .arity("0")
                                .description("One JSON object a line.")
                                .build()));
        spec.addSubcommand("revoke", id(data(Cli.spec("Ends a key; exit code 1 if there is none."))));
        spec.addSubcommand(
                "rotate",
                id(data(Cli.spec("Gives a key another secret and prints it; exit code 1 if there is none.")))
                        .addOption(option(GRACE, "TIME", "How long the secret before still counts, like 1d; default 0.")
                                .build()));
        spec.addSubcommand(self.name(), self.spec());
        return new Command("access", spec, new AccessCommand(keys, self, usual, out, err)::run);
    }

    private static OptionSpec.Builder option(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .arity("1")
                .description(description);
    }

    private static CommandSpec data(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder(DATA)
                .paramLabel("DIR")
                .type(Path.class)
                .arity("1")
                .description("The data directory; default that of QBC_DATA, else data.")
                .build());
    }

    private static CommandSpec id(CommandSpec spec) {
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("ID")
                .type(String.class)
                .index("0")
                .arity("1")
                .required(true)
                .description("The key's id, as list shows it.")
                .build());
    }

    private int run(ParseResult parsed) {
        if (!parsed.hasSubcommand()) {
            throw new ConfigException("access needs one of add, list, revoke, rotate, self");
        }
        ParseResult below = parsed.subcommand();
        if (below.commandSpec().name().equals(self.name())) {
            return self.action().applyAsInt(below);
        }
        Path data = below.matchedOptionValue(DATA, usual);
        int code = switch (below.commandSpec().name()) {
            case "add" -> add(data, below);
            case "list" -> list(data, below.hasMatchedOption(JSON));
            case "revoke" -> revoke(data, id(below));
            default -> rotate(data, below);
        };
        out.flush();
        err.flush();
        return code;
    }

    private int add(Path data, ParseResult parsed) {
        List<String> roles = parsed.matchedOption(ROLE).originalStringValues();
        Optional<Duration> life = span(parsed, EXPIRES);
        Optional<String> scope = Optional.ofNullable(parsed.matchedOptionValue(SCOPE, (String) null));
        shown(keys.add(data, new Wanted(parsed.matchedOptionValue(NAME, ""), roles, life, scope)));
        return 0;
    }

    private int rotate(Path data, ParseResult parsed) {
        Optional<String> key = keys.rotate(data, id(parsed), span(parsed, GRACE).orElse(Duration.ZERO));
        key.ifPresentOrElse(this::shown, this::none);
        return key.isPresent() ? 0 : 1;
    }

    private int revoke(Path data, String id) {
        boolean there = keys.revoke(data, id);
        if (!there) {
            none();
        }
        return there ? 0 : 1;
    }

    private void none() {
        err.println("qbc: there is no such key; qbc access list shows what there is");
    }

    private void shown(String key) {
        out.println(key);
        err.println("qbc: this is the only time that the key is shown; callers send it in the field"
                + " Authorization: Bearer");
    }

    private int list(Path data, boolean json) {
        keys.list(data).forEach(key -> out.println(json ? json(key) : line(key)));
        return 0;
    }

    private static String line(Listed key) {
        return key.id() + " " + key.name() + " " + String.join(",", key.roles())
                + (key.scope().equals(key.name()) ? "" : " scope " + key.scope()) + " made " + time(key.madeAt())
                + key.expiresAt().stream()
                        .mapToObj(at -> " expires " + time(at))
                        .findFirst()
                        .orElse("")
                + key.usedAt().stream()
                        .mapToObj(at -> " used " + time(at))
                        .findFirst()
                        .orElse(" never used");
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** Nothing in a key's name or roles needs to be escaped. */
    private static String json(Listed key) {
        String roles = key.roles().stream().map(role -> '"' + role + '"').collect(Collectors.joining(","));
        return "{\"id\":\"" + key.id() + "\",\"name\":\"" + key.name() + "\",\"roles\":[" + roles + "],\"scope\":\""
                + key.scope() + "\",\"made\":" + key.madeAt() + ",\"expires\":" + number(key.expiresAt()) + ",\"used\":"
                + number(key.usedAt()) + "}";
    }

    private static String number(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : "null";
    }

    private static String id(ParseResult parsed) {
        return parsed.matchedPositionalValue(0, "");
    }

    private static Optional<Duration> span(ParseResult parsed, String option) {
        Optional<String> text = Optional.ofNullable(parsed.matchedOptionValue(option, (String) null));
        return text.map(given -> Span.positive(given)
                .orElseThrow(() ->
                        new ConfigException(option + " must be a time like 90d, 12h or 30m but is '" + given + "'")));
    }
}
