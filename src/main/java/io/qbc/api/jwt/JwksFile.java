package io.qbc.api.jwt;

import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** A file with an issuer's public keys, which is read often enough that a change holds within two seconds. */
public final class JwksFile implements JwksSource {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Path file;

    public JwksFile(Vertx vertx, Path file) {
        this.vertx = vertx;
        this.file = file;
    }

    @Override
    public Future<Bytes> read() {
        return vertx.executeBlocking(this::load, false);
    }

    @Override
    public Duration pause() {
        return PERIOD;
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    private Bytes load() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(JwkSet.BYTES_MAX + 1);
            if (bytes.length > JwkSet.BYTES_MAX) {
                throw new IOException(file + " is longer than " + JwkSet.BYTES_MAX + " bytes");
            }
            return Bytes.wrap(bytes);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        }
    }
}
