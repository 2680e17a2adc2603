package io.qbc.api.access;

import io.qbc.access.ApiKey;
import io.qbc.access.KeyChange;
import io.qbc.access.KeyRing;
import io.qbc.api.audit.AuditedKeys;
import io.qbc.api.jwt.JwksAddress;
import io.qbc.api.jwt.JwksFile;
import io.qbc.api.jwt.JwksSource;
import io.qbc.api.jwt.JwtIssuer;
import io.qbc.config.AccessMode;
import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.DamagedFileException;
import io.qbc.config.JwtConfig;
import io.qbc.config.NodeConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verticle that follows what proves callers: the file of the API keys, which the command line changes while the
 * node runs, and the keys of the issuer of tokens.
 */
public final class AccessVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AccessVerticle.class);
    private static final long LOOK_MILLIS = 500;
    private static final long KEEP_MILLIS = 60_000;
    private static final Duration ISSUER_TIMEOUT = Duration.ofSeconds(5);

    private final NodeConfig config;
    private final Access access;
    private final AuditedKeys audited;
    private boolean looking;
    private boolean recording;
    /** The keys of which the audit trail knows. */
    private Optional<KeyRing> recorded = Optional.empty();

    private String complaint = "";
    private String unrecorded = "";

    public AccessVerticle(NodeConfig config, Access access) {
        this.config = config;
        this.access = access;
        this.audited = new AuditedKeys(config.data());
    }

    @Override
    public Future<?> start() {
        if (access.mode() == AccessMode.OPEN) {
            LOG.warn("access.mode is open: whoever reaches {}:{} may do everything", config.host(), config.port());
        }
        if (config.access().jwt().isOn() && access.jwt().isEmpty()) {
            LOG.warn("access.jwt is set, but tokens count in access.mode required alone");
        }
        return blocking(() -> {
                    remember();
                    return access.keys().refresh();
                })
                .compose(read -> access.jwt().map(this::begin).orElseGet(Future::succeededFuture))
                .onSuccess(read -> {
                    if (access.mode() == AccessMode.REQUIRED
                            && access.jwt().isEmpty()
                            && access.keys().ring().keys().isEmpty()) {
                        LOG.warn(
                                "access.mode is required and there is no key yet; make one with: qbc access add"
                                        + " --name NAME --role admin --data {}",
                                config.data());
                    }
                    record();
                    vertx.setPeriodic(LOOK_MILLIS, tick -> look());
                    vertx.setPeriodic(LOOK_MILLIS, tick -> record());
                    vertx.setPeriodic(KEEP_MILLIS, tick -> keep());
                });
    }

    /** Only a figure for people, so that its damage keeps nobody out. */
    private void remember() throws IOException {
        try {
            access.keys().remember();
        } catch (DamagedFileException e) {
            LOG.warn("starting without when keys were used last: {}", e.getMessage());
        }
    }

    @Override
    public Future<?> stop() {
        return keep().otherwiseEmpty();
    }

    /** An issuer that is away for a while keeps nobody else out; a file that cannot be read is a mistake. */
    private Future<Void> begin(JwtIssuer issuer) {
        JwtConfig jwt = config.access().jwt();
        if (jwt.isRemote()) {
            JwksSource address = new JwksAddress(vertx, jwt, ISSUER_TIMEOUT);
            return blocking(() -> requireTrust(jwt))
                    .onSuccess(there -> issuer.begin(vertx, address, System.nanoTime()))
                    .mapEmpty();
        }
        JwksSource file = new JwksFile(vertx, ConfigReader.path("access.jwt.keys", jwt.keys(), "access.jwt.keys"));
        return issuer.begin(vertx, file, System.nanoTime())
                .compose(over -> issuer.state()
                        .lastError()
                        .map(why -> Future.<Void>failedFuture(
                                new ConfigException("access.jwt.keys cannot be used: " + why)))
                        .orElseGet(Future::succeededFuture));
    }

    private static boolean requireTrust(JwtConfig jwt) {
        boolean there = jwt.trust().isEmpty()
                || Files.isReadable(ConfigReader.path("access.jwt.trust", jwt.trust(), "access.jwt.trust"));
        if (!there) {
            throw new ConfigException("access.jwt.trust must be a file that can be read but is '" + jwt.trust() + "'");
        }
        return true;
    }

    private void look() {
        access.jwt().ifPresent(issuer -> issuer.look(System.nanoTime()));
        if (looking) {
            return;
        }
        looking = true;
        blocking(access.keys()::refresh)
                .onComplete(done -> looking = false)
                .onSuccess(changed -> {
                    complaint = "";
                    if (changed) {
                        changed(access.keys().ring());
                    }
                })
                .onFailure(this::complain);
    }

    private void changed(KeyRing ring) {
        access.rates().retain(ring.keys().stream().map(ApiKey::id).toList());
        LOG.info("keys of callers now: {}", ring.keys().size());
    }

    /** Has the audit trail tell what became of keys, whoever changed them; what fails is tried again soon. */
    private void record() {
        KeyRing now = access.keys().ring();
        boolean known = recorded.filter(told -> told == now).isPresent();
        if (!access.audit().isOn() || recording || known) {
            return;
        }
        recording = true;
        blocking(() -> audited.changes(now))
                .compose(changes -> changes.isEmpty() ? Future.succeededFuture() : tell(changes, now))
                .onSuccess(told -> {
                    recorded = Optional.of(now);
                    unrecorded = "";
                })
                .onFailure(this::unrecorded)
                .onComplete(done -> recording = false);
    }

    private Future<Void> tell(List<KeyChange> changes, KeyRing ring) {
        return access.audit()
                .keys(changes)
                .compose(told -> blocking(() -> {
                    audited.know(ring);
                    return true;
                }))
                .mapEmpty();
    }

    private void unrecorded(Throwable cause) {
        String now = cause.toString();
        if (!now.equals(unrecorded)) {
            unrecorded = now;
            LOG.warn("changes of the keys of callers are not in the audit trail yet: {}", now);
        }
    }

    /** What was right before goes on to hold. */
    private void complain(Throwable cause) {
        String now = cause.toString();
        if (!now.equals(complaint)) {
            complaint = now;
            LOG.error("the keys of callers cannot be read, and stay as they were: {}", now);
        }
    }

    private Future<Void> keep() {
        return blocking(() -> {
                    access.keys().keepUsed();
                    return true;
                })
                .<Void>mapEmpty()
                .onFailure(cause -> LOG.warn("when keys were used cannot be kept: {}", cause.toString()));
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }
}
