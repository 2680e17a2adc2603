package io.qbc.api.audit;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.Freeze;
import io.qbc.config.NodeConfig;
import io.qbc.model.AuditChain;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticle of the audit trail: it writes what was counted, and tries again what could not be written. */
public final class AuditVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AuditVerticle.class);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(10);
    /** Twice as long is shorter than the time in which a node must stop. */
    private static final Duration STOP_TIMEOUT = Duration.ofMillis(1500);

    private static final long RETRY_MILLIS = 1000;

    private final NodeConfig.Access config;
    private final AuditTrail trail;
    private boolean writing;

    public AuditVerticle(NodeConfig.Access config, AuditTrail trail) {
        this.config = config;
        this.trail = trail;
    }

    @Override
    public Future<?> start() {
        if (!trail.isOn()) {
            return Future.succeededFuture();
        }
        Bus bus = new Bus(vertx, ASK_TIMEOUT);
        trail.open(bus);
        vertx.setPeriodic(RETRY_MILLIS, tick -> alone(trail::retry));
        vertx.setPeriodic(config.auditInterval().toMillis(), tick -> alone(trail::flush));
        return bus.follow(Catalogue.SUBSCRIPTION_DISABLED, trail::disabled)
                .compose(following -> thaw(bus))
                .compose(thawed -> trail.started());
    }

    @Override
    public Future<?> stop() {
        if (!trail.isOn()) {
            return Future.succeededFuture();
        }
        trail.open(new Bus(vertx, STOP_TIMEOUT));
        return trail.retry().compose(done -> trail.stopped()).onSuccess(done -> {
            if (trail.waiting() > 0) {
                LOG.error("{} entries of the audit trail were not written, and end with this node", trail.waiting());
            }
        });
    }

    /** Somebody may have frozen it while it was off; nobody could let it go on, as that is to be recorded. */
    private static Future<Void> thaw(Bus bus) {
        return bus.ask(Catalogue.FIND_CHAINS, new FindChains())
                .compose(found -> found.chains().stream()
                        .filter(chain -> AuditChain.is(chain.spec()) && chain.frozen())
                        .findFirst()
                        .map(Chain::id)
                        .map(id ->
                                bus.ask(Catalogue.FREEZE, new Freeze(id, false)).<Void>mapEmpty())
                        .orElseGet(Future::succeededFuture))
                .recover(cause -> {
                    LOG.warn("the audit trail may be frozen: {}", cause.toString());
                    return Future.succeededFuture();
                });
    }

    /** One after the other; the next tick comes soon enough. */
    private void alone(Supplier<Future<Void>> work) {
        if (!writing) {
            writing = true;
            work.get().onComplete(done -> writing = false);
        }
    }
}
