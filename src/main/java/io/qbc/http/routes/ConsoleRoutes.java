package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.PageFile;
import io.qbc.http.server.RouteTable;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The routes of the pages for people: the console, and the API document to read and try. */
public final class ConsoleRoutes {
    private static final String CONSOLE = "/console/";
    private static final String DOCS = "/docs/";
    private static final int FOUND = 302;

    private final Vertx vertx;
    private final NodeConfig.Console config;

    public ConsoleRoutes(Vertx vertx, NodeConfig.Console config) {
        this.vertx = vertx;
        this.config = config;
    }

    public void addTo(RouteTable routes) {
        for (String folder : new String[] {CONSOLE, DOCS}) {
            routes.page(folder.substring(0, folder.length() - 1), served(exchange -> lead(exchange, folder)));
            routes.page(folder, served(exchange -> send(exchange, folder.substring(1))));
        }
        if (config.enabled()) {
            routes.page("/", exchange -> lead(exchange, CONSOLE));
        }
    }

    private Consumer<Exchange> served(Consumer<Exchange> handler) {
        return config.enabled()
                ? handler
                : exchange -> exchange.problem(
                        Reason.ROUTE_UNKNOWN, "this node shows no pages; console.enabled turns them on");
    }

    private static void lead(Exchange exchange, String folder) {
        exchange.answer(new Answer(FOUND, Answer.HTML, Bytes.EMPTY, Map.of("Location", folder, "Vary", "Accept")));
    }

    private void send(Exchange exchange, String folder) {
        String name = exchange.value("file");
        Optional<PageFile> known = PageFiles.known(folder, name);
        if (known.isPresent()) {
            exchange.file(known.get());
            return;
        }
        vertx.executeBlocking(() -> PageFiles.find(folder, name), false)
                .onSuccess(found -> found.ifPresentOrElse(
                        exchange::file,
                        () -> exchange.problem(Reason.ROUTE_UNKNOWN, "there is no such file in " + folder)))
                .onFailure(exchange::fail);
    }
}
