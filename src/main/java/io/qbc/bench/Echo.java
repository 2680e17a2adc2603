package io.qbc.bench;

import io.qbc.bench.load.EchoVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.transport.Transport;

/** Serves the HTTP echo, one event loop a core, on the transport that a node takes too. */
final class Echo {
    private Echo() {}

    /** Starts it; the process lives on. */
    static void serve(int port) {
        boolean epoll = Transport.EPOLL != null && Transport.EPOLL.available();
        Vertx vertx = Vertx.builder()
                .withTransport(epoll ? Transport.EPOLL : Transport.NIO)
                .build();
        int cores = Runtime.getRuntime().availableProcessors();
        vertx.deployVerticle(() -> new EchoVerticle(port), new DeploymentOptions().setInstances(cores))
                .await();
    }
}
