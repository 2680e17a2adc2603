package io.qbc.testkit;

import io.qbc.client.QbcClient;
import io.qbc.client.answer.ChainInfo;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A network of nodes in this process, in a directory that is deleted with it.
 *
 * <pre>{@code
 * try (LedgerNetwork network = LedgerNetwork.of(vertx, 3).chain("orders", "dbc").start()) {
 *     network.node(0).cutOff();
 * }
 * }</pre>
 */
public final class LedgerNetwork implements AutoCloseable {
    private static final AtomicLong COUNT = new AtomicLong();
    private static final long TIMEOUT_SECONDS = 120;
    private static final long LOOK_MILLIS = 20;

    private final Vertx vertx;
    private final Path directory;
    private final LedgerClock clock = new LedgerClock();
    private final List<LedgerNode> nodes = new ArrayList<>();

    private LedgerNetwork(Vertx vertx, Path directory) {
        this.vertx = vertx;
        this.directory = directory;
    }

    /** What a network of so many nodes is to be. */
    public static Setup of(Vertx vertx, int nodes) {
        return new Setup(vertx, nodes);
    }

    /** The settings of a network that is to be started. */
    public static final class Setup {
        private final Vertx vertx;
        private final int count;
        private final Map<String, String> settings = new TreeMap<>();
        private final List<String> specs = new ArrayList<>();

        private Setup(Vertx vertx, int count) {
            if (count < 1) {
                throw new IllegalArgumentException("a network has at least one node");
            }
            this.vertx = vertx;
            this.count = count;
            settings.put("port", "0");
            settings.put("http.instances", "1");
            settings.put("gossip.networks", "127.0.0.0/8");
            settings.put("gossip.backoffMin", "50ms");
            settings.put("gossip.heartbeat", "500ms");
            settings.put("store.reserveBytes", "1MiB");
        }

        /** A setting of each node by its key in {@code conf/node.yaml}. */
        public Setup config(String key, Object value) {
            settings.put(key, value.toString());
            return this;
        }

        /** A chain by its name and its engine. */
        public Setup chain(String name, String engine) {
            return chain(new JsonObject()
                    .put("name", name)
                    .put("consensus", new JsonObject().put("engine", engine))
                    .encode());
        }

        /** A chain by its spec in JSON. */
        public Setup chain(String spec) {
            specs.add(spec);
            return this;
        }

        /** Starts the nodes one after the other, and makes the chains; returns when all nodes have them. Blocks. */
        public LedgerNetwork start() {
            LedgerNetwork network = new LedgerNetwork(vertx, temporary());
            try {
                for (int i = 0; i < count; i++) {
                    network.add(settings);
                }
                specs.forEach(network::bang);
                return network;
            } catch (RuntimeException e) {
                network.close();
                throw e;
            }
        }
    }

    /** The first node. */
    public LedgerNode node() {
        return node(0);
    }

    /** One of the nodes, from 0 on. */
    public LedgerNode node(int index) {
        return nodes.get(index);
    }

    /** All nodes. */
    public List<LedgerNode> nodes() {
        return List.copyOf(nodes);
    }

    /** The clock of all of them. */
    public LedgerClock clock() {
        return clock;
    }

    /** The Vertx on which they run, and over whose event bus they can be called. */
    public Vertx vertx() {
        return vertx;
    }

    /** Waits until all nodes that can be called have the same head of a chain. Blocks. */
    public void awaitSameHead(String chain) {
        await(until(() -> Future.all(
                        nodes.stream().map(node -> node.client().head(chain)).toList())
                .map(heads -> heads.list().stream().distinct().count() == 1)));
    }

    private void add(Map<String, String> settings) {
        int index = nodes.size();
        Map<String, String> own = new TreeMap<>(settings);
        own.put("data", directory.resolve("node" + index).toString());
        if (index > 0) {
            own.put("peers", nodes.get(0).peerUrl());
        }
        String base = "ledger" + COUNT.incrementAndGet() + ".v1";
        nodes.add(await(LedgerNode.of(vertx, base, own, clock)));
    }

    private void bang(String spec) {
        ChainInfo chain = await(node().client().bang(spec));
        for (LedgerNode node : nodes.subList(1, nodes.size())) {
            await(until(() -> has(node.client(), chain)));
        }
    }

    private static Future<Boolean> has(QbcClient client, ChainInfo chain) {
        return client.findChain(chain.id().hex()).map(found -> found.isPresent());
    }

    /** Asks again and again until it is so. */
    private Future<Void> until(Supplier<Future<Boolean>> question) {
        Promise<Void> done = Promise.promise();
        ask(question, done);
        return done.future();
    }

    private void ask(Supplier<Future<Boolean>> question, Promise<Void> done) {
        question.get().onFailure(done::tryFail).onSuccess(so -> {
            if (so) {
                done.tryComplete();
            } else {
                vertx.setTimer(LOOK_MILLIS, timer -> ask(question, done));
            }
        });
    }

    /** Stops the nodes and deletes what they had. Blocks. */
    @Override
    public void close() {
        await(Future.join(nodes.stream().map(LedgerNode::close).toList()));
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("qbc-ledger");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while nodes work", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the nodes of the test: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the nodes of the test took too long", e);
        }
    }
}
