package io.qbc.front;

import io.qbc.api.Answer;
import io.qbc.api.Problems;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ForwardedHeadersOptions;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyResponse;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of requests to nodes and of answers back, as they are, in pieces at the pace of whoever is slower. A node
 * that takes no connection is passed over; one that was given a request and is gone without an answer is told of, as
 * nobody knows what it did.
 */
final class NodeProxy {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProxy.class);
    private static final String TARGET = "qbc.target";
    private static final String EXPECT = "Expect";

    private final HttpClient client;
    private final NodeChoice choice;
    private final ForwardedFields forwarded;
    private final FrontMetrics metrics;
    private final HttpProxy proxy;
    /** What is to be done at the end of those who want a socket, of which their response does not tell. */
    private final IdentityHashMap<HttpServerRequest, Runnable> sockets = new IdentityHashMap<>();

    NodeProxy(HttpClient client, NodeChoice choice, ForwardedFields forwarded, FrontMetrics metrics) {
        this.client = client;
        this.choice = choice;
        this.forwarded = forwarded;
        this.metrics = metrics;
        this.proxy = HttpProxy.reverseProxy(
                        new ProxyOptions()
                                .setSupportWebSocket(true)
                                .setForwardedHeadersOptions(new ForwardedHeadersOptions().setEnabled(false)),
                        client)
                .origin(this::request)
                .addInterceptor(new Passing(), true);
    }

    /** @param end runs once a socket is closed; it may run before, and is forgotten then */
    void pass(HttpServerRequest request, Runnable end) {
        if (request.canUpgradeToWebSocket()) {
            sockets.put(request, end);
        }
        proxy.handle(request);
    }

    /** A request is over. */
    void forget(HttpServerRequest request) {
        sockets.remove(request);
    }

    private Future<HttpClientRequest> request(ProxyContext context) {
        HttpServerRequest asked = context.request().proxiedRequest();
        return choice.of(asked)
                .recover(cause -> Future.failedFuture(untouched(cause)))
                .compose(targets -> request(context, targets, 0, Optional.empty()));
    }

    private static NoNodeException untouched(Throwable cause) {
        return cause instanceof NoNodeException known ? known : new NoNodeException(Optional.of(cause));
    }

    private Future<HttpClientRequest> request(
            ProxyContext context, List<ServingNode> targets, int index, Optional<Throwable> before) {
        if (index == targets.size()) {
            return Future.failedFuture(new NoNodeException(before));
        }
        ServingNode target = targets.get(index);
        return client.request(NodeChoice.options(target))
                .onSuccess(made -> context.set(TARGET, target))
                .recover(cause -> {
                    LOG.debug("{} takes no connection: {}", target.api(), cause.toString());
                    metrics.passedOver();
                    return request(context, targets, index + 1, Optional.of(cause));
                });
    }

    /** What is changed on the way: who called, and by whom it was answered. */
    private final class Passing implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            context.request().headers().remove(EXPECT);
            forwarded.write(
                    context.request().proxiedRequest(), context.request().headers());
            return context.sendRequest()
                    .onSuccess(answer -> hold(context, answer))
                    .recover(cause -> Future.succeededFuture(lost(context, cause)));
        }

        /** Nothing of an answer is let fall before somebody reads it. */
        private void hold(ProxyContext context, ProxyResponse answer) {
            if (context.isWebSocket()) {
                answer.proxiedResponse().pause();
            }
        }

        @Override
        public Future<Void> handleProxyResponse(ProxyContext context) {
            Optional.ofNullable(context.get(TARGET, ServingNode.class))
                    .ifPresent(target -> context.response().putHeader(NodeChoice.NODE, target.key()));
            if (context.response().proxiedResponse() != null) {
                metrics.answered(context.response().getStatusCode());
            }
            Runnable end = sockets.getOrDefault(context.request().proxiedRequest(), () -> {});
            return NodeAnswers.send(context, end);
        }
    }

    private ProxyResponse lost(ProxyContext context, Throwable cause) {
        boolean untouched = cause instanceof NoNodeException;
        Reason reason = untouched ? Reason.NODES_UNREACHABLE : Reason.NODE_LOST;
        String detail = untouched
                ? "no node of the cluster takes the request; nothing was done, ask again"
                : "the node was lost before it answered; what was asked may be done or not: ask again, with the same"
                        + " idempotency key where it was an injection";
        LOG.debug("a request failed", cause);
        if (!context.request().proxiedRequest().response().closed()) {
            metrics.failed(reason.code());
        }
        Answer answer = Problems.answer(reason.refusal(detail), Optional.empty());
        ProxyResponse response = context.request().release().response();
        response.setStatusCode(answer.status());
        response.headers().clear();
        answer.headers().forEach(response::putHeader);
        response.putHeader(HttpHeaders.CONTENT_TYPE, answer.type());
        return response.setBody(Body.body(Buffer.buffer(answer.body().toArray())));
    }
}
