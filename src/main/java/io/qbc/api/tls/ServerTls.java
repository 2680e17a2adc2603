package io.qbc.api.tls;

import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** TLS of a running node's API, shared by all instances of REST: what its files hold, and whether newer ones do. */
public final class ServerTls {
    private final NodeConfig.Tls config;
    private final Duration handshakeTimeout;
    private final InstantSource clock;
    private final List<Function<ServerSSLOptions, Future<Boolean>>> servers = new CopyOnWriteArrayList<>();
    private volatile Optional<TlsMaterial> material = Optional.empty();
    private volatile Optional<TlsState> state = Optional.empty();
    /** The files that were read last, and those of the last look. */
    private List<Stamp> read = List.of();

    private List<Stamp> seen = List.of();

    public ServerTls(NodeConfig config, InstantSource clock) {
        this.config = config.http().tls();
        this.handshakeTimeout = config.http().headerTimeout();
        this.clock = clock;
    }

    /** What tells one version of a file from the next. */
    private record Stamp(String file, String key, long modifiedNanos, long size) {}

    public boolean isOn() {
        return config.isOn();
    }

    /** How it is; nothing without TLS. */
    public Optional<TlsState> state() {
        return state;
    }

    /** What a server is to speak with that begins now; nothing without TLS. */
    public Optional<ServerSSLOptions> options() {
        return material.map(now -> now.options(config.clientAuth(), handshakeTimeout));
    }

    /** Tells a server of newer files from now on. */
    public Future<?> follow(Function<ServerSSLOptions, Future<Boolean>> server) {
        servers.add(server);
        // They may have changed between the server's beginning and now.
        boolean changed = state.filter(now -> now.taken() > 0).isPresent();
        return changed ? options().map(server).orElseThrow() : Future.succeededFuture();
    }

    /** Reads the files for the first time. Blocks. */
    synchronized void begin(Vertx vertx) {
        read = stamps();
        seen = read;
        use(TlsMaterial.read(vertx, config, clock.millis()), 0, 0);
    }

    /**
     * What newer files hold. They are read when they have not changed since the look before, as certificate and key are
     * not replaced at once. Blocks.
     *
     * @throws ConfigException if something is wrong with them, once for each version
     */
    synchronized Optional<TlsMaterial> newer(Vertx vertx) {
        List<Stamp> now = stamps();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(read)) {
            return Optional.empty();
        }
        read = now;
        return Optional.of(TlsMaterial.read(vertx, config, clock.millis()));
    }

    /** Has all servers speak with it; connections that are there go on as they are. */
    Future<Void> take(TlsMaterial newer) {
        ServerSSLOptions options = newer.options(config.clientAuth(), handshakeTimeout);
        List<Future<Boolean>> updates = new ArrayList<>();
        servers.forEach(server -> updates.add(server.apply(options.copy())));
        return Future.all(updates)
                .onSuccess(done -> state.ifPresent(before -> use(newer, before.taken() + 1, before.refused())))
                .mapEmpty();
    }

    void refuse(String why) {
        state = state.map(before -> before.refused(why));
    }

    private void use(TlsMaterial now, long taken, long refused) {
        material = Optional.of(now);
        state = Optional.of(new TlsState(
                now.leaf().getSubjectX500Principal().getName(),
                now.leaf().getNotBefore().toInstant().toEpochMilli(),
                now.leaf().getNotAfter().toInstant().toEpochMilli(),
                config.clientAuth(),
                Optional.empty(),
                taken,
                refused));
    }

    private List<Stamp> stamps() {
        return Stream.of(config.certificate(), config.key(), config.clientCa())
                .filter(file -> !file.isEmpty())
                .map(ServerTls::stamp)
                .toList();
    }

    /** A file that is not there has a stamp too, so that this is told once. */
    private static Stamp stamp(String file) {
        try {
            BasicFileAttributes now = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
            return new Stamp(
                    file, String.valueOf(now.fileKey()), now.lastModifiedTime().to(TimeUnit.NANOSECONDS), now.size());
        } catch (IOException e) {
            return new Stamp(file, "", 0, 0);
        }
    }
}
