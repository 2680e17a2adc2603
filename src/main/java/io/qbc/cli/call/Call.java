package io.qbc.cli.call;

import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.config.ConfigException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * One run of a command that asks a node.
 *
 * @param chain the chain's name or id, as {@code --chain} has it
 * @param json whether the node's answer is printed as it came
 */
public record Call(ParseResult parsed, NodeClient client, String chain, boolean json, RemoteContext context) {
    /** A request about the chain. */
    public ApiRequest about(ApiVerb verb) {
        return ApiRequest.of(verb, chain);
    }

    /** The answer to it. */
    public Reply ask(ApiVerb verb) {
        return client.ask(about(verb));
    }

    /** A path below the chain's, for what the client has no verb for. */
    public String path(String below) {
        return "/v1/chains/" + NodeClient.segment(chain) + below;
    }

    /** What an option was given; nothing without it. */
    public Optional<String> option(String name) {
        return Optional.ofNullable(parsed.matchedOptionValue(name, (String) null));
    }

    /** Whether a flag was given. */
    public boolean flag(String name) {
        return parsed.hasMatchedOption(name);
    }

    /** An argument that may be left out. */
    public Optional<String> argument(int index) {
        return Optional.ofNullable(parsed.matchedPositionalValue(index, (String) null));
    }

    /** An argument without which there is nothing to do. */
    public String required(int index, String what) {
        return argument(index)
                .orElseThrow(() -> new ConfigException(parsed.commandSpec().qualifiedName() + " needs " + what));
    }

    /** A whole number of an option. */
    public Optional<Long> number(String name) {
        return option(name).map(text -> {
            if (!text.matches("[0-9]{1,15}")) {
                throw new ConfigException(name + " must be a whole number, not below 0, but is '" + text + "'");
            }
            return Long.parseLong(text);
        });
    }

    /** A time of an option, in milliseconds since 1970: written whole, or as how long ago. */
    public Optional<Long> time(String flag) {
        return option(flag).map(text -> {
            try {
                return Instant.parse(text).toEpochMilli();
            } catch (DateTimeException e) {
                return ago(flag, text);
            }
        });
    }

    private long ago(String flag, String text) {
        try {
            return context.clock().millis() - RemoteCommand.time(flag, text).toMillis();
        } catch (ConfigException e) {
            throw new ConfigException(flag
                    + " must be like 2026-11-28T08:00:00Z, or like 30m or 24h for so long ago, but is '" + text + "'");
        }
    }

    /** Prints a line of the command's result. */
    public void say(String line) {
        context.out().println(line);
        context.out().flush();
    }

    /** Prints lines of the command's result. */
    public void say(List<String> lines) {
        lines.forEach(context.out()::println);
        context.out().flush();
    }

    /** A line that is not the command's result. */
    public void note(String line) {
        context.err().println("qbc: " + line);
        context.err().flush();
    }

    /** Prints the answer as it came if that is wished, and says whether it is so. */
    public boolean shown(Reply reply) {
        if (json) {
            say(reply.body().stripTrailing());
        }
        return json;
    }
}
