package io.qbc.cli.remote;

import io.qbc.cli.AskedNode;
import io.qbc.cli.Credential;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A client of one node's REST API, with what the JDK has: a command asks a few times and ends. Blocks. */
public final class NodeClient {
    static final String JSON = "application/json";
    static final String LINES = "application/x-ndjson";
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
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%40", "@");
    }

    /** What the node has at a path; fails with {@link CallFailure} if nothing answers. */
    public Reply get(String path) {
        return get(path, JSON);
    }

    Reply get(String path, String accepted) {
        return exchange(path, Map.of("Accept", accepted), Optional.empty(), timeout);
    }

    /** The same, and the node may take so long before it answers that it is not there yet. */
    Reply get(String path, Duration wait) {
        return exchange(path, Map.of("Accept", JSON), Optional.empty(), timeout.plus(wait));
    }

    Reply delete(String path) {
        try {
            HttpURLConnection connection = connection(path, Map.of("Accept", JSON), timeout.toMillis());
            connection.setRequestMethod("DELETE");
            int status = connection.getResponseCode();
            return new Reply(status, text(connection, status), node.flag());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Sends a JSON document. */
    public Reply post(String path, String body) {
        return exchange(path, Map.of("Content-Type", JSON), Optional.of(body), timeout);
    }

    /** Puts a JSON document in its place. */
    Reply put(String path, String body) {
        try {
            HttpURLConnection connection = connection(path, Map.of("Content-Type", JSON), timeout.toMillis());
            send(connection, "PUT", body.getBytes(StandardCharsets.UTF_8));
            int status = connection.getResponseCode();
            return new Reply(status, text(connection, status), node.flag());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Sends a transaction on each line. */
    Reply postLines(String path, String lines) {
        return exchange(path, Map.of("Content-Type", LINES), Optional.of(lines), timeout);
    }

    /** The same, and the node may take so long before it answers that it is not in a quant yet. */
    Reply post(String path, String body, Duration wait) {
        long seconds = Math.max(1, wait.toSeconds());
        return exchange(
                path,
                Map.of("Content-Type", JSON, "Prefer", "wait=" + seconds),
                Optional.of(body),
                timeout.plusSeconds(seconds));
    }

    private Reply exchange(String path, Map<String, String> fields, Optional<String> body, Duration patience) {
        try {
            HttpURLConnection connection = connection(path, fields, patience.toMillis());
            body.ifPresent(text -> send(connection, "POST", text.getBytes(StandardCharsets.UTF_8)));
            int status = connection.getResponseCode();
            return new Reply(status, text(connection, status), node.flag());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Opens a stream of events; nothing if there will never be one. */
    Optional<EventReader> events(String path, Optional<String> last) {
        try {
            HttpURLConnection connection = connection(path, Map.of("Accept", "text/event-stream"), SILENCE_MILLIS);
            last.ifPresent(id -> connection.setRequestProperty("Last-Event-ID", id));
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

    private HttpURLConnection connection(String path, Map<String, String> fields, long millis) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(node.url() + path).toURL().openConnection();
        node.trust().apply(connection);
        connection.setConnectTimeout((int) Math.min(CONNECT_MILLIS, millis));
        connection.setReadTimeout((int) Math.min(Integer.MAX_VALUE, millis));
        connection.setInstanceFollowRedirects(false);
        fields.forEach(connection::setRequestProperty);
        node.credential()
                .ifPresent(token -> connection.setRequestProperty("Authorization", Credential.authorization(token)));
        return connection;
    }

    private void send(HttpURLConnection connection, String method, byte[] body) {
        try {
            connection.setRequestMethod(method);
            connection.setDoOutput(true);
            // Of a body of known length nothing is sent twice by itself.
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        } catch (IOException e) {
            throw failure(e);
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
