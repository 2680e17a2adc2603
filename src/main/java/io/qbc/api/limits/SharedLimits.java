package io.qbc.api.limits;

import io.qbc.config.HeapShare;
import io.qbc.config.NodeConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The limits that count for the node as a whole, shared by all instances of the API, and the port in use. */
public final class SharedLimits {
    /** Connections and requests that are kept for who asks after the node's health or metrics. */
    static final int SPARE_CONNECTIONS = 64;

    private static final int SPARE_REQUESTS = 64;
    /** Fewer than the worker threads that there are, since others need them too. */
    private static final int JUDGING_THREADS_MAX = 12;

    private static final List<String> LIMITS_OF_CALLERS =
            List.of("key", "token", "address", "failures", "key-streams", "key-connections");

    private final NodeConfig.Http http;
    private final long messageBytes;
    private final long peerAnswerBytes;
    private final Permits requests;
    private final Permits spareRequests = new Permits(SPARE_REQUESTS);
    private final Permits waiters;
    private final Permits streams;
    private final Permits connections;
    private final Permits spareConnections = new Permits(SPARE_CONNECTIONS);
    private final Permits bridged;
    private final ByteBudget bodyBytes;
    private final ByteBudget streamBytes;
    private final AddressShares addresses;
    private final CallerShares callers;
    private final Map<String, LongAdder> exceeded = LIMITS_OF_CALLERS.stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), limit -> new LongAdder()));
    private final JudgeQueue judging;
    private final LongAdder stalledReaders = new LongAdder();
    private final AtomicInteger port = new AtomicInteger();

    public SharedLimits(NodeConfig config) {
        http = config.http();
        messageBytes = config.gossip().limits().messageBytes();
        peerAnswerBytes = config.gossip().limits().answerBudgetBytes();
        requests = new Permits(http.requestsMax());
        waiters = new Permits(http.waitersMax());
        streams = new Permits(http.streamsMax());
        connections = new Permits(http.connections());
        bridged = new Permits(config.bridges().sockjs().connections());
        bodyBytes = new ByteBudget(HeapShare.of(config.budgets().bodyBytes()));
        streamBytes = new ByteBudget(HeapShare.of(config.budgets().streamBytes()));
        addresses = new AddressShares(this, config.budgets());
        callers = new CallerShares(
                http.connections(), http.streamsMax(), config.budgets().callerPercent());
        int threads = Math.min(JUDGING_THREADS_MAX, Runtime.getRuntime().availableProcessors());
        judging = new JudgeQueue(config.limits().judging(), threads);
    }

    /** The port that the server listens on; 0 until it does. */
    public int port() {
        return port.get();
    }

    public void listensOn(int actual) {
        port.set(actual);
    }

    public Permits requests() {
        return requests;
    }

    int requestsMost() {
        return http.requestsMax();
    }

    /** Requests beyond {@link #requests} that are served if they ask after the node's health or metrics. */
    public Permits spareRequests() {
        return spareRequests;
    }

    public Permits waiters() {
        return waiters;
    }

    /** Event streams and long reads. */
    public Permits streams() {
        return streams;
    }

    int streamsMost() {
        return http.streamsMax();
    }

    public Permits connections() {
        return connections;
    }

    /** Connections of the SockJS bridge. */
    public Permits bridged() {
        return bridged;
    }

    int connectionsMost() {
        return http.connections();
    }

    /** Connections beyond {@link #connections}, on which only the node's health and metrics are answered. */
    public Permits spareConnections() {
        return spareConnections;
    }

    /** What bodies under way hold. */
    public ByteBudget bodyBytes() {
        return bodyBytes;
    }

    /** The longest message of a peer. */
    long messageBytes() {
        return messageBytes;
    }

    /** The most that answers of peers to this node's own calls may hold. */
    public long peerAnswerBytes() {
        return peerAnswerBytes;
    }

    /** What waits for the readers of answers. */
    public ByteBudget streamBytes() {
        return streamBytes;
    }

    public AddressShares addresses() {
        return addresses;
    }

    /** What credentials hold. */
    public CallerShares callers() {
        return callers;
    }

    /** Counts a call beyond a limit of its caller. */
    public void exceeded(String limit) {
        Optional.ofNullable(exceeded.get(limit)).ifPresent(LongAdder::increment);
    }

    /** Calls beyond a limit of their caller, by the limit. */
    public Map<String, LongAdder> exceeded() {
        return exceeded;
    }

    /** Readers that were cut off because they did not read. */
    public LongAdder stalledReaders() {
        return stalledReaders;
    }

    /** Data that is checked off the event loops. */
    public JudgeQueue judging() {
        return judging;
    }
}
