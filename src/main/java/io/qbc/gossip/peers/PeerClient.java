package io.qbc.gossip.peers;

import io.qbc.config.NodeConfig;
import io.qbc.config.PeerAddress;
import io.qbc.protocol.effect.Fault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An HTTP client for calls to peers: at the pinned IP address, without redirects, bounded in time, rate and size. */
public final class PeerClient {
    static final String MEDIA_TYPE = "application/octet-stream";

    private static final String PATH = "/v1/peer/";
    private static final int CONNECTIONS_MAX = 8;
    private static final int WAITING_MAX = 64;
    // Shorter than a server's idle time, so that a call seldom meets a connection that is just being closed.
    private static final int KEEP_ALIVE_SECONDS = 15;

    private final GossipContext gossipContext;
    private final PeerClocks clocks = new PeerClocks();
    private final Vertx vertx;
    private final Duration connectTimeout;
    private final AnswerBudget budget;
    private Optional<WebClient> client = Optional.empty();
    private long slow;

    public PeerClient(GossipContext gossipContext) {
        this.gossipContext = gossipContext;
        connectTimeout = gossipContext.callTimeout();
        budget = new AnswerBudget(gossipContext.gossip().limits().answerBudgetBytes());
        vertx = gossipContext.vertx();
    }

    /**
     * What a request is.
     *
     * @param text the word of its method
     * @param fields header fields that say of which trace it is
     */
    record Word(String text, Map<String, String> fields) {}

    /**
     * Sends a request and gives the answer, whatever its status is; fails with {@link PeerCallFailure}.
     *
     * @param word of the method, and the fields beside it
     * @param answerBytesMax how long the answer may be
     * @param silence how long the peer may be silent
     */
    Future<PeerReply> send(PeerEndpoint to, Word word, Buffer sent, int answerBytesMax, Duration silence) {
        Duration total = gossipContext.gossip().limits().callTime();
        PeerExchange.Limits limits = new PeerExchange.Limits(
                answerBytesMax,
                total.compareTo(silence) < 0 ? silence : total,
                gossipContext.callTimeout(),
                gossipContext.gossip().limits().callRateBytes());
        long sentAt = gossipContext.now();
        return new PeerExchange(vertx, limits, budget, word.text() + " at " + to.address() + ": ")
                .run(
                        client().request(options(to, word, silence)),
                        sent,
                        date -> clocks.heard(to.address().text(), date, sentAt, gossipContext.now()))
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

    /** What peers' answers tell of their clocks. */
    public PeerClocks clocks() {
        return clocks;
    }

    public void close() {
        client.ifPresent(WebClient::close);
    }

    private void count(Throwable cause) {
        slow += cause instanceof PeerCallFailure no && no.kind() == Fault.Kind.SLOW ? 1 : 0;
    }

    /** Made at the first call, as a node without peers needs none. */
    private WebClient client() {
        WebClient made = client.orElseGet(this::make);
        client = Optional.of(made);
        return made;
    }

    private WebClient make() {
        WebClientOptions options = new WebClientOptions();
        options.setUserAgentEnabled(false)
                .setFollowRedirects(false)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setConnectTimeout((int) Math.min(Integer.MAX_VALUE, connectTimeout.toMillis()));
        trust(options, gossipContext.gossip().peerCa());
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX);
        return ((WebClientInternal) WebClient.create(vertx, options, pool)).addInterceptor(PeerClient::intercept);
    }

    /**
     * Whose certificates are accepted at https addresses. What a peer says is bound to its identity key by what both
     * sign; TLS keeps those who listen from reading it, and a configured authority those in between as well.
     */
    static void trust(HttpClientOptions options, String peerCa) {
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
        if (peerCa.isEmpty()) {
            options.setTrustAll(true).setVerifyHost(false);
        } else if (!peerCa.equals(NodeConfig.Gossip.SYSTEM_CA)) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(peerCa));
        }
    }

    /**
     * Shows each call the request that carries it. A {@link WebClient} resets no request whose answer has begun, not
     * even if its codec fails, so that whoever answers slowly would keep the connection; and it has no other way to the
     * request than this.
     */
    private static void intercept(HttpContext<?> context) {
        if (context.phase() == ClientPhase.SEND_REQUEST
                && context.request().bodyCodec() instanceof PeerExchange exchange
                && !exchange.sends(context.clientRequest())) {
            context.fail(new IllegalStateException("the call is over before it was sent"));
            return;
        }
        context.next();
    }

    private RequestOptions options(PeerEndpoint to, Word word, Duration silence) {
        PeerAddress address = to.address();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(address.port(), PeerAddress.bracketed(to.ip())))
                .setHost(address.bracketed())
                .setPort(address.port())
                .setSsl(address.secure())
                .setURI(PATH + word.text())
                .setFollowRedirects(false)
                .setConnectTimeout(connectTimeout.toMillis())
                .setTimeout(silence.toMillis())
                .putHeader("Content-Type", MEDIA_TYPE);
        word.fields().forEach(options::putHeader);
        return options;
    }
}
