package io.qbc.client.rest;

import io.qbc.client.answer.EventStream;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.Retrier;
import io.qbc.client.transport.Transport;
import io.qbc.client.transport.TryFailure;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** The way to nodes over their REST API. */
public final class RestTransport implements Transport {
    static final String RETRY_AFTER = "Retry-After";
    private static final int CONNECT_MILLIS_MAX = 5000;
    private static final int STREAMS_MAX = 1024;
    private static final int SECONDS_DIGITS_MAX = 6;

    private final Vertx vertx;
    private final ClientOptions options;
    private final HttpClient calls;
    /** Streams have connections of their own, so that calls never wait for one. */
    private final HttpClient streams;

    private final Set<RestFollower> followers = ConcurrentHashMap.newKeySet();

    public RestTransport(Vertx vertx, ClientOptions options) {
        if (options.nodes().isEmpty()) {
            throw new IllegalArgumentException("a client over REST needs the address of a node");
        }
        this.vertx = vertx;
        this.options = options;
        this.calls = client(options.inFlightMax());
        this.streams = client(STREAMS_MAX);
    }

    private HttpClient client(int connectionsMax) {
        HttpClientOptions http = new HttpClientOptions()
                .setConnectTimeout(
                        (int) Math.min(CONNECT_MILLIS_MAX, options.tryTimeout().toMillis()))
                .setDecompressionSupported(true);
        options.tls().trust().ifPresent(http::setTrustOptions);
        options.tls().certificate().ifPresent(http::setKeyCertOptions);
        return vertx.httpClientBuilder()
                .with(http)
                .with(new PoolOptions().setHttp1MaxSize(connectionsMax))
                .build();
    }

    private record Reply(int status, long pauseMillis, Bytes body) {
        static Future<Reply> read(HttpClientResponse response) {
            long pause = RestTransport.pauseMillis(Optional.ofNullable(response.getHeader(RETRY_AFTER)));
            return response.body().map(body -> new Reply(response.statusCode(), pause, Bytes.wrap(body.getBytes())));
        }
    }

    /** What a node asks for by {@code Retry-After} in seconds, the only form that nodes use. */
    static long pauseMillis(Optional<String> field) {
        return field.filter(text -> text.length() <= SECONDS_DIGITS_MAX
                        && !text.isEmpty()
                        && text.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(text -> TimeUnit.SECONDS.toMillis(Long.parseLong(text)))
                .orElse(0L);
    }

    @Override
    public int nodes() {
        return options.nodes().size();
    }

    @Override
    public boolean isRewriting() {
        return false;
    }

    @Override
    public Optional<Batches> batches() {
        return Optional.of(this::batch);
    }

    @Override
    public Future<Bytes> call(int node, ApiRequest request, long millis) {
        return exchange(node, RestRequest.of(request), millis);
    }

    private Future<List<Bytes>> batch(int node, ApiRequest inject, List<Bytes> lines, long millis) {
        return exchange(node, RestRequest.lines(inject, lines), millis).map(RestTransport::lines);
    }

    private static List<Bytes> lines(Bytes text) {
        List<Bytes> lines = new ArrayList<>();
        text.text().lines().filter(line -> !line.isBlank()).map(Bytes::utf8).forEach(lines::add);
        return lines;
    }

    @Override
    public Future<EventStream> follow(Retrier retrier, Followed followed) {
        RestFollower follower = new RestFollower(vertx, this, retrier, followed, options.callTimeout());
        followers.add(follower);
        follower.ended().onComplete(over -> followers.remove(follower));
        return follower.begin();
    }

    /** Opens a stream of events; the response has been paused. */
    Future<HttpClientRequest> openStream(int node, ApiRequest follow, Optional<String> last) {
        return streams.request(head(node, RestRequest.events(follow, last)))
                .recover(cause -> Future.failedFuture(TryFailure.unreachable(where(node), cause)));
    }

    private RequestOptions head(int node, RestRequest request) {
        URI base = options.nodes().get(node);
        RequestOptions head = new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setAbsoluteURI(base + request.uri());
        request.fields().forEach(head::putHeader);
        options.credential().get().ifPresent(token -> head.putHeader("Authorization", "Bearer " + token));
        return head;
    }

    String where(int node) {
        return options.nodes().get(node).toString();
    }

    private Future<Bytes> exchange(int node, RestRequest asked, long millis) {
        Optional<Buffer> body = asked.body().map(bytes -> Buffer.buffer(bytes.toArray()));
        AtomicReference<Optional<HttpClientRequest>> sent = new AtomicReference<>(Optional.empty());
        Future<Reply> reply = calls.request(head(node, asked))
                .recover(cause -> Future.failedFuture(TryFailure.unreachable(where(node), cause)))
                .compose(request -> {
                    sent.set(Optional.of(request));
                    return body.map(request::send).orElseGet(request::send).compose(Reply::read);
                });
        return reply.timeout(millis, TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(failure(node, cause, sent.get(), millis)))
                .map(answer -> granted(answer));
    }

    private TryFailure failure(int node, Throwable cause, Optional<HttpClientRequest> sent, long millis) {
        if (cause instanceof TryFailure known) {
            return known;
        }
        if (cause instanceof TimeoutException) {
            sent.ifPresent(HttpClientRequest::reset);
            return TryFailure.timedOut(where(node), millis);
        }
        return TryFailure.lost(where(node), cause);
    }

    private static Bytes granted(Reply reply) {
        if (reply.status() >= 200 && reply.status() < 300) {
            return reply.body();
        }
        throw TryFailure.refused(reply.status(), reply.body(), reply.pauseMillis());
    }

    @Override
    public Future<Void> close() {
        List<Future<Void>> ends =
                List.copyOf(followers).stream().map(RestFollower::close).toList();
        return Future.join(ends)
                .transform(over -> Future.join(calls.close(), streams.close()).mapEmpty());
    }
}
