package io.qbc.bench.load;

import io.qbc.json.JsonLimits;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Sha256;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

/** The ceiling: reads a body, checks it as JSON, hashes it, and answers 202 with the hash. It keeps nothing. */
public final class EchoVerticle extends VerticleBase {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    private final int port;
    private HttpServer server;

    public EchoVerticle(int port) {
        this.port = port;
    }

    @Override
    public Future<?> start() {
        server = vertx.createHttpServer().requestHandler(this::echo);
        return server.listen(port, Http.HOST);
    }

    /** Where it listens once it is started. */
    int port() {
        return server.actualPort();
    }

    private void echo(HttpServerRequest request) {
        request.body()
                .compose(body -> answer(request, body))
                .onFailure(cause -> request.connection().close());
    }

    private static Future<Void> answer(HttpServerRequest request, Buffer body) {
        byte[] bytes = body.getBytes();
        boolean sound = StrictJson.object(Bytes.wrap(bytes), LIMITS).fault().isEmpty();
        String id = Sha256.of(bytes, 0, bytes.length).hex();
        return request.response()
                .setStatusCode(sound ? 202 : 400)
                .putHeader("content-type", "application/json")
                .end("{\"id\":\"" + id + "\"}");
    }
}
