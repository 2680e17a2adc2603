package io.qbc.cli;

import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A node that a command asks: its base address, and the API key to show it.
 *
 * @param flag the flag that names it, for messages
 */
public record AskedNode(String flag, String url, Optional<String> credential) {
    /** The node of a command that has {@link NodeUrl#option} and {@link Credential#option}. */
    public static AskedNode of(CommandSpec spec, Map<String, String> environment) {
        String url = spec.findOption(NodeUrl.FLAG).getValue();
        return new AskedNode(NodeUrl.FLAG, NodeUrl.read(url), Credential.read(spec, environment));
    }
}
