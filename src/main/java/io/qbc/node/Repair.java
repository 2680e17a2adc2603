package io.qbc.node;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.KeepSigningRecord;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.cli.AskedNode;
import io.qbc.cli.VerifyCommand.Verdict;
import io.qbc.config.ConfigReader;
import io.qbc.config.ConfigReader.Flag;
import io.qbc.config.NodeConfig;
import io.qbc.config.PeerAddress;
import io.qbc.config.PrivateDirectory;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import io.qbc.persistence.verify.Salvage;
import io.qbc.schema.SchemaRules;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The mending of a damaged directory: beside it a new one is made of the peer's chains, each quant judged as it comes,
 * and of what the damaged one still has: the keys, transactions that the peer lacks, and what the node signed. It takes
 * the damaged one's place when nothing is missing; that one stays, under another name.
 */
final class Repair {
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

    private static final int IPV4_BYTES = 4;

    private final Path data;
    private final Path fresh;
    private final AskedNode node;
    private final String peer;
    private final OwnFiles own;
    private final Consumer<String> progress;
    private final List<String> findings = new ArrayList<>();
    private long kept;
    /** Whether the damaged store could be opened. */
    private boolean readable;

    private Repair(Path data, AskedNode node, Consumer<String> progress) {
        this.data = data.toAbsolutePath().normalize();
        this.fresh = this.data.resolveSibling(this.data.getFileName() + ".repair");
        this.node = node;
        this.peer = node.url();
        this.own = new OwnFiles(this.data);
        this.progress = progress;
    }

    /** Mends a directory that was found damaged; the verdict is about what is in its place then. */
    static Verdict run(Path data, AskedNode node, Consumer<String> progress) {
        Repair repair = new Repair(data, node, progress);
        try {
            return repair.mend();
        } catch (ExecutionException | CompletionException e) {
            return repair.failed(e.getCause());
        } catch (IOException e) {
            return repair.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Verdict(false, "interrupted; nothing was changed", repair.findings);
        }
    }

    private Verdict failed(Throwable cause) {
        LoggerFactory.getLogger(Repair.class).debug("the directory was not mended", cause);
        boolean said = cause.getClass() == IOException.class;
        NodeConfig usual = ConfigReader.read(Path.of(""), Optional.empty(), Map.of(), List.of());
        String why = said
                ? String.valueOf(cause.getMessage())
                : StartupError.of(cause, usual).text();
        return new Verdict(false, "nothing was changed: " + why, findings);
    }

    private Verdict mend() throws IOException, ExecutionException, InterruptedException {
        Optional<String> fault = own.keyFault();
        if (fault.isPresent()) {
            return new Verdict(false, "nothing was changed, since no peer has the node's key", List.of(fault.get()));
        }
        NodeConfig config = Addresses.withPort(config());
        try {
            return mend(PeerHeads.of(node), config);
        } finally {
            if (Files.exists(data)) {
                delete(fresh);
            }
        }
    }

    private Verdict mend(Map<Hash, Long> wanted, NodeConfig config)
            throws IOException, ExecutionException, InterruptedException {
        delete(fresh);
        PrivateDirectory.make(fresh);
        own.copyKey(fresh);
        Signer signer = Identity.open(fresh);
        // No chain of its own: all that it has to have is at the peer.
        NodeParts parts = new NodeParts(config, List.of(), signer, Addresses.advertised(config));
        Node taking = Node.of(Node.vertx(), Wiring.of(parts));
        try {
            done(taking.start());
            catchUp(taking.bus(), wanted);
            salvage(taking.bus(), config);
        } finally {
            done(taking.close().otherwiseEmpty());
        }
        if (!findings.isEmpty()) {
            return new Verdict(false, "nothing was changed, since that would be lost", findings);
        }
        // Where the key was missing before, it is missing after: the one of the meantime is nobody's.
        Files.delete(fresh.resolve(Identity.FILE));
        Files.delete(fresh.resolve(Identity.PUBLIC_FILE));
        List<String> left = own.copyAll(fresh);
        Path aside = data.resolveSibling(data.getFileName() + ".damaged-" + System.currentTimeMillis());
        replace(aside);
        Verdict after = Verification.check(data, progress);
        left.addAll(after.findings());
        return new Verdict(after.sound(), after.checked() + mended(aside), left);
    }

