package io.qbc;

import io.qbc.client.QbcClient;
import io.qbc.client.request.ClientOptions;
import io.qbc.node.EmbeddedNode;
import io.qbc.node.Machine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node inside another program, on its Vertx. Its data directory is the same that the jar makes.
 *
 * <pre>{@code
 * Qbc.on(vertx).config("data", "ledger").config("port", 0).start()
 *         .compose(node -> node.client().inject("main", TransactionRequest.of(new JsonObject().put("n", 1))))
 *         .onSuccess(result -> log.info("durable: {}", result.id()));
 * }</pre>
 */
public final class Qbc {
    private final EmbeddedNode node;
    private final QbcClient client;

    private Qbc(EmbeddedNode node, QbcClient client) {
        this.node = node;
        this.client = client;
    }

    /** What a node on this Vertx is to be; nothing runs before {@link Setup#start}. */
    public static Setup on(Vertx vertx) {
        return new Setup(vertx);
    }

    /** A client of this node in this process, closed with it. */
    public QbcClient client() {
        return client;
    }

    /** The base address of the node's REST API, for this machine. */
    public String url() {
        return node.url();
    }

    /** The node's public key in hexadecimal digits. */
    public String key() {
        return node.key().hex();
    }

    /** Stops the node; what it acknowledged is on the disk. The Vertx is left as it is. */
    public Future<Void> close() {
        return client.close().transform(closed -> node.close());
    }

    /** The settings of a node that is to be started. */
    public static final class Setup {
        private static final String BASE = "qbc.v1";

        private final Vertx vertx;
        private final Map<String, String> values = new TreeMap<>();
        private Optional<Path> file = Optional.empty();
        private Optional<String> credential = Optional.empty();
        private String base = BASE;
        private InstantSource clock = InstantSource.system();

        private Setup(Vertx vertx) {
            this.vertx = vertx;
        }

        /** A setting by its key in {@code conf/node.yaml}, such as {@code http.instances}; lists with commas. */
        public Setup config(String key, Object value) {
            values.put(key, value.toString());
            return this;
        }

        /** Settings by their keys. */
        public Setup config(Map<String, ?> settings) {
            settings.forEach(this::config);
            return this;
        }

        /** A file like {@code conf/node.yaml}; single settings go before what it says. */
        public Setup configFile(Path yaml) {
            file = Optional.of(yaml);
            return this;
        }

        /**
         * With what the node's addresses on the event bus begin, {@code qbc.v1} if this is not called. Of several nodes
         * on one Vertx each needs its own.
         */
        public Setup eventBus(String addresses) {
            base = addresses;
            return this;
        }

        /** The API key that {@link Qbc#client} shows, where {@code access.mode} is {@code required}. */
        public Setup credential(String key) {
            credential = Optional.of(key);
            return this;
        }

        /** What the node takes for the time. */
        public Setup clock(InstantSource source) {
            clock = source;
            return this;
        }

        /** Starts the node; complete when it serves. A failure says what to change, and leaves nothing running. */
        public Future<Qbc> start() {
            ClientOptions options = credential
                    .map(key -> ClientOptions.eventBus().withCredential(key))
                    .orElseGet(ClientOptions::eventBus);
            return EmbeddedNode.start(vertx, new EmbeddedNode.Settings(file, values, base, Machine.at(clock)))
                    .map(node -> new Qbc(node, QbcClient.eventBus(vertx, options, node.base())));
        }
    }
}
