package io.qbc.cli.call;

import io.qbc.model.Signer;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A context of the commands that ask a node: what surrounds the process.
 *
 * @param keys reads a file with a secret key; nothing if there is none
 */
public record RemoteContext(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Function<Path, Optional<Signer>> keys,
        InstantSource clock) {}
