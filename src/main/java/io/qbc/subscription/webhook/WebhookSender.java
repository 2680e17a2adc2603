package io.qbc.subscription.webhook;

import io.qbc.config.AddressPolicy;
import io.qbc.config.PeerAddress;
import io.qbc.config.Ports;
import io.qbc.config.WebhookSettings;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sender of webhooks as Standard Webhooks 1.0.0 has them: to an IP address that was resolved once and may be called,
 * without redirects, bounded in time, and without interest in what the answer says. Confined to one event loop.
 */
final class WebhookSender {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    /** How much of an answer's body is read, and how long, so that its connection can be used again. */
    private static final int ANSWER_BYTES_MAX = 16 * 1024;

    private static final long ANSWER_MILLIS_MAX = 2000;
    private static final int WAITING_MAX = 10_000;
    // Shorter than a server's idle time, so that an attempt seldom meets a connection that is just being closed.
    private static final int KEEP_ALIVE_SECONDS = 15;
    private static final String AGENT = "qbc";

    private final Vertx vertx;
    private final WebhookSettings settings;
    private final InstantSource clock;
    private final TargetResolver resolver;
    private Optional<HttpClient> client = Optional.empty();

    /**
     * One instance.
     *
     * @param host where this node listens: on this machine alone, it may call this machine
     * @param ownPort where this node listens
     * @param workers look names up
     */
    WebhookSender(
            Vertx vertx,
            WebhookSettings settings,
            String host,
            IntSupplier ownPort,
            WorkerExecutor workers,
            InstantSource clock) {
        this.vertx = vertx;
        this.settings = settings;
        this.clock = clock;
        Ports ports = Ports.of("subscriptions.webhook.ports", settings.ports());
        AddressPolicy policy = new AddressPolicy(settings.allowed(), ports, AddressPolicy.isLoopback(host));
        resolver = new TargetResolver(workers, policy, ownPort);
    }

    /** Makes one attempt; never fails. */
    Future<WebhookOutcome> send(WebhookMessage message) {
        long timeout = message.timeout().toMillis();
        Attempt attempt = new Attempt(message);
        long timer = vertx.setTimer(timeout, over -> attempt.fail("no answer within " + timeout + " ms"));
        resolver.pin(message.target().base())
                .onSuccess(attempt::call)
                .onFailure(cause -> attempt.fail(String.valueOf(cause.getMessage())));
        return attempt.end.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** Ends the connections. */
    Future<Void> close() {
        return client.map(HttpClient::close).orElseGet(Future::succeededFuture);
    }

    /** Made at the first attempt, as a node without webhooks needs none. */
    private HttpClient client() {
        HttpClient made = client.orElseGet(this::make);
        client = Optional.of(made);
        return made;
    }

    private HttpClient make() {
        HttpClientOptions options = new HttpClientOptions().setKeepAliveTimeout(KEEP_ALIVE_SECONDS);
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
        if (!settings.ca().equals(WebhookSettings.SYSTEM_CA)) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(settings.ca()));
        }
        PoolOptions pool =
                new PoolOptions().setHttp1MaxSize(settings.connections()).setMaxWaitQueueSize(WAITING_MAX);
        return vertx.createHttpClient(options, pool);
    }

    /** What an answer means. */
    static WebhookOutcome outcome(int status, Optional<String> retryAfter, Instant now, Duration most) {
        Optional<Duration> after = retryAfter.flatMap(text -> RetryAfter.read(text, now, most));
        String why = "the receiver answered " + status;
        if (status / 100 == 2) {
            return new WebhookOutcome.Delivered(status);
        }
        return switch (status) {
            case 410 -> new WebhookOutcome.Gone(why);
            case 429, 502, 503, 504 -> new WebhookOutcome.Throttled(why, after);
            default -> new WebhookOutcome.Failed(status / 100 == 3 ? why + ", and redirects are not followed" : why);
        };
    }

    /** One attempt while it is under way. */
    private final class Attempt {
        private final WebhookMessage message;
        private final Promise<WebhookOutcome> end = Promise.promise();
        private Optional<HttpClientRequest> request = Optional.empty();

        Attempt(WebhookMessage message) {
            this.message = message;
        }

        void call(String ip) {
            if (end.future().isComplete()) {
                return;
            }
            client().request(options(ip)).onSuccess(this::write).onFailure(this::broken);
        }

        private RequestOptions options(String ip) {
            PeerAddress base = message.target().base();
            return new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setServer(SocketAddress.inetSocketAddress(base.port(), PeerAddress.bracketed(ip)))
                    .setHost(base.bracketed())
                    .setPort(base.port())
                    .setSsl(base.secure())
                    .setURI(message.target().uri())
                    .setFollowRedirects(false)
                    .setConnectTimeout(message.timeout().toMillis());
        }

        private void write(HttpClientRequest made) {
            request = Optional.of(made);
            if (end.future().isComplete()) {
                reset(made);
                return;
            }
            Instant now = clock.instant();
            Bytes body = message.body();
            message.fields().forEach(made::putHeader);
            made.putHeader(HttpHeaders.CONTENT_TYPE, message.type())
                    .putHeader(HttpHeaders.USER_AGENT, AGENT)
                    .putHeader("webhook-id", message.id())
                    .putHeader("webhook-timestamp", Long.toString(now.getEpochSecond()))
                    .putHeader("webhook-signature", message.signatures(now));
            made.send(Buffer.buffer(body.size()).appendBytes(body.array(), body.offset(), body.size()))
                    .onSuccess(this::answered)
                    .onFailure(this::broken);
        }

        /** The status is all that counts. */
        private void answered(HttpClientResponse response) {
            Optional<String> retryAfter = Optional.ofNullable(response.getHeader(HttpHeaders.RETRY_AFTER));
            end.tryComplete(outcome(response.statusCode(), retryAfter, clock.instant(), settings.retryAfterMax()));
            discard(response);
        }

        private void discard(HttpClientResponse response) {
            HttpClientRequest made = response.request();
            long timer = vertx.setTimer(ANSWER_MILLIS_MAX, over -> reset(made));
            long[] size = new long[1];
            response.exceptionHandler(cause -> vertx.cancelTimer(timer))
                    .endHandler(read -> vertx.cancelTimer(timer))
                    .handler(piece -> {
                        size[0] += piece.length();
                        if (size[0] > ANSWER_BYTES_MAX) {
                            vertx.cancelTimer(timer);
                            reset(made);
                        }
                    });
        }

        private void broken(Throwable cause) {
            LOG.debug("an attempt at {} failed", message.target(), cause);
            fail("the receiver cannot be reached: " + cause.getMessage());
        }

        void fail(String why) {
            if (end.tryComplete(new WebhookOutcome.Failed(why))) {
                request.ifPresent(this::reset);
            }
        }

        private void reset(HttpClientRequest made) {
            made.reset().onFailure(cause -> LOG.debug("an attempt cannot be reset: {}", cause.toString()));
        }
    }
}
