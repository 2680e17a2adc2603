package io.qbc.cli.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.transport.Transport;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the HTTP echo that everything is compared with, until it is killed. */
@Command(name = "echo", hidden = true, description = "The bare HTTP server that the bench compares with.")
final class EchoCommand implements Callable<Integer> {
    @Option(names = "--port", required = true)
    private int port;

    @Override
    public Integer call() throws Exception {
        Vertx vertx = Vertx.builder()
                .withTransport(Transport.EPOLL != null && Transport.EPOLL.available() ? Transport.EPOLL : Transport.NIO)
                .build();
        int cores = Runtime.getRuntime().availableProcessors();
        vertx.deployVerticle(() -> new EchoVerticle(port), new DeploymentOptions().setInstances(cores))
                .await();
        new CountDownLatch(1).await();
        return 0;
    }
}
