package io.qbc.node;

import io.qbc.config.ConfigReader.Flag;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A process with a daemon whose one stage is a plain HTTP server; {@code stuck} makes one that does not stop. */
public final class DaemonProbe {
    private DaemonProbe() {}

    /** Arguments: the port, the data directory, and {@code stuck} or {@code clean}. */
    public static void main(String[] arguments) {
        boolean stuck = arguments[2].equals("stuck");
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Daemon daemon = new Daemon(
                err,
                nodeParts -> List.of(new Stage("http", () -> new Server(nodeParts, stuck), new DeploymentOptions())));
        int code = daemon.launch(
                Optional.empty(),
                List.of(
                        new Flag("--port", "port", List.of(arguments[0])),
                        new Flag("--data", "data", List.of(arguments[1]))));
        if (code != 0) {
            System.exit(code);
        }
    }

    private record Server(NodeParts nodeParts, boolean stuck) implements Deployable {
        @Override
        public Future<?> deploy(Context context) {
            HttpServer server = context.owner()
                    .createHttpServer()
                    .requestHandler(request -> request.response().end());
            return server.listen(nodeParts.config().port(), nodeParts.config().host());
        }

        @Override
        public Future<?> undeploy(Context context) {
            return stuck ? Promise.promise().future() : Future.succeededFuture();
        }
    }
}