    private String mended(Path aside) {
        String salvaged = readable
                ? " with " + kept + " transactions of its own"
                : " alone, since the store could not be read at all";
        return "; mended from " + peer + salvaged + "; what was damaged is in " + aside;
    }

    /** Puts the new directory in the place of the damaged one, or leaves both where they are. */
    private void replace(Path aside) throws IOException {
        Files.move(data, aside, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(aside, data, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
    }

    /** It only takes over what the peer has: it signs nothing, makes no quant, and is reached by nobody. */
    private NodeConfig config() throws IOException {
        List<String> networks = new ArrayList<>();
        for (InetAddress address :
                addresses(PeerAddress.require(node.flag(), peer).host())) {
            String numbers = address.getHostAddress().replaceAll("%.*", "");
            networks.add(numbers + (address.getAddress().length == IPV4_BYTES ? "/32" : "/128"));
        }
        Map<String, List<String>> settings = new LinkedHashMap<>();
        settings.put("data", List.of(fresh.toString()));
        settings.put("host", List.of("127.0.0.1"));
        settings.put("port", List.of("0"));
        settings.put("peers", List.of(peer));
        settings.put("advertise", List.of(""));
        settings.put("gossip.networks", networks);
        settings.put("chains.follow", List.of("all"));
        settings.put("consensus.sign", List.of("none"));
        settings.put("leap.transactions", List.of("0"));
        settings.put("leap.bytes", List.of("0"));
        settings.put("leap.age", List.of("0s"));
        settings.put("scrub.period", List.of("0s"));
        List<Flag> flags = new ArrayList<>();
        settings.forEach((key, values) -> flags.add(new Flag(node.flag(), key, values)));
        return ConfigReader.read(Path.of(""), Optional.empty(), System.getenv(), flags);
    }

    private static InetAddress[] addresses(String host) throws IOException {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("the host " + host + " has no address", e);
        }
    }

    /** Waits until every chain stands at least where the peer had it when this began. */
    private void catchUp(Bus bus, Map<Hash, Long> wanted) throws IOException, ExecutionException, InterruptedException {
        long reached = -1;
        long since = System.nanoTime();
        while (true) {
            Map<Hash, Long> here = heads(bus);
            long missing = wanted.entrySet().stream()
                    .filter(chain -> here.getOrDefault(chain.getKey(), -1L) < chain.getValue())
                    .count();
            if (missing == 0) {
                return;
            }
            long now = here.values().stream().mapToLong(Long::longValue).sum();
            progress.accept("from " + peer + ": " + now + " quants, " + missing + " chains are not whole yet");
            if (now > reached) {
                reached = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE_NANOS) {
                throw new IOException(peer + " brings no more quants, and " + missing + " chains are not whole");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static Map<Hash, Long> heads(Bus bus) throws ExecutionException, InterruptedException {
        Map<Hash, Long> heads = new LinkedHashMap<>();
        for (Chain chain :
                done(bus.ask(Catalogue.FIND_CHAINS, new FindChains())).chains()) {
            heads.put(chain.id(), chain.head().height());
        }
        return heads;
    }

    private void salvage(Bus bus, NodeConfig config) throws ExecutionException, InterruptedException {
        Map<Hash, Long> here = heads(bus);
        List<Future<?>> asked = new ArrayList<>();
        readable = Salvage.read(data, config, new SchemaRules(), new Salvage.Listener() {
            @Override
            public void chain(Hash id, String name) {
                if (!here.containsKey(id)) {
                    findings.add("chain " + name + ": " + peer + " does not have " + id);
                }
            }

            @Override
            public void transactions(Hash chain, List<Submission> submissions) {
                if (here.containsKey(chain)) {
                    kept += accepted(bus, new Keep(chain, submissions));
                }
            }

            @Override
            public void signed(Hash chain, SigningRecord signingRecord) {
                if (here.containsKey(chain)) {
                    asked.add(bus.ask(
                            Catalogue.KEEP_SIGNING_RECORD,
                            new KeepSigningRecord(chain, SigningRecord.NONE, signingRecord)));
                }
            }
        });
        for (Future<?> each : asked) {
            done(each);
        }
    }

    private static long accepted(Bus bus, Keep keep) {
        return bus.ask(Catalogue.KEEP, keep).toCompletionStage().toCompletableFuture().join().admissions().stream()
                .filter(Catalogue.Accepted.class::isInstance)
                .count();
    }

    private static <T> T done(Future<T> future) throws ExecutionException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get();
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
