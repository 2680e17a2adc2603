package io.qbc.cli.call;

import io.qbc.cli.AskedNode;
import io.qbc.cli.BackupCommand.Outcome;
import io.qbc.cli.BackupCommand.Wanted;
import io.qbc.cli.ProgressLines;
import io.qbc.json.JsonTree;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A client that has a running node make a backup, and asks until it is complete. */
public final class BackupClient {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();
    /** A store that is opened again after a full disk answers soon. */
    private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

    private static final String PATH = "/v1/backup";

    private final NodeClient client;

    private BackupClient(NodeClient client) {
        this.client = client;
    }

    public static Outcome run(AskedNode node, Wanted wanted, Consumer<String> progress) {
        try {
            return new BackupClient(new NodeClient(node, TIMEOUT)).run(wanted, progress);
        } catch (CallFailure e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        }
    }

    private Outcome run(Wanted wanted, Consumer<String> progress) {
        Reply begun = client.post(PATH, JsonTree.write(members(wanted)));
        return begun.status() == HttpURLConnection.HTTP_ACCEPTED
                ? await(begun.tree().text("name"), progress)
                : new Outcome(false, "the node refuses: " + said(begun));
    }

    private static Map<String, Object> members(Wanted wanted) {
        Map<String, Object> members = new LinkedHashMap<>();
        wanted.name().ifPresent(name -> members.put("name", name));
        members.put("withKey", wanted.withKey());
        members.put("verify", wanted.verify());
        return members;
    }

    private Outcome await(String name, Consumer<String> progress) {
        long answeredNanos = System.nanoTime();
        while (true) {
            Reply reply = client.get(PATH);
            boolean away = reply.status() == HttpURLConnection.HTTP_UNAVAILABLE;
            if (away && System.nanoTime() - answeredNanos < PATIENCE_NANOS) {
                progress.accept("waiting: " + said(reply));
                LockSupport.parkNanos(PAUSE_NANOS);
                continue;
            }
            answeredNanos = System.nanoTime();
            if (reply.status() != HttpURLConnection.HTTP_OK) {
                return new Outcome(false, "the node does not tell of the backup " + name + ": " + said(reply));
            }
            AnswerTree state = reply.tree();
            if (!state.text("name").equals(name)) {
                return new Outcome(false, "the node does not know the backup " + name + " any more");
            }
            switch (state.text("state")) {
                case "done" -> {
                    return new Outcome(true, complete(state));
                }
                case "failed" -> {
                    return new Outcome(
                            false,
                            "the backup failed: " + state.member("problem").text("detail"));
                }
                default ->
                    progress.accept(
                            ProgressLines.line(state.text("state"), state.number("done"), state.number("bytes")));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static String complete(AnswerTree state) {
        return "complete: " + state.text("path") + ", " + ProgressLines.size(state.number("bytes")) + ", of which "
                + ProgressLines.size(state.number("shared")) + " cost no room";
    }

    private static String said(Reply reply) {
        return String.valueOf(reply.problem().getMessage());
    }
}
