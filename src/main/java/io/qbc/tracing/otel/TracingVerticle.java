package io.qbc.tracing.otel;

import io.qbc.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** The verticle that sends what is recorded when the node stops, after all other stages. */
public final class TracingVerticle extends VerticleBase {
    private final Tracing tracing;

    public TracingVerticle(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public Future<?> stop() {
        return vertx.executeBlocking(() -> {
            tracing.close();
            return true;
        });
    }
}
