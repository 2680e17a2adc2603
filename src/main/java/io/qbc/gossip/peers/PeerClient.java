package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;

/** An HTTP client for calls to peers: at the pinned IP address, without redirects, bounded in time, rate and size. */
public final class PeerClient {
    static final String MEDIA_TYPE = "application/octet-stream";

    private static final String PATH = "/v1/peer/";
    private static final int CONNECTIONS_MAX = 8;
    private static final int WAITING_MAX = 64;
    // Shorter than a server's idle time, so that a call seldom meets a connection that is just being closed.
    private static final int KEEP_ALIVE_SECONDS = 15;

    private final GossipContext gossipContext;
    private final Vertx vertx;
    private final Duration connectTimeout;
    private final AnswerBudget budget;
    private Optional<HttpClient> client = Optional.empty();
    private long slow;

    public PeerClient(GossipContext gossipContext) {
        this.gossipContext = gossipContext;
        connectTimeout = gossipContext.callTimeout();
        budget = new AnswerBudget(gossipContext.gossip().limits().bodyBytes());
        vertx = gossipContext.vertx();
    }

    /**
     * Sends a request and gives the answer's frame; fails with {@link PeerCallFailure}.
     *
     * @param silence how long the peer may be silent
     */
    <Q extends Message> Future<Bytes> send(PeerEndpoint to, PeerMethod<Q, ?> method, Q request, Duration silence) {
        Duration total = gossipContext.gossip().limits().callTime();
        PeerExchange.Limits limits = new PeerExchange.Limits(
                gossipContext.bytesMax(method.answer()),
                total.compareTo(silence) < 0 ? silence : total,
                gossipContext.callTimeout(),
                gossipContext.gossip().limits().callRateBytes());
        Bytes frame = method.request().codec().encode(request);
        return new PeerExchange(vertx, limits, budget, method + " at " + to.address() + ": ")
                .run(client().request(options(to, method.word(), silence)), frame)
                .onFailure(this::count);
    }

    /** Calls that were ended because the peer was too slow. */
    public long slow() {
        return slow;
    }

    /** Bytes of answers that are under way. */
    public long answerBytes() {
        return budget.inUse();
    }

    public Future<Void> close() {
        return client.map(HttpClient::close).orElseGet(Future::succeededFuture);
    }

    private void count(Throwable cause) {
        slow += cause instanceof PeerCallFailure no && no.kind() == Fault.Kind.SLOW ? 1 : 0;
    }

    /** Made at the first call, as a node without peers needs none. */
    private HttpClient client() {
        HttpClient made = client.orElseGet(this::make);
        client = Optional.of(made);
        return made;
    }

    private HttpClient make() {
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setConnectTimeout((int) Math.min(Integer.MAX_VALUE, connectTimeout.toMillis()));
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX);
        return vertx.createHttpClient(options, pool);
    }

    private RequestOptions options(PeerEndpoint to, String word, Duration silence) {
        PeerAddress address = to.address();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(address.port(), to.ip()))
                .setHost(address.bracketed())
                .setPort(address.port())
                .setSsl(address.secure())
                .setURI(PATH + word)
                .setFollowRedirects(false)
                .setConnectTimeout(connectTimeout.toMillis())
                .setTimeout(silence.toMillis())
                .putHeader("Content-Type", MEDIA_TYPE);
    }
}
