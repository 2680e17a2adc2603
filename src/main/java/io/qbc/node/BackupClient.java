package io.qbc.node;

import io.qbc.cli.BackupCommand.Asked;
import io.qbc.cli.BackupCommand.Outcome;
import io.qbc.cli.BackupCommand.Wanted;
import io.qbc.cli.Credential;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A client that has a running node make a backup, and asks until it is complete. */
public final class BackupClient {
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();
    /** A store that is opened again after a full disk answers soon. */
    private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 8);
    private static final long KIB_BYTES = 1024;

    private final URI backup;
    private final Asked node;

    private BackupClient(URI backup, Asked node) {
        this.backup = backup;
        this.node = node;
    }

    /** One answer of the node. */
    private record Reply(int status, Map<?, ?> members) {
        String text(String name) {
            return members.get(name) instanceof String text ? text : "";
        }

        long number(String name) {
            return members.get(name) instanceof Long number ? number : 0;
        }
    }

    public static Outcome run(Asked node, Wanted wanted, Consumer<String> progress) {
        String url = node.url();
        try {
            URI backup = URI.create(url.endsWith("/") ? url + "v1/backup" : url + "/v1/backup");
            return new BackupClient(backup, node).run(wanted, progress);
        } catch (IOException | IllegalArgumentException | ClassCastException e) {
            return new Outcome(false, url + " does not answer as a node does: " + e.getMessage());
        }
    }

    private Outcome run(Wanted wanted, Consumer<String> progress) throws IOException {
        Reply begun = ask("POST", JsonTree.write(members(wanted)));
        return begun.status() == HttpURLConnection.HTTP_ACCEPTED
                ? await(begun.text("name"), progress)
                : new Outcome(false, "the node refuses: " + said(begun));
    }

    private static Map<String, Object> members(Wanted wanted) {
        Map<String, Object> members = new LinkedHashMap<>();
        wanted.name().ifPresent(name -> members.put("name", name));
        members.put("withKey", wanted.withKey());
        members.put("verify", wanted.verify());
        return members;
    }

    private Outcome await(String name, Consumer<String> progress) throws IOException {
        long answeredNanos = System.nanoTime();
        while (true) {
            Reply state = ask("GET", "");
            boolean away = state.status() == HttpURLConnection.HTTP_UNAVAILABLE;
            if (away && System.nanoTime() - answeredNanos < PATIENCE_NANOS) {
                progress.accept("waiting: " + said(state));
                LockSupport.parkNanos(PAUSE_NANOS);
                continue;
            }
            answeredNanos = System.nanoTime();
            if (state.status() != HttpURLConnection.HTTP_OK
                    || !state.text("name").equals(name)) {
                return new Outcome(false, "the node does not know the backup " + name + " any more: " + said(state));
            }
            switch (state.text("state")) {
                case "done" -> {
                    return new Outcome(true, complete(state));
                }
                case "failed" -> {
                    Map<?, ?> problem = state.members().get("problem") instanceof Map<?, ?> told ? told : Map.of();
                    return new Outcome(false, "the backup failed: " + problem.get("detail"));
                }
                default -> progress.accept(line(state.text("state"), state.number("done"), state.number("bytes")));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static String complete(Reply state) {
        return "complete: " + state.text("path") + ", " + size(state.number("bytes")) + ", of which "
                + size(state.number("shared")) + " cost no room";
    }

    static String line(String doing, long done, long bytes) {
        return doing + (bytes > 0 ? ": " + 100 * done / bytes + " % of " + size(bytes) : "");
    }

    static String size(long bytes) {
        double value = bytes;
        String unit = "bytes";
        for (String next : new String[] {"KiB", "MiB", "GiB", "TiB"}) {
            if (value < KIB_BYTES) {
                break;
            }
            value /= KIB_BYTES;
            unit = next;
        }
        return unit.equals("bytes") ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, unit);
    }

    private static String said(Reply reply) {
        String detail = reply.text("detail");
        return detail.isEmpty() ? "it answers " + reply.status() : detail;
    }

    private Reply ask(String method, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) backup.toURL().openConnection();
        // Elsewhere nobody shall learn the key.
        connection.setInstanceFollowRedirects(false);
        node.trust().apply(connection);
        node.credential()
                .ifPresent(token -> connection.setRequestProperty("Authorization", Credential.authorization(token)));
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestMethod(method);
        if (!body.isEmpty()) {
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            connection.getOutputStream().write(Bytes.utf8(body).toArray());
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            Bytes text = Bytes.wrap(in.readAllBytes());
            if (StrictJson.check(text, LIMITS).isPresent() || !(JsonTree.read(text) instanceof Map<?, ?> members)) {
                throw new IOException("it answers " + status + " without a JSON object");
            }
            return new Reply(status, members);
        }
    }
}
