package io.qbc.bench.scenario;

import io.qbc.bench.load.Payloads;
import io.qbc.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param seconds how long each load lasts
 * @param connections of a load of single requests
 * @param size bytes of a request's body
 * @param chainLength transactions of the longest chain
 * @param data where the nodes' directories are made
 * @param postgres a database that is measured too
 * @param keyed whether {@code inject} shows an API key, to a node that demands one
 */
public record Options(
        int seconds,
        int connections,
        int size,
        long chainLength,
        Path data,
        Optional<PostgresAccess> postgres,
        boolean keyed) {
    public Options {
        within("--seconds", seconds, 1, 600);
        within("--connections", connections, 1, 1000);
        within("--size", size, Payloads.BODY_BYTES_MIN, 60_000);
        within("--chain-length", chainLength, 10_000, 100_000_000);
    }

    private static void within(String flag, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ConfigException(flag + " must be " + least + " to " + most + " but is " + value);
        }
    }

    Duration time() {
        return Duration.ofSeconds(seconds);
    }
}
