package io.qbc.gossip.peers;

import io.qbc.config.PeerAddress;
import io.qbc.model.Bytes;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;

/** An HTTP client for calls to peers: at the pinned IP address, without redirects, bounded in time and size. */
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
    private Optional<WebClient> client = Optional.empty();
    private final int bytesMax;
    private final Duration connectTimeout;

    public PeerClient(GossipContext gossipContext) {
        this.gossipContext = gossipContext;
        bytesMax = gossipContext.config().limits().batchBytes();
        connectTimeout = gossipContext.callTimeout();
        vertx = gossipContext.vertx();
    }

    /** Sends a request and gives the answer's frame; fails with {@link PeerCallFailure}. */
    <Q extends Message> Future<Bytes> send(PeerEndpoint to, PeerMethod<Q, ?> method, Q request, Duration timeout) {
        BoundedBody body = new BoundedBody(bytesMax);
        Bytes frame = method.request().codec().encode(request);
        long sentAt = gossipContext.now();
        return client().request(options(to, method.word(), timeout))
                .as(BodyCodec.pipe(body))
                .sendBuffer(Buffer.buffer(frame.toArray()))
                .transform(done -> {
                    String what = method + " at " + to.address() + ": ";
                    if (body.over()) {
                        return unanswered(what + "the answer is longer than " + bytesMax + " bytes");
                    }
                    if (done.succeeded()) {
                        Optional<String> date =
                                Optional.ofNullable(done.result().getHeader("Date"));
                        clocks.heard(to.address().text(), date, sentAt, gossipContext.now());
                    }
                    return done.succeeded()
                            ? answered(done.result(), body, what)
                            : Future.failedFuture(new PeerCallFailure(
                                    kind(done.cause()), what + done.cause().getMessage()));
                });
    }

    /** What peers' answers tell of their clocks. */
    public PeerClocks clocks() {
        return clocks;
    }

    public void close() {
        client.ifPresent(WebClient::close);
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
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX);
        return WebClient.create(vertx, options, pool);
    }

    private RequestOptions options(PeerEndpoint to, String word, Duration timeout) {
        PeerAddress address = to.address();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(address.port(), PeerAddress.bracketed(to.ip())))
                .setHost(address.bracketed())
                .setPort(address.port())
                .setSsl(address.secure())
                .setURI(PATH + word)
                .setFollowRedirects(false)
                .setConnectTimeout(connectTimeout.toMillis())
                .setTimeout(timeout.toMillis())
                .putHeader("Content-Type", MEDIA_TYPE);
    }

    private static Future<Bytes> answered(HttpResponse<Void> response, BoundedBody body, String what) {
        int status = response.statusCode();
        if (status == 200) {
            return Future.succeededFuture(body.bytes());
        }
        return status >= 500 && status != 503
                ? unanswered(what + "status " + status)
                : Future.failedFuture(new PeerCallFailure(Fault.Kind.DECLINED, what + "status " + status));
    }

    private static Future<Bytes> unanswered(String why) {
        return Future.failedFuture(new PeerCallFailure(Fault.Kind.SILENT, why));
    }

    private static Fault.Kind kind(Throwable cause) {
        if (cause instanceof ConnectionPoolTooBusyException) {
            // Too many calls to it wait here, which is not its fault.
            return Fault.Kind.DECLINED;
        }
        return cause instanceof ConnectException ? Fault.Kind.REFUSED : Fault.Kind.SILENT;
    }
}
