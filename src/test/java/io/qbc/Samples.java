package io.qbc;

import io.qbc.config.BridgeConfig;
import io.qbc.config.ClusterConfig;
import io.qbc.config.NodeConfig;
import io.qbc.config.TracingConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Scope;
import io.qbc.ledger.Tip;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Ready-made facts for tests, the same at every run. */
public final class Samples {
    public static final long GENESIS_TIME = 1_795_305_600_000L;
    public static final Signer SIGNER = Ed25519.signer(seed("signer"));
    public static final Signer OTHER = Ed25519.signer(seed("other"));

    private Samples() {}

    /** A chain under proof of work that costs about 16 hashes a quant. */
    public static ChainSpec pow(String name) {
        return spec(name, new ChainSpec.Consensus("pow", new TreeMap<>(Map.of("difficulty", 16L)), List.of()));
    }

    /** A chain that {@link #SIGNER} alone may extend. */
    public static ChainSpec dbc(String name) {
        return spec(name, new ChainSpec.Consensus("dbc", new TreeMap<>(), List.of(SIGNER.key())));
    }

    /** A chain under some engine with these participants. */
    public static ChainSpec engine(String name, String engine, Map<String, Long> numbers, Bytes... participants) {
        return spec(name, new ChainSpec.Consensus(engine, new TreeMap<>(numbers), List.of(participants)));
    }

    /** A fork of a chain at a quant, under the parent's engine. */
    public static ChainSpec fork(String name, ChainSpec parent, Header at, long genesisTime) {
        ChainSpec.ForkPoint point =
                new ChainSpec.ForkPoint(parent.id(), at.height(), at.hash(), at.treeSize(), at.root());
        Bytes document = Bytes.utf8("{\"fork\":\"" + at.hash() + "\",\"name\":\"" + name + "\"}");
        return new ChainSpec(
                name,
                "",
                genesisTime,
                parent.consensus(),
                parent.limits(),
                ChainSpec.LeapHints.NONE,
                Optional.of(point),
                Bytes.EMPTY,
                0,
                document);
    }

    private static ChainSpec spec(String name, ChainSpec.Consensus consensus) {
        Bytes document = Bytes.utf8("{\"engine\":\"" + consensus.engine() + "\",\"name\":\"" + name + "\"}");
        ChainSpec.Limits limits = new ChainSpec.Limits(1 << 20, 64 << 20, 100_000);
        return new ChainSpec(name, "", GENESIS_TIME, consensus, limits, document);
    }

    /** The n-th sample transaction of a chain, with a key as nodes make them. */
    public static Transaction transaction(ChainSpec spec, int n) {
        return transaction(spec, n, "{\"n\":" + n + "}");
    }

    /** The n-th sample transaction of a chain, with this JSON as its payload. */
    public static Transaction transaction(ChainSpec spec, int n, String json) {
        byte[] key = seed("key" + n);
        key[0] = Scope.NODE_MADE;
        return transaction(spec, n, Bytes.wrap(key).slice(0, 16), json);
    }

    /** The n-th sample transaction of a chain, with a client's key. */
    public static Transaction keyed(ChainSpec spec, int n, String key, String json) {
        return transaction(spec, n, Bytes.utf8(key), json);
    }

    /** The n-th sample transaction of a chain, with any key. */
    public static Transaction transaction(ChainSpec spec, int n, Bytes key, String json) {
        Bytes payload = Bytes.utf8(json);
        Bytes salt = Bytes.wrap(seed("salt" + n)).slice(0, Transaction.SALT_BYTES);
        Body body = new Body(
                Canonical.VERSION,
                spec.id(),
                GENESIS_TIME + n,
                key,
                Bytes.EMPTY,
                Bytes.EMPTY,
                0,
                Canonical.commitment(salt, payload),
                payload.size());
        return Transaction.of(body, salt, Bytes.EMPTY, payload);
    }

    /** A valid quant on a tip, made by {@link #SIGNER}. */
    public static Quant quant(ChainSpec spec, Tip parent, List<Transaction> transactions, long now) {
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        CompactQuant ids = new CompactQuant(
                spec.genesis(),
                List.of(),
                transactions.stream().map(Transaction::id).toList());
        Draft draft = Draft.on(parent, spec.id(), ids.ids(), engine, SIGNER, SigningRecord.NONE, now);
        Sealed sealed =
                engine.seal(draft.header(), SIGNER, 0).step(Integer.MAX_VALUE).orElseThrow();
        return new Quant(sealed.header(), sealed.seals(), transactions);
    }

