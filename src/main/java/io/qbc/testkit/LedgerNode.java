package io.qbc.testkit;

import io.qbc.client.BlockingQbcClient;
import io.qbc.client.QbcClient;
import io.qbc.client.request.ClientOptions;
import io.qbc.node.EmbeddedNode;
import io.qbc.node.Machine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node of a test, which can be made to fail in the ways in which nodes fail. */
public final class LedgerNode {
    private static final long NO_BYTES = 0;

    private final Vertx vertx;
    private final String base;
    private final Map<String, String> settings;
    private final LedgerClock clock;
    private final FaultProxy proxy;
    private final QbcClient client;
    private final AtomicBoolean full = new AtomicBoolean();
    private Optional<EmbeddedNode> running = Optional.empty();

    private LedgerNode(Vertx vertx, String base, Map<String, String> settings, LedgerClock clock, FaultProxy proxy) {
        this.vertx = vertx;
        this.base = base;
        this.settings = new TreeMap<>(settings);
        this.clock = clock;
        this.proxy = proxy;
        this.client = QbcClient.rest(vertx, ClientOptions.of(proxy.url()));
    }

    static Future<LedgerNode> of(Vertx vertx, String base, Map<String, String> settings, LedgerClock clock) {
        return FaultProxy.start(vertx)
                .map(proxy -> new LedgerNode(vertx, base, settings, clock, proxy))
                .compose(node -> node.begin().map(node));
    }

    /** The base address of its REST API, the same however often it is stopped and started. */
    public String url() {
        return proxy.url();
    }

    /** A client of this node by its {@link #url}. */
    public QbcClient client() {
        return client;
    }

    /** The same for tests that block. */
    public BlockingQbcClient blocking() {
        return BlockingQbcClient.of(client, vertx);
    }

    /** With what its addresses on the event bus of {@link LedgerNetwork#vertx} begin. */
    public String eventBus() {
        return base;
    }

    /** Stops the node as an operator does; what it acknowledged is on the disk. Blocks. */
    public void stop() {
        LedgerNetwork.await(end());
    }

    /** Starts the node again with what it has on the disk. Blocks. */
    public void start() {
        LedgerNetwork.await(begin());
    }

    /** Cuts its callers off, in the middle of whatever they do, and takes no others; the node runs on. */
    public void cutOff() {
        proxy.cut(true);
    }

    /** Lets callers through again. */
    public void restore() {
        proxy.cut(false);
    }

    /** Lets all that callers and the node say to each other take so much longer, each way; zero for no longer. */
    public void slow(Duration delay) {
        proxy.delay(delay.toMillis());
    }

    /** Lets its disk be full, or not any more; the node learns it within a second. */
    public void full(boolean isFull) {
        full.set(isFull);
    }

    /** The address at which its peers reach it. */
    String peerUrl() {
        return running.map(EmbeddedNode::url).orElseThrow(() -> new IllegalStateException("the node does not run"));
    }

    private Future<Void> begin() {
        if (running.isPresent()) {
            return Future.succeededFuture();
        }
        Machine machine = new Machine(clock, disk -> () -> full.get() ? NO_BYTES : disk.getAsLong());
        return EmbeddedNode.start(vertx, new EmbeddedNode.Settings(Optional.empty(), settings, base, machine))
                .map(started -> {
                    running = Optional.of(started);
                    // Its peers know it by this port.
                    settings.put(
                            "port", Integer.toString(URI.create(started.url()).getPort()));
                    proxy.to(started.url());
                    return null;
                });
    }

    private Future<Void> end() {
        Future<Void> ended = running.map(EmbeddedNode::close).orElseGet(Future::succeededFuture);
        running = Optional.empty();
        return ended;
    }

    Future<Void> close() {
        return client.close().transform(closed -> end()).transform(ended -> proxy.close());
    }
}
