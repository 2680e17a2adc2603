package io.qbc.subscription.webhook;

import io.qbc.config.PrivateDirectory;
import io.qbc.config.PrivateFile;
import io.qbc.model.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The secrets of webhooks, each receiver's in a private file of its own. Blocks. */
public final class SecretFiles {
    private final Path directory;

    /** @param directory which is made with the first secret */
    public SecretFiles(Path directory) {
        this.directory = directory;
    }

    /** The secrets of a subscription; nothing if it has none. */
    public Optional<WebhookSecrets> read(Hash chain, String subscription) throws IOException {
        Path file = file(chain, subscription);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        PrivateFile.require(file);
        return Optional.of(WebhookSecrets.parse(Files.readString(file))
                .orElseThrow(() -> new IOException(file + " does not hold secrets of webhooks")));
    }

    /** Keeps the secrets of a subscription in place of those before; a crash leaves the ones or the others. */
    public void write(Hash chain, String subscription, WebhookSecrets secrets) throws IOException {
        PrivateDirectory.make(directory);
        PrivateFile.write(file(chain, subscription), secrets.text());
    }

    /** Forgets the secrets of a subscription. */
    public void delete(Hash chain, String subscription) throws IOException {
        Files.deleteIfExists(file(chain, subscription));
    }

    private Path file(Hash chain, String subscription) {
        return directory.resolve(chain.hex() + "." + subscription);
    }
}
