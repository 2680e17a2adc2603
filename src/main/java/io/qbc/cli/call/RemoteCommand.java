package io.qbc.cli.call;

import io.qbc.cli.AskedNode;
import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.Credential;
import io.qbc.cli.NodeUrl;
import io.qbc.cli.Trust;
import io.qbc.config.ConfigException;
import io.qbc.config.Span;
import java.time.Duration;
import java.util.Arrays;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What all commands that ask a node have in common: their flags, and how they end. */
public final class RemoteCommand {
    /** The flag that names a chain. */
    public static final String CHAIN = "--chain";

    private static final String JSON = "--json";
    private static final String TIMEOUT = "--timeout";
    /** Longer than the node itself takes before it gives up. */
    private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(70);

    private RemoteCommand() {}

    /** What a command does. */
    @FunctionalInterface
    public interface Work {
        ExitCode run(Call call);
    }

    /** A command that does this; its flags and arguments are in {@code spec}. */
    public static Command of(String name, CommandSpec spec, RemoteContext context, Work work) {
        return new Command(
                name, spec, parsed -> run(deepest(parsed), context, work).number());
    }

    /** A spec with the flags that all have. */
    public static CommandSpec spec(RemoteContext context, String description, String... examples) {
        CommandSpec spec = Cli.spec(description)
                .addOption(NodeUrl.option(context.environment()))
                .addOption(Credential.option())
                .addOption(Trust.option())
                .addOption(option(CHAIN, "NAME", "The chain's name or id; default main."))
                .addOption(OptionSpec.builder(JSON)
                        .description("Print what the node answers as it came.")
                        .build())
                .addOption(option(TIMEOUT, "TIME", "How long to wait for an answer, like 5s; default 70s."));
        if (examples.length > 0) {
            spec.usageMessage().footer(footer(examples));
        }
        return spec;
    }

    private static String[] footer(String... examples) {
        String[] lines = new String[examples.length + 2];
        lines[0] = "";
        lines[1] = examples.length == 1 ? "Example:" : "Examples:";
        for (int i = 0; i < examples.length; i++) {
            lines[i + 2] = "  qbc " + examples[i];
        }
        return lines;
    }

    /** An option with one value. */
    public static OptionSpec option(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .arity("1")
                .description(description)
                .build();
    }

    /** An option without a value. */
    public static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).description(description).build();
    }

    /** An argument that may be left out as far as the parser is concerned; the command says what it needs. */
    public static PositionalParamSpec argument(int index, String label, String description) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .arity("0..1")
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    /** A time like {@code 500ms}, {@code 10s}, {@code 2m} or {@code 1h}. */
    public static Duration time(String flag, String text) {
        return Span.positive(text)
                .orElseThrow(() ->
                        new ConfigException(flag + " must be a time like 500ms, 10s, 2m or 1h but is '" + text + "'"));
    }

    private static ParseResult deepest(ParseResult parsed) {
        return parsed.hasSubcommand() ? deepest(parsed.subcommand()) : parsed;
    }

    private static ExitCode run(ParseResult parsed, RemoteContext context, Work work) {
        if (parsed.commandSpec().findOption(NodeUrl.FLAG) == null) {
            throw new ConfigException(parsed.commandSpec().qualifiedName() + " needs one of "
                    + String.join(", ", parsed.commandSpec().subcommands().keySet()));
        }
        AskedNode node = AskedNode.of(parsed.commandSpec(), context.environment());
        Duration timeout = parsed.hasMatchedOption(TIMEOUT)
                ? time(TIMEOUT, parsed.matchedOptionValue(TIMEOUT, ""))
                : TIMEOUT_DEFAULT;
        boolean json = parsed.hasMatchedOption(JSON);
        Call call = new Call(
                parsed,
                new NodeClient(node, timeout, "; allow more with " + TIMEOUT),
                parsed.matchedOptionValue(CHAIN, "main"),
                json,
                context);
        try {
            return work.run(call);
        } catch (CallFailure failure) {
            if (json && !failure.answer().isEmpty()) {
                call.say(failure.answer().stripTrailing());
            }
            call.note(String.valueOf(failure.getMessage()));
            return failure.code();
        }
    }

    /** Refuses flags that contradict each other. */
    public static void oneOf(Call call, String... flags) {
        if (Arrays.stream(flags).filter(call::flag).count() > 1) {
            throw new ConfigException("of " + String.join(" and ", flags) + " only one can be given");
        }
    }
}
