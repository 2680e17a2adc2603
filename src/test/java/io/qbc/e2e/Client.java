package io.qbc.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Patience;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A client of one node over HTTP, with the requests that tests make most and raw bytes for those that no client makes.
 */
public final class Client {
    private static final Duration TIMEOUT = Patience.CONDITION;
    private static final String JSON = "application/json";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Patience.ANSWER)
            .build();
    private final URI base;

    /** A client of the node at this base address, like {@code http://127.0.0.1:5000}. */
    public Client(String base) {
        this.base = URI.create(base);
    }

    /** The base address. */
    URI base() {
        return base;
    }

    /** Injects one JSON value into the chain {@code main}; the answer is the node's, whatever it is. */
    public Answer inject(String json) {
        return post("/v1/chains/main/transactions", "{\"data\":" + json + "}");
    }

    /** Injects with an idempotency key. */
    public Answer inject(String json, String key) {
        return post("/v1/chains/main/transactions", "{\"data\":" + json + "}", "Idempotency-Key", key);
    }

    public CompletableFuture<Answer> injectLater(String json) {
        return sendLater(request(
                "POST",
                "/v1/chains/main/transactions",
                BodyPublishers.ofString("{\"data\":" + json + "}"),
                "Content-Type",
                JSON));
    }

    /** Leaps the chain {@code main}; again, if a node that is slow asks for that. */
    public Answer leap() {
        long end = System.nanoTime() + Patience.PROCESS.toNanos();
        Answer leapt = post("/v1/chains/main/leaps", "");
        while (leapt.status() == 504 && System.nanoTime() < end) {
            leapt = post("/v1/chains/main/leaps", "");
        }
        return leapt;
    }

    /** The state of the chain {@code main}. */
    public JsonNode chain() {
        return get("/v1/chains/main").expect(200).json();
    }

    /** The head hash of the chain {@code main}. */
    public String headHash() {
        return chain().at("/head/hash").textValue();
    }

    public long headHeight() {
        return chain().at("/head/height").longValue();
    }

    public Answer get(String path, String... headers) {
        return send(request("GET", path, BodyPublishers.noBody(), headers));
    }

    /** Posts JSON. */
    public Answer post(String path, String json, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = JSON;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send(request("POST", path, BodyPublishers.ofString(json), all));
    }

    /** Any request; the headers are names and values in turn. */
    public HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT).method(method, body);
        return headers.length == 0 ? builder.build() : builder.headers(headers).build();
    }

    public Answer send(HttpRequest request) {
        return answer(exchange(request, BodyHandlers.ofByteArray()));
    }

    public CompletableFuture<Answer> sendLater(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(Client::answer);
    }

    /** A GET whose body is read as it comes; the caller closes it. */
    public HttpResponse<InputStream> stream(String path, String... headers) {
        return exchange(request("GET", path, BodyPublishers.noBody(), headers), BodyHandlers.ofInputStream());
    }

    /** Sends these bytes on a connection of their own and gives all that comes back until the node closes it. */
    public String raw(String bytes) {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("a raw request to " + base, e);
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(request.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + request, e);
        }
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        return new Answer(response.statusCode(), response.headers(), Bytes.wrap(response.body()));
    }
}
