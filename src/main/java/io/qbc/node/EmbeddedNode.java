package io.qbc.node;

import io.qbc.api.ClusterMembership;
import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Signer;
import io.qbc.persistence.PersistenceVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A node on somebody else's Vertx, in somebody else's process. */
public final class EmbeddedNode {
    private static final String BASES = "qbc.bases";

    private final Vertx vertx;
    private final Node node;
    private final NodeParts parts;
    private final String base;

    private EmbeddedNode(Vertx vertx, Node node, NodeParts parts, String base) {
        this.vertx = vertx;
        this.node = node;
        this.parts = parts;
        this.base = base;
    }

    /**
     * What a node is started with.
     *
     * @param file a file like {@code conf/node.yaml}
     * @param values that go before the file's, by their keys
     * @param base with what the node's public addresses on the event bus begin
     */
    public record Settings(Optional<Path> file, Map<String, String> values, String base, Machine machine) {
        public Settings {
            values = Map.copyOf(values);
        }
    }

    /** Starts a node; a failure leaves nothing of it. */
    public static Future<EmbeddedNode> start(Vertx vertx, Settings settings) {
        LocalMap<String, Boolean> bases = vertx.sharedData().getLocalMap(BASES);
        if (bases.putIfAbsent(settings.base(), true) != null) {
            return Future.failedFuture(new ConfigException(
                    "another node on this Vertx has the addresses " + settings.base() + ".*; give this one others"));
        }
        return vertx.executeBlocking(() -> prepare(vertx, settings), false)
                .compose(parts -> {
                    Node.Home home = new Node.Home(false, settings.base() + "/", settings.base());
                    Node node = Node.beside(vertx, Wiring.of(parts), home);
                    return node.start().map(started -> new EmbeddedNode(vertx, node, parts, settings.base()));
                })
                .onFailure(cause -> bases.remove(settings.base()));
    }

    private static NodeParts prepare(Vertx vertx, Settings settings) {
        PersistenceVerticle.requireLibrary();
        NodeConfig read = ConfigReader.embedded(settings.file(), settings.values());
        if (read.cluster().enabled() && !vertx.isClustered()) {
            throw new ConfigException(
                    "cluster.enabled needs a clustered Vertx, which the caller makes and this one is not");
        }
        NodeConfig config = Addresses.settled(read);
        Signer signer = Identity.open(config.data());
        DataPermissions.settle(config.data());
        PersistenceVerticle.loadLibrary(config);
        ChainSpec chain = DefaultChain.read(config, signer.key());
        return NodeParts.of(config, chain, signer, settings.machine(), ClusterMembership.NONE);
    }

    /** The base address of its REST API, for this machine. */
    public String url() {
        return Addresses.local(parts.config());
    }

    /** With what addresses on the event bus begin that are this node's and no other's. */
    public String base() {
        return parts.config().cluster().enabled() ? base + "@" + key().hex() : base;
    }

    /** Its public key. */
    public Bytes key() {
        return parts.signer().key();
    }

    /** Stops it; what it acknowledged is on the disk. The Vertx is left as it is. */
    public Future<Void> close() {
        return node.close()
                .onComplete(stopped -> vertx.sharedData().getLocalMap(BASES).remove(base));
    }
}
