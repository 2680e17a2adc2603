package io.qbc.config;

import io.qbc.ledger.Pin;
import io.qbc.model.AuditChain;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.NetworkMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be set, one record a section; {@code conf/node.yaml} explains each key. A constructor refuses a
 * value out of range and names the key.
 *
 * @param chain the default chain's spec; empty for the one that ships in the jar
 * @param advertise the base address at which peers reach this node; empty: derived from host and port
 * @param peers base addresses of the first peers
 * @param stopTimeout after which a node that was told to stop ends whatever still runs
 */
public record NodeConfig(
        String host,
        int port,
        Path data,
        String chain,
        String advertise,
        List<String> peers,
        Duration stopTimeout,
        Http http,
        Limits limits,
        Budgets budgets,
        Pool pool,
        Leap leap,
        Ledger ledger,
        Store store,
        Gossip gossip,
        Network network,
        Chains chains,
        Consensus consensus,
        Backup backup,
        Scrub scrub,
        Access access,
        Console console,
        Analytics analytics,
        ClusterConfig cluster,
        Subscriptions subscriptions,
        Projections projections,
        BridgeConfig bridges,
        TracingConfig tracing) {

    public NodeConfig {
        Require.text("host", host);
        host = PeerAddress.unbracketed(host);
        Require.range("port", port, 0, 65_535);
        peers = List.copyOf(peers);
        Require.positive("stopTimeout", stopTimeout);
        cluster.require(access.mode());
        bridges.require(http.tls());
    }

    /** The same with another port, for a node that was told to take a free one. */
    public NodeConfig withPort(int other) {
        return new NodeConfig(
                host,
                other,
                data,
                chain,
                advertise,
                peers,
                stopTimeout,
                http,
                limits,
                budgets,
                pool,
                leap,
                ledger,
                store,
                gossip,
                network,
                chains,
                consensus,
                backup,
                scrub,
                access,
                console,
                analytics,
                cluster,
                subscriptions,
                projections,
                bridges,
                tracing);
    }

    /**
     * The HTTP server.
     *
     * @param instances event loops that serve, 0 for one a core
     * @param streamsMax event streams open at once
     * @param waitMax the longest that a request may ask to wait for its quant
     * @param waitersMax requests that wait at once
     * @param requestsMax requests in work at once; more are answered 503
     * @param hosts names of this node beside those of loopback and the advertised one
     * @param origins origins whose pages may call this node from a browser
     * @param proxies addresses that are believed when they say whom they speak for, as CIDR blocks
     * @param basePath below which callers see this node, like {@code /ledger}; empty at the root
     * @param http2ClearText whether HTTP/2 is spoken without TLS too
     */
    public record Http(
            int instances,
            Duration headerTimeout,
            Duration bodyTimeout,
            Duration idleTimeout,
            int headerBytes,
            int lineBytes,
            int connections,
            int streamsMax,
            Duration waitMax,
            int waitersMax,
            int requestsMax,
            List<String> hosts,
            List<String> origins,
            List<String> proxies,
            String basePath,
            boolean http2ClearText,
            Tls tls) {
        public Http {
            hosts = List.copyOf(hosts);
            origins = List.copyOf(origins);
            proxies = List.copyOf(proxies);
            BasePath.require("http.basePath", basePath);
            Require.range("http.instances", instances, 0, 64);
            Require.positive("http.headerTimeout", headerTimeout);
            Require.positive("http.bodyTimeout", bodyTimeout);
            Require.positive("http.idleTimeout", idleTimeout);
            Require.range("http.headerBytes", headerBytes, 1024, 1 << 20);
            Require.range("http.lineBytes", lineBytes, 256, 1 << 16);
            Require.range("http.connections", connections, 1, 1_000_000);
            Require.range("http.streamsMax", streamsMax, 0, 100_000);
            Require.positive("http.waitMax", waitMax);
            Require.range("http.waitersMax", waitersMax, 0, 1_000_000);
            Require.range("http.requestsMax", requestsMax, 1, 1_000_000);
        }

        /** The same with TLS. */
        public Http with(Tls other) {
            return new Http(
                    instances,
                    headerTimeout,
                    bodyTimeout,
                    idleTimeout,
                    headerBytes,
                    lineBytes,
                    connections,
                    streamsMax,
                    waitMax,
                    waitersMax,
                    requestsMax,
                    hosts,
                    origins,
                    proxies,
                    basePath,
                    http2ClearText,
                    other);
        }
    }

    /**
     * TLS of the HTTP server.
     *
     * @param certificate a PEM file with the certificate and those between it and its authority; empty for no TLS
     * @param key a PEM file with the certificate's secret key
     * @param clientAuth whether callers are asked for a certificate of theirs
     * @param clientCa a PEM file of the authorities whose certificates callers may show
     */
    public record Tls(String certificate, String key, CertificateDemand clientAuth, String clientCa) {
        public static final Tls NONE = new Tls("", "", CertificateDemand.NONE, "");

        public Tls {
            if (certificate.isEmpty() != key.isEmpty()) {
                throw new ConfigException("http.tls.key must be set where http.tls.certificate is, and only there");
            }
            boolean asks = clientAuth != CertificateDemand.NONE;
            if (asks && certificate.isEmpty()) {
                throw new ConfigException("http.tls.clientAuth must be none without http.tls.certificate");
            }
            if (asks == clientCa.isEmpty()) {
                throw new ConfigException(
                        "http.tls.clientCa must be set where http.tls.clientAuth is not none, and only there");
            }
        }

        /** Whether the server speaks TLS. */
        public boolean isOn() {
            return !certificate.isEmpty();
        }
    }

    /**
     * What one request may hold.
     *
     * @param bodyBytes a body, unless it is a batch
     * @param batchBytes a batch or a quant
     * @param jsonDepth arrays and objects inside each other in a payload that a client injects; chains take up to 32
     * @param pageQuants quants in one page
     * @param judging requests of one chain that wait for the check of their data; more are answered 503
     * @param listSteps what is looked at for one page of a list: rows of the index, quants and transactions
     */
    public record Limits(int bodyBytes, int batchBytes, int jsonDepth, int pageQuants, int judging, int listSteps) {
        /** With the usual number of steps. */
        public Limits(int bodyBytes, int batchBytes, int jsonDepth, int pageQuants, int judging) {
            this(bodyBytes, batchBytes, jsonDepth, pageQuants, judging, 20_000);
        }

        public Limits {
            Require.range("limits.bodyBytes", bodyBytes, 1024, 1 << 30);
            Require.range("limits.batchBytes", batchBytes, 1024, 1 << 30);
            Require.range("limits.jsonDepth", jsonDepth, 1, 32);
            Require.range("limits.pageQuants", pageQuants, 1, 100_000);
            Require.range("limits.judging", judging, 1, 100_000);
            Require.range("limits.listSteps", listSteps, 100, 10_000_000);
        }
    }

    /**
     * What all callers together may hold, and how much of the node one address or credential may take.
     *
     * @param bodyBytes bodies under way, 0 for a part of the heap
     * @param streamBytes what waits for readers of answers, 0 for a part of the heap
     * @param stallTimeout how long a reader may take nothing
     * @param rateBytes the least that a body brings and a reader takes, a second
     * @param addressPercent how much of connections, requests, streams and bytes one address may take
     * @param callerPercent how much of connections and streams one credential may take
     * @param proxies addresses for which the share of an address does not hold, as CIDR blocks
     */
    public record Budgets(
            long bodyBytes,
            long streamBytes,
            Duration stallTimeout,
            int rateBytes,
            int addressPercent,
            int callerPercent,
            List<String> proxies) {
        /** With the same share for a credential as for an address. */
        public Budgets(
                long bodyBytes,
                long streamBytes,
                Duration stallTimeout,
                int rateBytes,
                int addressPercent,
                List<String> proxies) {
            this(bodyBytes, streamBytes, stallTimeout, rateBytes, addressPercent, addressPercent, proxies);
        }

        public Budgets {
            proxies = List.copyOf(proxies);
            Require.range("budgets.bodyBytes", bodyBytes, 0, 1L << 40);
            Require.range("budgets.streamBytes", streamBytes, 0, 1L << 40);
            Require.positive("budgets.stallTimeout", stallTimeout);
            Require.range("budgets.rateBytes", rateBytes, 1, 1 << 30);
            Require.range("budgets.addressPercent", addressPercent, 1, 100);
            Require.range("budgets.callerPercent", callerPercent, 1, 100);
        }
    }

    /** How much may wait for a leap, in each chain. */
    public record Pool(int transactions, long bytes) {
        public Pool {
            Require.range("pool.transactions", transactions, 1, 10_000_000);
            Require.range("pool.bytes", bytes, 1024, 1L << 40);
        }
    }

    /**
     * When a chain leaps by itself: at so many waiting transactions, so many bytes, or so old a transaction; 0 turns
     * one off.
     *
     * @param queue leaps on request that may wait for their turn
     */
    public record Leap(int transactions, long bytes, Duration age, int queue) {
        public Leap {
            Require.range("leap.transactions", transactions, 0, 10_000_000);
            Require.range("leap.bytes", bytes, 0, 1L << 40);
            Require.range("leap.age", age.toMillis(), 0, Duration.ofDays(365).toMillis());
            Require.range("leap.queue", queue, 1, 100_000);
        }
    }

    /**
     * What quants may do.
     *
     * @param driftMax how far ahead of this node's clock a quant's time may be
     * @param reorganisationDepth how many quants a reorganisation may undo
     * @param orphans quants kept aside until their parent comes
     * @param orphanBytes their bytes together
     */
    public record Ledger(Duration driftMax, int reorganisationDepth, int orphans, long orphanBytes) {
        public Ledger {
            Require.positive("ledger.driftMax", driftMax);
            Require.range("ledger.reorganisationDepth", reorganisationDepth, 1, 1_000_000);
            Require.range("ledger.orphans", orphans, 0, 100_000);
            Require.range("ledger.orphanBytes", orphanBytes, 0, 1L << 34);
        }
    }

    /**
     * The store.
     *
     * @param groupBytes how much one synced write takes at most
     * @param queueBytes how much may wait to be written; more is refused as busy
     * @param queueReads how many reads may wait; more are refused as busy
     * @param readers threads that read
     * @param cacheBytes memory for blocks read, 0 for as much as suits the machine
     * @param writeBufferBytes memory for writes before they go into a file
     * @param openFiles files open at once, where the process may open twice as many
     * @param reserveBytes room that is kept free on the disk of the data directory; 0 keeps none
     */
    public record Store(
            int groupBytes,
            long queueBytes,
            int queueReads,
            int readers,
            long cacheBytes,
            long writeBufferBytes,
            int openFiles,
            long reserveBytes) {
        private static final long SMALL_CACHE_BYTES = 8 << 20;
        private static final int SMALL_OPEN_FILES = 256;

        public Store {
            Require.range("store.groupBytes", groupBytes, 4096, 1 << 30);
            Require.range("store.queueBytes", queueBytes, 4096, 1L << 34);
            Require.range("store.queueReads", queueReads, 1, 1_000_000);
            Require.range("store.readers", readers, 1, 64);
            Require.range("store.cacheBytes", cacheBytes, 0, 1L << 36);
            Require.range("store.writeBufferBytes", writeBufferBytes, 1 << 16, 1L << 34);
            Require.range("store.openFiles", openFiles, 16, 1_000_000);
            Require.range("store.reserveBytes", reserveBytes, 0, 1L << 40);
        }

        /** The same with little memory, for a copy that is looked at beside the node's own store. */
        public Store small() {
            return new Store(
                    groupBytes,
                    queueBytes,
                    queueReads,
                    readers,
                    SMALL_CACHE_BYTES,
                    writeBufferBytes,
                    Math.min(SMALL_OPEN_FILES, openFiles),
                    0);
        }
    }

    /**
     * Peers.
     *
     * @param networks addresses that may be called, as CIDR blocks
     * @param peersMax peers kept
     * @param callTimeout how long a peer may be silent in a call
     * @param backoffMin the first pause after a failure; it doubles, with jitter, up to {@code backoffMax}
     * @param heartbeat how often heads are compared when nothing happens
     * @param batchIds ids in one announcement
     * @param batchBytes bytes of transactions or quants in one message
     * @param peerCa a PEM file of the authorities that must vouch for peers at https addresses, or {@link #SYSTEM_CA};
     *     empty where a peer is known by its identity key alone
     * @param ports ports that may be called of nodes that are not configured, each one or a range
     */
    public record Gossip(
            List<String> networks,
            int peersMax,
            Duration callTimeout,
            Duration backoffMin,
            Duration backoffMax,
            Duration heartbeat,
            int batchIds,
            int batchBytes,
            PeerLimits limits,
            String peerCa,
            List<String> ports,
            Conduct conduct) {
        /** For the authorities that the JVM knows. */
        public static final String SYSTEM_CA = "system";

        /** Web servers' own ports, and those at which any process may listen. */
        private static final List<String> PORTS = List.of("80", "443", "1024-65535");

        public Gossip {
            networks = List.copyOf(networks);
            ports = List.copyOf(ports);
            Ports.of("gossip.ports", ports);
            Require.range("gossip.peersMax", peersMax, 0, 10_000);
            Require.positive("gossip.callTimeout", callTimeout);
            Require.positive("gossip.backoffMin", backoffMin);
            Require.positive("gossip.backoffMax", backoffMax);
            Require.range("gossip.backoffMax", backoffMax.toMillis(), backoffMin.toMillis(), Long.MAX_VALUE);
            Require.positive("gossip.heartbeat", heartbeat);
            Require.range("gossip.batchIds", batchIds, 1, 10_000);
            Require.range("gossip.batchBytes", batchBytes, 4096, 1 << 28);
        }

        /** Without authorities, with the ports and the conduct that ship. */
        public Gossip(
                List<String> networks,
                int peersMax,
                Duration callTimeout,
                Duration backoffMin,
                Duration backoffMax,
                Duration heartbeat,
                int batchIds,
                int batchBytes,
                PeerLimits limits) {
            this(
                    networks,
                    peersMax,
                    callTimeout,
                    backoffMin,
                    backoffMax,
                    heartbeat,
                    batchIds,
                    batchBytes,
                    limits,
                    "",
                    PORTS,
                    Conduct.USUAL);
        }
    }

    /**
     * What peers may do before this node has nothing to do with them for a while.
     *
     * @param banScore points of misbehaviour at which a peer is banned; 0 for never
     * @param banTime how long
     * @param callRate calls a second of one address; more are answered 503
     * @param introductions calls a minute at addresses that somebody named
     */
    public record Conduct(int banScore, Duration banTime, int callRate, int introductions) {
        public static final Conduct USUAL = new Conduct(100, Duration.ofHours(1), 5000, 60);

        public Conduct {
            Require.range("gossip.conduct.banScore", banScore, 0, 1_000_000);
            Require.positive("gossip.conduct.banTime", banTime);
            Require.range("gossip.conduct.callRate", callRate, 0, 1_000_000);
            Require.range("gossip.conduct.introductions", introductions, 1, 100_000);
        }
    }

    /**
     * What peers may take of this node.
     *
     * @param messageBytes the longest message that may hold transactions or quants; others have limits of their own
     * @param answerBytes answers to this node's own calls that are under way at once, 0 for a part of the heap
     * @param callTime how long one call may take in all
     * @param callRateBytes bytes a second that an answer must bring, after {@code callTimeout} without that demand
     */
    public record PeerLimits(int messageBytes, long answerBytes, Duration callTime, int callRateBytes) {
        public PeerLimits {
            Require.range("gossip.limits.messageBytes", messageBytes, 1 << 20, 1 << 30);
            Require.range("gossip.limits.answerBytes", answerBytes, answerBytes == 0 ? 0 : messageBytes, 1L << 36);
            Require.positive("gossip.limits.callTime", callTime);
            Require.range("gossip.limits.callRateBytes", callRateBytes, 0, 1 << 30);
        }

        /** How much {@code answerBytes} is on this machine; one answer always fits. */
        public long answerBudgetBytes() {
            return Math.max(messageBytes, HeapShare.of(answerBytes));
        }
    }

    /**
     * The network of nodes to which this one belongs.
     *
     * @param id its name, which all its nodes have alike
     * @param mode which nodes are of it
     * @param allowed the identity keys of its nodes, for {@code LISTED}
     * @param secretFile the file with its secret, for {@code SECRET}; empty otherwise
     * @param sessions sessions with this node that others have open at once
     * @param sessionAge how long one lasts
     * @param handshakes handshakes a second of one address, 0 for any number
     */
    public record Network(
            String id,
            NetworkMode mode,
            List<String> allowed,
            String secretFile,
            int sessions,
            Duration sessionAge,
            int handshakes) {
        public static final Network OPEN =
                new Network("qbc", NetworkMode.OPEN, List.of(), "", 1024, Duration.ofHours(1), 20);

        public Network {
            allowed = List.copyOf(allowed);
            NetworkSettings.check(id, mode, allowed, secretFile);
            Require.range("network.sessions", sessions, 1, 1_000_000);
            Require.range(
                    "network.sessionAge",
                    sessionAge.toMillis(),
                    1_000,
                    Duration.ofDays(365).toMillis());
            Require.range("network.handshakes", handshakes, 0, 100_000);
        }

        /** The keys that are allowed. */
        public List<Bytes> keys() {
            return allowed.stream().map(Bytes::hex).toList();
        }
    }

    /**
     * The chains of peers.
     *
     * @param follow which of the chains that peers have this node takes over; those that are here are followed until
     *     somebody ends that
     * @param listed names and ids, for {@code LISTED}
     * @param max how many chains this node takes over at most, together with those that are here
     * @param pins quants that the operator vouches for, each {@code CHAIN@HEIGHT=HASH} with a name or an id
     * @param newPerPeer new chains an hour that a peer may bring that is not configured
     */
    public record Chains(Choice follow, List<String> listed, int max, List<String> pins, int newPerPeer) {
        public static final Chains ALL = new Chains(Choice.ALL, List.of(), 2000);
        private static final int NEW_PER_PEER = 100;

        public Chains {
            listed = List.copyOf(listed);
            pins = List.copyOf(pins);
            Require.range("chains.max", max, 1, 10_000);
            Require.range("chains.newPerPeer", newPerPeer, 0, 10_000);
            Pinned.check(pins);
        }

        /** Without pins. */
        public Chains(Choice follow, List<String> listed, int max) {
            this(follow, listed, max, List.of());
        }

        /** With as many new chains of a peer as ship. */
        public Chains(Choice follow, List<String> listed, int max, List<String> pins) {
            this(follow, listed, max, pins, NEW_PER_PEER);
        }

        /** The quant of a chain that the operator vouches for. */
        public Optional<Pin> pin(ChainSpec spec) {
            return Pinned.of(pins, spec);
        }
    }

    /**
     * What this node does for the consensus.
     *
     * @param sign for which chains its key makes signatures
     * @param chains names and ids, for {@code LISTED}
     * @param operations for whose requests its key signs operations of engines
     */
    public record Consensus(Choice sign, List<String> chains, Callers operations) {
        public static final Consensus ALL = new Consensus(Choice.ALL, List.of(), Callers.PROVED);

        public Consensus {
            chains = List.copyOf(chains);
        }

        /** Whether this node's key may sign for a chain; for its own audit trail it always may. */
        public boolean signs(ChainSpec spec) {
            return AuditChain.is(spec) || sign.admits(chains, spec.id(), spec.name());
        }
    }

    /**
     * Backups that this node makes.
     *
     * @param directory where they are kept; empty for the name of the data directory with {@code -backups}, beside it
     * @param max how many are there at most; of those that nobody gave a name the oldest goes
     */
    public record Backup(String directory, int max) {
        public static final Backup USUAL = new Backup("", 14);

        public Backup {
            Require.range("backup.max", max, 1, 10_000);
        }
    }

    /**
     * The check of all that the store holds, while the node runs.
     *
     * @param period how long one pass takes, 0 for none
     */
    public record Scrub(Duration period) {
        public static final Scrub WEEKLY = new Scrub(Duration.ofDays(7));

        public Scrub {
            Require.range(
                    "scrub.period", period.toMillis(), 0, Duration.ofDays(3650).toMillis());
        }
    }

    /**
     * Who may call, and how often.
     *
     * @param publicMetrics whether metrics are shown without a credential
     * @param callerRate requests a second of one credential, 0 for any number
     * @param callerBurst requests that one credential may have at once
     * @param addressRate requests a second of one address that is not loopback, 0 for any number
     * @param addressBurst requests that one address may have at once
     * @param certificates what callers' certificates mean, each {@code CERTIFICATE=NAME:ROLE+ROLE}
     * @param audit whether who changes something goes into a chain of this node's own
     * @param auditInjects what of injects goes there
     * @param auditInterval how long injects and refused requests are counted until the counts go there
     * @param auditCounts how many callers are counted apart in that time, of injects and of refused requests each
     * @param jwt tokens that are credentials beside keys
     */
    public record Access(
            AccessMode mode,
            boolean publicMetrics,
            int callerRate,
            int callerBurst,
            int addressRate,
            int addressBurst,
            List<String> certificates,
            boolean audit,
            AuditInjects auditInjects,
            Duration auditInterval,
            int auditCounts,
            JwtConfig jwt) {
        public static final Access LOOPBACK = new Access(AccessMode.LOOPBACK, false, 1000, 2000, 2000, 4000);

        /** Without tokens, certificates of callers and an audit trail. */
        public Access(
                AccessMode mode,
                boolean publicMetrics,
                int callerRate,
                int callerBurst,
                int addressRate,
                int addressBurst) {
            this(mode, publicMetrics, callerRate, callerBurst, addressRate, addressBurst, JwtConfig.NONE);
        }

        /** Without certificates of callers, and without an audit trail. */
        public Access(
                AccessMode mode,
                boolean publicMetrics,
                int callerRate,
                int callerBurst,
                int addressRate,
                int addressBurst,
                JwtConfig jwt) {
            this(
                    mode,
                    publicMetrics,
                    callerRate,
                    callerBurst,
                    addressRate,
                    addressBurst,
                    List.of(),
                    false,
                    AuditInjects.COUNTED,
                    Duration.ofMinutes(1),
                    100,
                    jwt);
        }

        /** Without tokens. */
        public Access(
                AccessMode mode,
                boolean publicMetrics,
                int callerRate,
                int callerBurst,
                int addressRate,
                int addressBurst,
                List<String> certificates,
                boolean audit,
                AuditInjects auditInjects,
                Duration auditInterval,
                int auditCounts) {
            this(
                    mode,
                    publicMetrics,
                    callerRate,
                    callerBurst,
                    addressRate,
                    addressBurst,
                    certificates,
                    audit,
                    auditInjects,
                    auditInterval,
                    auditCounts,
                    JwtConfig.NONE);
        }

        public Access {
            certificates = List.copyOf(certificates);
            certificates.forEach(CertificateMapping::parse);
            Require.range("access.callerRate", callerRate, 0, 10_000_000);
            Require.range("access.callerBurst", callerBurst, 1, 10_000_000);
            Require.range("access.addressRate", addressRate, 0, 10_000_000);
            Require.range("access.addressBurst", addressBurst, 1, 10_000_000);
            Require.range(
                    "access.auditInterval",
                    auditInterval.toMillis(),
                    10,
                    Duration.ofDays(1).toMillis());
            Require.range("access.auditCounts", auditCounts, 1, 100_000);
        }
    }

    /**
     * The pages for people.
     *
     * @param enabled whether they are served
     */
    public record Console(boolean enabled) {
        public static final Console ON = new Console(true);
    }

    /**
     * The figures about each chain over time.
     *
     * @param period how often what came is counted, 0 for never
     */
    public record Analytics(Duration period) {
        public static final Analytics OFF = new Analytics(Duration.ZERO);

        public Analytics {
            Require.range(
                    "analytics.period", period.toMillis(), 0, Duration.ofDays(1).toMillis());
        }
    }

    /**
     * Durable followers of chains.
     *
     * @param max how many there may be on this node
     * @param chainMax how many a chain may have
     * @param fetchEvents the most events that one fetch gives
     * @param fetchBytes about how many bytes of transactions are read at once
     * @param aheadBytes about how many bytes of events may be on their way for one subscription
     * @param waitMax the longest that a fetch may ask to wait
     * @param waitersMax fetches that wait at once
     * @param deadMax dead letters of a subscription; one that has more stops
     * @param poll how often chains are looked at of whose moves nobody told
     * @param syncInterval the longest that an acknowledgement of a delivery may wait to be stored
     * @param webhook deliveries by webhook
     */
    public record Subscriptions(
            int max,
            int chainMax,
            int fetchEvents,
            int fetchBytes,
            int aheadBytes,
            Duration waitMax,
            int waitersMax,
            int deadMax,
            Duration poll,
            Duration syncInterval,
            WebhookSettings webhook) {
        public static final Subscriptions DEFAULT = new Subscriptions(
                2000,
                1000,
                1000,
                1 << 20,
                8 << 20,
                Duration.ofSeconds(45),
                1000,
                10_000,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1));

        /** With webhooks as they ship. */
        public Subscriptions(
                int max,
                int chainMax,
                int fetchEvents,
                int fetchBytes,
                int aheadBytes,
                Duration waitMax,
                int waitersMax,
                int deadMax,
                Duration poll,
                Duration syncInterval) {
            this(
                    max,
                    chainMax,
                    fetchEvents,
                    fetchBytes,
                    aheadBytes,
                    waitMax,
                    waitersMax,
                    deadMax,
                    poll,
                    syncInterval,
                    WebhookSettings.DEFAULT);
        }

        public Subscriptions {
            Require.range("subscriptions.max", max, 0, 100_000);
            Require.range("subscriptions.chainMax", chainMax, 0, 100_000);
            Require.range("subscriptions.fetchEvents", fetchEvents, 1, 10_000);
            Require.range("subscriptions.fetchBytes", fetchBytes, 1 << 10, 64 << 20);
            Require.range("subscriptions.aheadBytes", aheadBytes, 1 << 10, 1 << 30);
            Require.range(
                    "subscriptions.waitMax",
                    waitMax.toMillis(),
                    0,
                    Duration.ofSeconds(55).toMillis());
            Require.range("subscriptions.waitersMax", waitersMax, 0, 100_000);
            Require.range("subscriptions.deadMax", deadMax, 1, 1_000_000);
            Require.range(
                    "subscriptions.poll",
                    poll.toMillis(),
                    100,
                    Duration.ofHours(1).toMillis());
            Require.range("subscriptions.syncInterval", syncInterval.toMillis(), 1, 1000);
        }
    }

    /**
     * Chains kept as tables.
     *
     * @param max projections of this node at most
     * @param definitions a directory of mappings that are read at the start, each {@code NAME.json}; empty for none
     * @param secrets the directory of the files with passwords that mappings name; empty for none
     * @param hosts database servers that a mapping that is put may name, {@code HOST} or {@code HOST:PORT}; {@code *}
     *     is all
     * @param batchTransactions transactions that one database transaction takes at most
     * @param batchBytes bytes that are read from the chain for one at most
     * @param cacheBytes memory for pages of an embedded database
     * @param readers connections that read the tables of one projection at once
     * @param retryMin the first pause after a failure of a database; it doubles up to {@code retryMax}
     * @param timeout how long a database may take for one step of a projection
     * @param queryTimeout how long a query may take
     * @param queryRows rows that one answer has at most
     * @param queryBytes bytes that one answer has at most
     * @param undoQuants quants that {@code from: head} can undo where an engine has no finality
     */
    public record Projections(
            int max,
            String definitions,
            String secrets,
            List<String> hosts,
            int batchTransactions,
            int batchBytes,
            long cacheBytes,
            int readers,
            Duration retryMin,
            Duration retryMax,
            Duration timeout,
            Duration queryTimeout,
            int queryRows,
            int queryBytes,
            int undoQuants) {
        public static final Projections USUAL = new Projections(
                16,
                "",
                "",
                List.of("localhost", "127.0.0.1", "[::1]"),
                5000,
                8 << 20,
                16 << 20,
                4,
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                10_000,
                16 << 20,
                1000);

        public Projections {
            hosts = List.copyOf(hosts);
            Require.range("projections.max", max, 0, 1000);
            Require.range("projections.batchTransactions", batchTransactions, 1, 100_000);
            Require.range("projections.batchBytes", batchBytes, 4096, 1 << 28);
            Require.range("projections.cacheBytes", cacheBytes, 1 << 20, 1L << 34);
            Require.range("projections.readers", readers, 1, 64);
            Require.positive("projections.retryMin", retryMin);
            Require.range("projections.retryMax", retryMax.toMillis(), retryMin.toMillis(), Long.MAX_VALUE);
            Require.positive("projections.timeout", timeout);
            Require.positive("projections.queryTimeout", queryTimeout);
            Require.range("projections.queryRows", queryRows, 1, 1_000_000);
            Require.range("projections.queryBytes", queryBytes, 4096, 1 << 30);
            Require.range("projections.undoQuants", undoQuants, 1, 1_000_000);
        }
    }
}
