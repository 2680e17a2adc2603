package io.qbc.config;

import io.qbc.model.Bytes;
import io.qbc.model.NetworkMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The secret that the nodes of a network share, in a file that nobody but its owner may use. */
public final class NetworkSecret {
    /** Whoever makes a handshake with a node may try secrets against what it answers; of so many nobody tries all. */
    private static final int BYTES_MIN = 32;

    private static final int BYTES_MAX = 4096;

    private NetworkSecret() {}

    /** Reads the secret; empty where the network has none. Blocks. */
    public static Bytes read(NodeConfig.Network network) {
        if (network.mode() != NetworkMode.SECRET) {
            return Bytes.EMPTY;
        }
        Path file = ConfigReader.path("network.secretFile", network.secretFile(), "the configuration");
        try {
            PrivateFile.require(file);
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
            Bytes secret = Bytes.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            if (secret.size() < BYTES_MIN || secret.size() > BYTES_MAX) {
                throw new ConfigException("network.secretFile: " + file + " must hold " + BYTES_MIN + " to " + BYTES_MAX
                        + " characters that nobody can guess; openssl rand -hex 32 makes them");
            }
            return secret;
        } catch (IOException e) {
            throw new ConfigException("network.secretFile: " + file + " cannot be read (" + e + ")");
        }
    }
}
