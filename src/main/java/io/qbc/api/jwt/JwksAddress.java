package io.qbc.api.jwt;

import io.qbc.config.JwtConfig;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An https address at which an issuer shows its public keys: asked without redirects, bounded in time and size. */
public final class JwksAddress implements JwksSource {
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int OK = 200;

    private final Vertx vertx;
    private final JwtConfig config;
    private final Duration timeout;

    /** @param timeout for one reading in all */
    public JwksAddress(Vertx vertx, JwtConfig config, Duration timeout) {
        this.vertx = vertx;
        this.config = config;
        this.timeout = timeout;
    }

    /** With a client of its own for each reading, since closing that ends whatever is still under way. */
    @Override
    public Future<Bytes> read() {
        HttpClient client = vertx.createHttpClient(options(), new PoolOptions().setHttp1MaxSize(1));
        return client.request(request())
                .compose(HttpClientRequest::send)
                .compose(JwksAddress::document)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(done -> client.close());
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public Duration period() {
        return config.refresh();
    }

    private HttpClientOptions options() {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setKeepAlive(false)
                .setConnectTimeout((int) timeout.toMillis());
        return config.trust().isEmpty()
                ? options
                : options.setTrustOptions(new PemTrustOptions().addCertPath(config.trust()));
    }

    private RequestOptions request() {
        return new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(config.keys())
                .setFollowRedirects(false)
                .putHeader("Accept", "application/jwk-set+json, application/json");
    }

    private static Future<Bytes> document(HttpClientResponse response) {
        if (response.statusCode() != OK) {
            return Future.failedFuture(new IOException("the answer is " + response.statusCode() + " and not " + OK));
        }
        Promise<Bytes> promise = Promise.promise();
        Buffer all = Buffer.buffer();
        response.handler(piece -> {
            if (piece.length() > JwkSet.BYTES_MAX - all.length()) {
                promise.tryFail(new IOException("the answer is longer than " + JwkSet.BYTES_MAX + " bytes"));
            } else {
                all.appendBuffer(piece);
            }
        });
        response.exceptionHandler(promise::tryFail);
        response.endHandler(end -> promise.tryComplete(Bytes.wrap(all.getBytes())));
        return promise.future();
    }
}
