package io.qbc.cli;

import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A node that a command asks: its base address, the API key to show it, and who vouches for it.
 *
 * @param flag the flag that names it, for messages
 */
public record AskedNode(String flag, String url, Optional<String> credential, Trust trust) {
    /** One for which those vouch whom the JVM trusts. */
    public AskedNode(String flag, String url, Optional<String> credential) {
        this(flag, url, credential, Trust.SYSTEM);
    }

    /** The node of a command that has {@link NodeUrl#option}, {@link Credential#option} and {@link Trust#option}. */
    public static AskedNode of(CommandSpec spec, Map<String, String> environment) {
        String url = NodeUrl.read(NodeUrl.given(spec));
        return new AskedNode(NodeUrl.FLAG, url, Credential.read(spec, environment), Trust.read(spec, environment));
    }
}
