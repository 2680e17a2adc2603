package io.qbc.gossip;

import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;

/** Calls peers over HTTP: the pinned IP address, no redirects, bounded in time and size. */
final class Calls {
    static final String MEDIA_TYPE = "application/octet-stream";

    private static final String PATH = "/v1/peer/";
    private static final int CONNECTIONS_MAX = 8;
    private static final int WAITING_MAX = 64;
    // Shorter than a server's idle time, so that a call seldom meets a connection that is just being closed.
    private static final int KEEP_ALIVE_SECONDS = 15;

    private final Setting setting;
    private final HttpClient client;
    private final int bytesMax;
    private final long timeout;

    Calls(Setting setting) {
        this.setting = setting;
        bytesMax = setting.config().limits().batchBytes();
        timeout = setting.gossip().callTimeout().toMillis();
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setConnectTimeout((int) Math.min(Integer.MAX_VALUE, timeout));
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX);
        client = setting.vertx().createHttpClient(options, pool);
    }

    /** Sends a frame and gives the answer's; fails with {@link NoAnswer}. */
    Future<Bytes> call(Endpoint to, String verb, Bytes frame) {
        return call(to, verb, frame, 1);
    }

    /** @param patience how many times the usual timeout the answer may take */
    Future<Bytes> call(Endpoint to, String verb, Bytes frame, int patience) {
        Promise<Bytes> answer = Promise.promise();
        Exchange exchange = new Exchange(verb + " at " + to.address(), answer);
        long timer = setting.vertx()
                .setTimer(timeout * patience, id -> exchange.fail(NoAnswer.Kind.SILENT, "no answer in time"));
        client.request(options(to, verb))
                .compose(request -> exchange.send(request, frame))
                .onFailure(exchange::broken);
        return answer.future().eventually(() -> {
            setting.vertx().cancelTimer(timer);
            return Future.succeededFuture();
        });
    }

    Future<Void> close() {
        return client.shutdown(0, TimeUnit.SECONDS);
    }

    private RequestOptions options(Endpoint to, String verb) {
        PeerAddress address = to.address();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(address.port(), to.ip()))
                .setHost(address.bracketed())
                .setPort(address.port())
                .setSsl(address.secure())
                .setURI(PATH + verb)
                .setFollowRedirects(false)
                .setConnectTimeout(timeout)
                .putHeader("Content-Type", MEDIA_TYPE);
    }

    /** One call under way. */
    private final class Exchange {
        private final String what;
        private final Promise<Bytes> answer;
        private HttpClientRequest request;

        Exchange(String what, Promise<Bytes> answer) {
            this.what = what;
            this.answer = answer;
        }

        Future<Void> send(HttpClientRequest opened, Bytes frame) {
            request = opened;
            if (answer.future().isComplete()) {
                return opened.reset();
            }
            return opened.send(Buffer.buffer(frame.toArray())).compose(this::receive);
        }

        private Future<Void> receive(HttpClientResponse response) {
            Buffer body = Buffer.buffer();
            response.handler(part -> {
                if (body.length() + part.length() > bytesMax) {
                    fail(NoAnswer.Kind.SILENT, "the answer is longer than " + bytesMax + " bytes");
                } else {
                    body.appendBuffer(part);
                }
            });
            return response.end().onSuccess(end -> finish(response.statusCode(), body));
        }

        private void finish(int status, Buffer body) {
            if (status == 200) {
                answer.tryComplete(Bytes.wrap(body.getBytes()));
            } else if (status >= 500 && status != 503) {
                fail(NoAnswer.Kind.SILENT, "status " + status);
            } else {
                fail(NoAnswer.Kind.DECLINED, "status " + status);
            }
        }

        void broken(Throwable cause) {
            fail(kind(cause), String.valueOf(cause.getMessage()));
        }

        private static NoAnswer.Kind kind(Throwable cause) {
            if (cause instanceof ConnectionPoolTooBusyException) {
                // Too many calls to it wait here, which is not its fault.
                return NoAnswer.Kind.DECLINED;
            }
            return cause instanceof ConnectException ? NoAnswer.Kind.REFUSED : NoAnswer.Kind.SILENT;
        }

        void fail(NoAnswer.Kind kind, String detail) {
            if (answer.tryFail(new NoAnswer(kind, what + ": " + detail)) && request != null) {
                request.reset();
            }
        }
    }
}
