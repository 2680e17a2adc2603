package io.qbc.cli.call;

import io.qbc.cli.AskedNode;
import io.qbc.cli.Credential;
import io.qbc.client.rest.RestRequest;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way of commands to one node: the requests of the client, sent by what the JDK has, since Vert.x takes longer to
 * begin than most commands take (decision 29). Blocks.
 */
public final class NodeClient {
    private static final int CONNECT_MILLIS = 5000;
    /** A stream of events has a sign of life every 15 seconds. */
    private static final int SILENCE_MILLIS = 60_000;

    private final AskedNode node;
    private final Duration timeout;
    private final String advice;

    /** A client for one that has no flag for the time. */
    public NodeClient(AskedNode node, Duration timeout) {
        this(node, timeout, "");
    }

    /** @param advice what to do when there was no answer in time, behind what is told of it */
    NodeClient(AskedNode node, Duration timeout, String advice) {
        this.node = node;
        this.timeout = timeout;
        this.advice = advice;
    }

    /** A name as a segment of a path. */
    public static String segment(String name) {
        return ApiRequest.encoded(name);
    }

    /** The node's answer to a request of the client's; fails with {@link CallFailure} if nothing answers. */
    public Reply ask(ApiRequest request) {
        return exchange(RestRequest.of(request), timeout.plus(request.waitTime()));
    }

    /** The answer to transactions, one on each line. */
    public Reply inject(String chain, List<Bytes> lines) {
        return exchange(RestRequest.lines(ApiRequest.of(ApiVerb.INJECT, chain), lines), timeout);
    }

    /** What the node has at a path, for what the client has no verb for. */
    public Reply get(String path) {
        return exchange(bare("GET", path, Optional.empty()), timeout);
    }

    /** The answer to a DELETE. */
    public Reply delete(String path) {
        return exchange(bare("DELETE", path, Optional.empty()), timeout);
    }

    /** Sends a JSON document. */
    public Reply post(String path, String body) {
        return exchange(bare("POST", path, Optional.of(Bytes.utf8(body))), timeout);
    }

    /** The same, and the node may take so long, unless it is zero, before it answers that it is in no quant yet. */
    public Reply post(String path, String body, Duration wait) {
        RestRequest request = bare("POST", path, Optional.of(Bytes.utf8(body)));
        Map<String, String> fields = new LinkedHashMap<>(request.fields());
        if (!wait.isZero()) {
            fields.put("Prefer", "wait=" + Math.max(1, wait.toSeconds()));
        }
        return exchange(new RestRequest("POST", path, fields, request.body()), timeout.plus(wait));
    }

    private static RestRequest bare(String method, String path, Optional<Bytes> body) {
        return new RestRequest(method, path, Map.of("Accept", RestRequest.JSON), body);
    }

    private Reply exchange(RestRequest request, Duration patience) {
        try {
            HttpURLConnection connection = connection(request, patience.toMillis());
            if (request.method().equals("POST") || request.method().equals("PUT")) {
                if (!request.fields().containsKey("Content-Type")) {
                    // The JDK would call it a form.
                    connection.setRequestProperty("Content-Type", RestRequest.JSON);
                }
                send(connection, request.body().orElse(Bytes.EMPTY).toArray());
            }
            int status = connection.getResponseCode();
            return new Reply(status, text(connection, status), node.flag());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Opens a stream of events; nothing if there will never be one. */
    public Optional<EventReader> events(ApiRequest follow, Optional<String> last) {
        try {
            HttpURLConnection connection = connection(RestRequest.events(follow, last), SILENCE_MILLIS);
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_NO_CONTENT) {
                return Optional.empty();
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw Reply.problem(text(connection, status), status, node.flag());
            }
            return Optional.of(new EventReader(connection.getInputStream(), this::failure));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private HttpURLConnection connection(RestRequest request, long millis) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(node.url() + request.uri()).toURL().openConnection();
        connection.setRequestMethod(request.method());
        node.trust().apply(connection);
        connection.setConnectTimeout((int) Math.min(CONNECT_MILLIS, millis));
        connection.setReadTimeout((int) Math.min(Integer.MAX_VALUE, millis));
        connection.setInstanceFollowRedirects(false);
        request.fields().forEach(connection::setRequestProperty);
        node.credential()
                .ifPresent(token -> connection.setRequestProperty("Authorization", Credential.authorization(token)));
        return connection;
    }

    private static void send(HttpURLConnection connection, byte[] body) throws IOException {
        connection.setDoOutput(true);
        // Of a body of known length nothing is sent twice by itself.
        connection.setFixedLengthStreamingMode(body.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
    }

    private static String text(HttpURLConnection connection, int status) throws IOException {
        InputStream in = status >= HttpURLConnection.HTTP_BAD_REQUEST
                ? connection.getErrorStream()
                : connection.getInputStream();
        if (in == null) {
            return "";
        }
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private CallFailure failure(IOException cause) {
        if (cause instanceof SocketTimeoutException
                && String.valueOf(cause.getMessage()).contains("Read")) {
            return new CallFailure(
                    ExitCode.TIMED_OUT, node.url() + " did not answer in " + timeout.toMillis() + " ms" + advice);
        }
        return new CallFailure(
                ExitCode.UNREACHABLE,
                "no node answers at " + node.url() + " (" + said(cause) + "); start one with qbc run, or name one with "
                        + node.flag());
    }

    private static String said(IOException cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
