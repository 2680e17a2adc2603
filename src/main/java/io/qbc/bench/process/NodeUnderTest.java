package io.qbc.bench.process;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.load.Http;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node in its own process, on a free port and in a directory of its own. */
public final class NodeUnderTest implements AutoCloseable {
    private static final long START_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long KEY_SECONDS = 60;
    private static final Pattern KEY = Pattern.compile("qbc_[0-9a-f]{12}_[0-9a-f]{64}");
    private static final byte[] LIVE = Http.ascii(Http.get("/health/live"));

    private final Child child;
    private final int port;
    private final NodeApi api;
    private final Optional<String> key;
    private final long startedAt;
    private final long answeredAt = System.nanoTime();

    private NodeUnderTest(Child child, int port, Optional<String> key, long startedAt) {
        this.child = child;
        this.port = port;
        this.key = key;
        this.api = new NodeApi(port, key);
        this.startedAt = startedAt;
    }

    /**
     * How a node is started.
     *
     * @param directory where its data, log and chain spec are
     * @param chain the default chain's spec file
     * @param jvm options of its JVM
     * @param settings configuration by environment
     * @param flags further arguments
     * @param key an API key of an admin, if the node demands one
     */
    public record Setup(
            Path directory,
            Path chain,
            List<String> jvm,
            Map<String, String> settings,
            List<String> flags,
            Optional<String> key) {
        public Setup {
            jvm = List.copyOf(jvm);
            settings = Map.copyOf(settings);
            flags = List.copyOf(flags);
        }

        public Setup jvm(String... options) {
            return new Setup(directory, chain, List.of(options), settings, flags, key);
        }

        public Setup set(String variable, Object value) {
            Map<String, String> more = new TreeMap<>(settings);
            more.put(variable, value.toString());
            return new Setup(directory, chain, jvm, more, flags, key);
        }

        /** Seals nothing by itself. */
        public Setup leapOnRequest() {
            return set("QBC_LEAP_TRANSACTIONS", 0).set("QBC_LEAP_BYTES", 0).set("QBC_LEAP_AGE", "0s");
        }

        /** Lets so many transactions wait. */
        public Setup pool(long transactions) {
            return set("QBC_POOL_TRANSACTIONS", transactions).set("QBC_POOL_BYTES", 8L << 30);
        }

        public Setup flags(String... more) {
            return new Setup(directory, chain, jvm, settings, List.of(more), key);
        }

        /** Demands an API key, and has one. */
        public Setup required() throws IOException, InterruptedException {
            Setup demanding = set("QBC_ACCESS_MODE", "required");
            String admin = demanding.key("bench", "admin");
            return new Setup(directory, chain, jvm, demanding.settings(), flags, Optional.of(admin));
        }

        /** A new API key for the node. */
        public String key(String name, String role) throws IOException, InterruptedException {
            List<String> arguments =
                    List.of("access", "add", "--name", name, "--role", role, "--data", data().toString());
            try (Child child = Child.start("access-" + name, directory, List.of(), Map.of(), arguments)) {
                String output = child.output(KEY_SECONDS);
                Matcher key = KEY.matcher(output);
                if (!key.find()) {
                    throw new BenchException("qbc access add made no key: " + output);
                }
                return key.group();
            }
        }

        private Path data() {
            return directory.resolve("data");
        }
    }

    /** Starts one and waits until it is ready. */
    public static NodeUnderTest start(Setup setup) throws IOException, InterruptedException {
        int port = Child.freePort();
        Map<String, String> settings = new TreeMap<>(setup.settings());
        settings.put("QBC_CHAIN", setup.chain().toString());
        List<String> arguments = new ArrayList<>(List.of("run", "--host", Http.HOST, "--port", Integer.toString(port)));
        arguments.addAll(List.of("--data", setup.data().toString()));
        arguments.addAll(setup.flags());
        long begin = System.nanoTime();
        Child child = Child.start("node", setup.directory(), setup.jvm(), settings, arguments);
        try {
            while (!answers(port)) {
                pause(child, begin);
            }
            NodeUnderTest node = new NodeUnderTest(child, port, setup.key(), begin);
            while (node.api.status("/health/ready") != 200) {
                pause(child, begin);
            }
            return node;
        } catch (IOException | InterruptedException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static void pause(Child child, long begin) throws IOException {
        child.expectAlive();
        if (System.nanoTime() - begin > START_NANOS) {
            throw new BenchException("the node was not ready within 60 s; its log is beside its data");
        }
        LockSupport.parkNanos(1_000_000);
    }

    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(Http.address(port), 1000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(LIVE);
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public long pid() {
        return child.pid();
    }

    public NodeApi api() {
        return api;
    }

    /** An API key of an admin, if the node demands one. */
    public Optional<String> key() {
        return key;
    }

    public String address() {
        return "http://" + Http.HOST + ":" + port;
    }

    /** From the start of the process to its first HTTP answer. */
    public double startSeconds() {
        return (answeredAt - startedAt) / 1e9;
    }

    /** When it gave its first HTTP answer, by the nano clock. */
    public long answeredAt() {
        return answeredAt;
    }

    public void expectAlive() throws IOException {
        child.expectAlive();
    }

    /** Stops it as an operator would. */
    public void stop() throws InterruptedException {
        child.stop();
    }

    @Override
    public void close() {
        child.close();
    }
}
