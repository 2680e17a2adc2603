package io.qbc.bench.process;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.load.Http;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The few calls of a node's REST that are not under measurement. */
public final class NodeApi {
    private static final String JSON = "application/json";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String base;
    private final Optional<String> key;

    /** @param key an API key to show */
    NodeApi(int port, Optional<String> key) {
        this.base = "http://" + Http.HOST + ":" + port;
        this.key = key;
    }

    /** The status of a GET, or 0 if there is no answer. */
    public int status(String path) throws InterruptedException {
        try {
            return client.send(request(path, Duration.ofSeconds(5)).GET().build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    public JsonObject chain() throws IOException, InterruptedException {
        return json(
                client.send(request(Http.CHAIN, Duration.ofSeconds(30)).GET().build(), BodyHandlers.ofString()));
    }

    /** Transactions in the chain. */
    public long committed() throws IOException, InterruptedException {
        return chain().getJsonObject("head").getLong("treeSize");
    }

    /** Transactions in the chain and waiting. */
    public long kept() throws IOException, InterruptedException {
        JsonObject chain = chain();
        return chain.getJsonObject("head").getLong("treeSize")
                + chain.getJsonObject("pool").getLong("transactions");
    }

    /** Seals what waits. */
    public JsonObject leap() throws IOException, InterruptedException {
        return json(client.send(
                request(Http.CHAIN + "/leaps", Duration.ofMinutes(5))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString()));
    }

    /** Makes a chain. */
    public void bang(JsonObject spec) throws IOException, InterruptedException {
        json(client.send(
                request("/v1/chains", Duration.ofSeconds(30))
                        .header("Content-Type", JSON)
                        .POST(HttpRequest.BodyPublishers.ofString(spec.encode()))
                        .build(),
                BodyHandlers.ofString()));
    }

    public JsonObject get(String path) throws IOException, InterruptedException {
        return json(client.send(request(path, Duration.ofSeconds(30)).GET().build(), BodyHandlers.ofString()));
    }

    public JsonObject put(String path, JsonObject body) throws IOException, InterruptedException {
        return json(client.send(
                request(path, Duration.ofSeconds(30))
                        .header("Content-Type", JSON)
                        .PUT(HttpRequest.BodyPublishers.ofString(body.encode()))
                        .build(),
                BodyHandlers.ofString()));
    }

    public JsonObject delete(String path) throws IOException, InterruptedException {
        return json(client.send(request(path, Duration.ofMinutes(2)).DELETE().build(), BodyHandlers.ofString()));
    }

    /** Injects one transaction, which the node must take; its id. */
    public String injected(String body) throws IOException, InterruptedException {
        return json(client.send(
                        request(Http.TRANSACTIONS, Duration.ofSeconds(30))
                                .header("Content-Type", JSON)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString()))
                .getString("id");
    }

    /** When a read that waits was answered with 200, by the nano clock. */
    public CompletableFuture<Long> answeredAt(String path) {
        HttpRequest request = request(path, Duration.ofSeconds(60)).GET().build();
        return client.sendAsync(request, BodyHandlers.ofString()).thenApply(response -> {
            long now = System.nanoTime();
            json(response);
            return now;
        });
    }

    /** Injects one transaction; the status, or 0 without an answer. */
    public int inject(String body) throws InterruptedException {
        try {
            HttpRequest.Builder builder = request(Http.TRANSACTIONS, Duration.ofSeconds(5));
            return client.send(
                            builder.header("Content-Type", JSON)
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** All quants, one a line; the caller closes it. */
    public InputStream quants() throws IOException, InterruptedException {
        return client.send(
                        request(Http.CHAIN + "/quants", Duration.ofMinutes(10))
                                .header("Accept", "application/x-ndjson")
                                .GET()
                                .build(),
                        BodyHandlers.ofInputStream())
                .body();
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout);
        key.ifPresent(shown -> request.header("Authorization", Http.authorization(shown)));
        return request;
    }

    private static JsonObject json(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new BenchException(response.uri() + " answered " + response.statusCode() + ": " + response.body());
        }
        return new JsonObject(response.body());
    }
}
