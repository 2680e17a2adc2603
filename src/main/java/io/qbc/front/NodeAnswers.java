package io.qbc.front;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyResponse;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of answers back to callers. Where the library would collect a whole answer, or pass on what a slow reader
 * does not take yet, pieces are passed on at the reader's pace here.
 */
final class NodeAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAnswers.class);
    private static final int SWITCHING = 101;
    /** Fields that are about one connection alone. */
    private static final List<CharSequence> OF_CONNECTIONS =
            List.of(HttpHeaders.CONNECTION, HttpHeaders.KEEP_ALIVE, HttpHeaders.TRANSFER_ENCODING);

    private NodeAnswers() {}

    /** @param end runs when a socket is closed */
    static Future<Void> send(ProxyContext context, Runnable end) {
        ProxyResponse answer = context.response();
        HttpServerRequest asked = context.request().proxiedRequest();
        boolean received = answer.proxiedResponse() != null;
        if (context.isWebSocket() && answer.getStatusCode() == SWITCHING) {
            join(asked, answer, end);
            return Future.succeededFuture();
        }
        OF_CONNECTIONS.forEach(answer.headers()::remove);
        if (context.isWebSocket()) {
            // Whoever wanted a socket is told why there is none; the library would tell the status alone.
            asked.resume();
            Future<Void> sent = answer.send();
            return received ? sent.eventually(() -> close(answer.proxiedResponse())) : sent;
        }
        boolean endless =
                received && answer.getBody() != null && answer.getBody().length() < 0;
        return endless && asked.version() == HttpVersion.HTTP_1_0 ? untilClosed(asked, answer) : context.sendResponse();
    }

    private static Future<Void> close(HttpClientResponse from) {
        return from.request().connection().close();
    }

    /** HTTP/1.0 has no chunks: the end of the connection is the end of the answer. */
    private static Future<Void> untilClosed(HttpServerRequest asked, ProxyResponse answer) {
        HttpServerResponse to = asked.response();
        to.setStatusCode(answer.getStatusCode());
        to.headers().addAll(answer.headers());
        return answer.proxiedResponse().pipe().endOnFailure(false).to(to).onFailure(cause -> {
            var unusedReset = answer.proxiedResponse().request().reset();
            var unusedEnd = to.reset();
        });
    }

    private static void join(HttpServerRequest asked, ProxyResponse answer, Runnable end) {
        NetSocket node = answer.proxiedResponse().netSocket();
        node.pause();
        HttpServerResponse to = asked.response();
        to.setStatusCode(SWITCHING);
        to.headers().addAll(answer.headers());
        asked.toNetSocket()
                .onSuccess(caller -> {
                    caller.closeHandler(closed -> {
                        node.close();
                        end.run();
                    });
                    node.closeHandler(closed -> caller.close());
                    var unusedThere = caller.pipeTo(node);
                    var unusedBack = node.pipeTo(caller);
                })
                .onFailure(cause -> {
                    LOG.debug("a caller left before its socket was there", cause);
                    node.close();
                    end.run();
                });
    }
}
