package io.qbc.api.tls;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticle that follows the files of the API's certificate, which are renewed while the node runs. */
public final class TlsVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(TlsVerticle.class);
    private static final long LOOK_MILLIS = 500;
    private static final long REMIND_MILLIS = Duration.ofDays(1).toMillis();

    private final ServerTls tls;
    private final InstantSource clock;
    private boolean looking;
    private long remindedAt;

    public TlsVerticle(ServerTls tls, InstantSource clock) {
        this.tls = tls;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        if (!tls.isOn()) {
            return Future.succeededFuture();
        }
        return vertx.executeBlocking(
                        () -> {
                            tls.begin(vertx);
                            return true;
                        },
                        false)
                .onSuccess(read -> {
                    remind();
                    vertx.setPeriodic(LOOK_MILLIS, tick -> look());
                });
    }

    private void look() {
        remind();
        if (looking) {
            return;
        }
        looking = true;
        vertx.executeBlocking(() -> tls.newer(vertx), false)
                .compose(newer -> newer.map(material -> tls.take(material).onSuccess(taken -> taken(material)))
                        .orElseGet(Future::succeededFuture))
                .onFailure(this::refused)
                .onComplete(done -> looking = false);
    }

    private void taken(TlsMaterial material) {
        remindedAt = 0;
        LOG.info(
                "new connections have the certificate of {} that ends on {}",
                material.leaf().getSubjectX500Principal().getName(),
                material.leaf().getNotAfter().toInstant());
    }

    private void refused(Throwable cause) {
        String why = String.valueOf(cause.getMessage());
        tls.refuse(why);
        LOG.error("the newer files of TLS cannot be used, and the older ones hold: {}", why);
    }

    private void remind() {
        long now = clock.millis();
        tls.state().filter(state -> state.endsSoon(now)).ifPresent(state -> {
            if (now - remindedAt >= REMIND_MILLIS) {
                remindedAt = now;
                LOG.warn(
                        "the certificate of the API ends on {}; replace the files of http.tls, which needs no restart",
                        Instant.ofEpochMilli(state.endsAt()));
            }
        });
    }
}