    /** What ships, with this data directory and port, peers on loopback only, and as patient as the tests. */
    public static NodeConfig config(Path data, int port) {
        NodeConfig shipped = shipped(data, port);
        NodeConfig.Gossip gossip = shipped.gossip();
        return with(
                shipped,
                with(
                        shipped.http(),
                        Map.of(
                                "headerTimeout", Patience.ANSWER,
                                "bodyTimeout", Patience.ANSWER,
                                "idleTimeout", Patience.ANSWER,
                                "waitMax", Patience.ANSWER)),
                new NodeConfig.Budgets(0, 0, Patience.ANSWER, 1, 100, List.of()),
                new NodeConfig.Gossip(
                        gossip.networks(),
                        gossip.peersMax(),
                        Patience.stretch(gossip.callTimeout()),
                        gossip.backoffMin(),
                        gossip.backoffMax(),
                        gossip.heartbeat(),
                        gossip.batchIds(),
                        gossip.batchBytes(),
                        gossip.limits()));
    }

    /** What ships, but for the networks of peers. */
    public static NodeConfig shipped(Path data, int port) {
        return new NodeConfig(
                "127.0.0.1",
                port,
                data,
                "",
                "",
                List.of(),
                Duration.ofMillis(4500),
                new NodeConfig.Http(
                        0,
                        Patience.stretch(Duration.ofSeconds(5)),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(60),
                        8192,
                        4096,
                        4096,
                        256,
                        Duration.ofSeconds(60),
                        512,
                        1024,
                        List.of(),
                        List.of(),
                        List.of(),
                        "",
                        false,
                        NodeConfig.Tls.NONE),
                new NodeConfig.Limits(1 << 20, 64 << 20, 32, 100, 512),
                new NodeConfig.Budgets(0, 0, Duration.ofSeconds(15), 1024, 25, List.of()),
                new NodeConfig.Pool(200_000, 256L << 20),
                new NodeConfig.Leap(10_000, 4 << 20, Duration.ofSeconds(10), 64),
                new NodeConfig.Ledger(Duration.ofSeconds(15), 1000, 64, 16 << 20),
                new NodeConfig.Store(4 << 20, 64L << 20, 10_000, 2, 0, 64L << 20, 2048, 64L << 20),
                new NodeConfig.Gossip(
                        List.of("127.0.0.0/8"),
                        64,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        1000,
                        8 << 20,
                        new NodeConfig.PeerLimits(16 << 20, 0, Duration.ofMinutes(2), 16 << 10)),
                NodeConfig.Network.OPEN,
                NodeConfig.Chains.ALL,
                NodeConfig.Consensus.ALL,
                NodeConfig.Backup.USUAL,
                NodeConfig.Scrub.WEEKLY,
                NodeConfig.Access.LOOPBACK,
                NodeConfig.Console.ON,
                NodeConfig.Analytics.OFF,
                ClusterConfig.OFF,
                NodeConfig.Subscriptions.DEFAULT,
                NodeConfig.Projections.USUAL,
                BridgeConfig.OFF,
                TracingConfig.OFF);
    }

    /** The same with these sections, {@code NodeConfig.Pool} and the like, in place of its own. */
    public static NodeConfig with(NodeConfig base, Record... sections) {
        return copy(NodeConfig.class, base, (component, own) -> {
            Object value = own;
            for (Record section : sections) {
                value = component.getType().isInstance(section) ? section : value;
            }
            return value;
        });
    }

    /** The same with these values in place of its own, by the names of its keys. */
    public static NodeConfig.Http with(NodeConfig.Http base, Map<String, ?> values) {
        Map<String, Object> unused = new TreeMap<>(values);
        NodeConfig.Http made = copy(NodeConfig.Http.class, base, (component, own) -> {
            Object value = unused.remove(component.getName());
            return value == null ? own : value;
        });
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException("http has no keys " + unused.keySet());
        }
        return made;
    }

    private static <R extends Record> R copy(Class<R> type, R base, BiFunction<RecordComponent, Object, Object> value) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] =
                        value.apply(components[i], components[i].getAccessor().invoke(base));
            }
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a configuration cannot be made", e);
        }
    }

    /** 32 bytes that follow from the label. */
    public static byte[] seed(String label) {
        return Sha256.of(Bytes.utf8(label).toArray()).bytes();
    }
}
