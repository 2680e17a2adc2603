package io.qbc.node;

import io.qbc.access.Role;
import io.qbc.api.access.ApiKeyFile;
import io.qbc.cli.AccessCommand;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The API key that a node makes at its very first start where callers must show one and nobody has one yet, so that the
 * first of them needs no second terminal. It is made and shown before anything else starts, so that nothing complains
 * of having none, and a start that fails afterwards takes no key with it that nobody has seen. Later starts make none,
 * whatever has become of it.
 */
final class FirstCallerKey {
    private static final String NAME = "first";

    private FirstCallerKey() {}

    /** Makes it where it is needed; the line that shows it, once. */
    static Optional<String> make(NodeConfig config) {
        boolean needed = config.access().mode() == AccessMode.REQUIRED
                && Files.notExists(config.data().resolve(ApiKeyFile.NAME));
        return needed ? Optional.of(line(config)) : Optional.empty();
    }

    private static String line(NodeConfig config) {
        AccessCommand.Wanted first =
                new AccessCommand.Wanted(NAME, List.of(Role.ADMIN.word()), Optional.empty(), Optional.empty());
        String key = new CallerKeys(InstantSource.system()).add(config.data(), first);
        return "qbc: callers must show a key; the first one, for everything, shown this once: " + key
                + " (curl -H 'Authorization: Bearer ...'); qbc access says who else may call";
    }
}
