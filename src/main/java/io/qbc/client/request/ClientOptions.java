package io.qbc.client.request;

import io.qbc.client.answer.QbcException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The options of a client.
 *
 * <pre>{@code
 * ClientOptions options = ClientOptions.of("https://a.example:6018", "https://b.example:6018")
 *         .withCredential(System.getenv("QBC_KEY"))
 *         .withTls(ClientTls.trusting("ca.pem"));
 * }</pre>
 *
 * @param nodes base addresses of nodes that have the same chains, the preferred one first; none over the event bus
 * @param credential the API key or token, asked for at each try, so that one that ends can be renewed
 * @param callTimeout for a call with all its tries, beside the time for which it is to wait
 * @param tryTimeout for one try, beside the time for which it is to wait
 * @param inFlightMax calls at once; others wait
 * @param waitingMax calls that wait; others fail with {@link QbcException#CLIENT_BUSY}
 * @param traces the trace that a call is in, asked for once for each call, on the thread that makes it
 */
public record ClientOptions(
        List<URI> nodes,
        Supplier<Optional<String>> credential,
        Duration callTimeout,
        Duration tryTimeout,
        int inFlightMax,
        int waitingMax,
        ClientTls tls,
        Supplier<Optional<TraceFields>> traces) {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TRY_TIMEOUT = Duration.ofSeconds(10);
    private static final int IN_FLIGHT_MAX = 64;
    private static final int WAITING_MAX = 4096;

    public ClientOptions {
        nodes = List.copyOf(nodes);
        if (inFlightMax < 1 || waitingMax < 0) {
            throw new IllegalArgumentException("inFlightMax must be at least 1, and waitingMax not below 0");
        }
        if (callTimeout.toMillis() < 1 || tryTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("callTimeout and tryTimeout must be at least a millisecond");
        }
    }

    /** Options for these nodes, such as {@code http://127.0.0.1:6018}, the preferred one first. */
    public static ClientOptions of(String... nodes) {
        return new ClientOptions(
                Stream.of(nodes).map(ClientOptions::address).toList(),
                Optional::empty,
                CALL_TIMEOUT,
                TRY_TIMEOUT,
                IN_FLIGHT_MAX,
                WAITING_MAX,
                ClientTls.SYSTEM,
                Optional::empty);
    }

    /** Options for a client over the event bus. */
    public static ClientOptions eventBus() {
        return of();
    }

    private static URI address(String text) {
        URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getQuery() != null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("a node's address is like http://127.0.0.1:6018");
        }
        return uri;
    }

    /** The same with an API key or token. */
    public ClientOptions withCredential(String token) {
        return withCredentials(() -> Optional.of(token));
    }

    /** The same with an API key or token that is asked for at each try. */
    public ClientOptions withCredentials(Supplier<Optional<String>> tokens) {
        return new ClientOptions(nodes, tokens, callTimeout, tryTimeout, inFlightMax, waitingMax, tls, traces);
    }

    /** The same with other limits of time. */
    public ClientOptions withTimeouts(Duration call, Duration oneTry) {
        return new ClientOptions(nodes, credential, call, oneTry, inFlightMax, waitingMax, tls, traces);
    }

    /** The same with other limits of calls at once, and of calls that wait. */
    public ClientOptions withCalls(int inFlight, int waiting) {
        return new ClientOptions(nodes, credential, callTimeout, tryTimeout, inFlight, waiting, tls, traces);
    }

    /** The same with other settings of TLS. */
    public ClientOptions withTls(ClientTls other) {
        return new ClientOptions(nodes, credential, callTimeout, tryTimeout, inFlightMax, waitingMax, other, traces);
    }

    /**
     * The same with a trace for each call, or none. All tries of a call, and all requests that it takes, have the one
     * that was there when it was made; what a stream or a consumer asks for of its own has none. What the supplier
     * throws, the call throws, and nothing is sent.
     *
     * <pre>{@code
     * options.withTraces(() -> {
     *     Map<String, String> fields = new HashMap<>();
     *     W3CTraceContextPropagator.getInstance().inject(Context.current(), fields, Map::put);
     *     return TraceFields.among(fields);
     * });
     * }</pre>
     */
    public ClientOptions withTraces(Supplier<Optional<TraceFields>> current) {
        return new ClientOptions(nodes, credential, callTimeout, tryTimeout, inFlightMax, waitingMax, tls, current);
    }
}
