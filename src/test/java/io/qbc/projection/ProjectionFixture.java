package io.qbc.projection;

import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Ask;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindProjection;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.PutProjection;
import io.qbc.bus.Catalogue.SteerProjection;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** The verticle of projections over a scripted chain, asked and steered over the bus as the API does. */
final class ProjectionFixture implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus;

    ProjectionFixture(Path data, NodeConfig.Projections limits, ChainSource source, DatabaseOpener opener) {
        Bus.install(vertx);
        bus = new Bus(vertx, Patience.CONDITION);
        NodeConfig config = Samples.with(Samples.config(data, 0), limits);
        Patience.get(vertx.deployVerticle(
                new ProjectionVerticle(config, InstantSource.system(), Patience.ANSWER, any -> source, opener)));
    }

    /** The answer, or the failure as the API has it. */
    <Q extends Record, R> R ask(Ask<Q, R> ask, Q question) {
        try {
            return Patience.outcome(bus.ask(ask, question));
        } catch (ExecutionException e) {
            throw new Failure(Failure.of(e.getCause()));
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    void put(String name, String mapping) {
        ask(Catalogue.PUT_PROJECTION, new PutProjection(name, Bytes.utf8(mapping)));
    }

    void steer(String name, ProjectionAction action) {
        ask(Catalogue.STEER_PROJECTION, new SteerProjection(name, action));
    }

    ProjectionState state(String name) {
        return ask(Catalogue.FIND_PROJECTION, new FindProjection(name));
    }

    ProjectionState awaitState(String name, Predicate<ProjectionState> wanted) {
        return await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> state(name), wanted);
    }

    @Override
    public void close() {
        Patience.get(vertx.close());
    }
}
