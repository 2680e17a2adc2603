package io.qbc.projection;

import io.qbc.bus.Bus;
import io.qbc.config.NodeConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;

/** Keeps chains as tables: answers what is asked of projections; what blocks is done by threads of their own. */
public final class ProjectionVerticle extends VerticleBase {
    private final NodeConfig config;
    private final InstantSource clock;
    private final Duration askTimeout;

    public ProjectionVerticle(NodeConfig config, InstantSource clock, Duration askTimeout) {
        this.config = config;
        this.clock = clock;
        this.askTimeout = askTimeout;
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, askTimeout);
        return Future.succeededFuture(bus).map(ready -> config.projections().max() + clock.millis());
    }
}
