package io.qbc.e2e;

import io.qbc.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A node in a process of its own, started from the built jar. */
public final class NodeProcess implements AutoCloseable {
    private static final int LOG_LINES = 60;

    private final Plan plan;
    private final Client client;
    private Process process;

    private NodeProcess(Plan plan) {
        this.plan = plan;
        client = new Client(plan.url());
    }

    /** Starts a node and waits until it is ready. */
    public static NodeProcess start(Plan plan) {
        return launch(plan).awaitReady();
    }

    /** Starts a node without waiting for it. */
    public static NodeProcess launch(Plan plan) {
        NodeProcess node = new NodeProcess(plan);
        node.launch();
        return node;
    }

    public Plan plan() {
        return plan;
    }

    public Client client() {
        return client;
    }

    public String url() {
        return plan.url();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the node says that it is ready; fails at once, with its log, if the process ends before. */
    public NodeProcess awaitReady() {
        try {
            Await.until("the node at " + url() + " is ready", () -> !process.isAlive() || ready());
        } catch (RuntimeException e) {
            throw new AssertionError("the node at " + url() + " does not become ready\n" + log(), e);
        }
        if (!process.isAlive()) {
            throw new AssertionError("the node ended with " + process.exitValue() + " before it was ready\n" + log());
        }
        return this;
    }

    /** Ends the process as {@code kill -9} does. */
    public NodeProcess kill9() {
        process.destroyForcibly();
        exitCode();
        return this;
    }

    /** Has the process do nothing any more, connections and all, until {@link #goOn()}. */
    void halt() {
        signal("-STOP");
    }

    /** Has a halted process go on where it was. */
    void goOn() {
        signal("-CONT");
    }

    private void signal(String which) {
        try {
            Process kill = new ProcessBuilder("kill", which, String.valueOf(pid())).start();
            if (!Patience.ended(kill) || kill.exitValue() != 0) {
                throw new AssertionError("kill " + which + " " + pid() + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Asks the process to end as {@code kill} does, and gives its exit code. */
    public int terminate() {
        process.destroy();
        return exitCode();
    }

    /** The exit code of a process that ends by itself. */
    public int exitCode() {
        try {
            if (!Patience.ended(process)) {
                throw new AssertionError("the node did not end\n" + log());
            }
            Jar.ended(process);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Starts the node again, after its end, with the same data and port, and waits until it is ready. */
    public NodeProcess restart() {
        relaunch();
        return awaitReady();
    }

    /** The same without waiting. */
    void relaunch() {
        if (process.isAlive()) {
            throw new IllegalStateException("the node still runs; end it first");
        }
        launch();
    }

    /** All that the node wrote, over all its starts. */
    public String output() {
        try {
            return Files.readString(logFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of what the node wrote, for the message of a failed test. */
    public String log() {
        List<String> lines = output().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }

    /** Ends the process, however it is; its directory stays. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill9();
        }
    }

    private void launch() {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(plan.port()),
                "--data",
                plan.data().toString()));
        arguments.addAll(plan.flags());
        try {
            Files.createDirectories(plan.home());
            process = Jar.start(plan, logFile(), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException("the node cannot be started", e);
        }
    }

    private boolean ready() {
        return client.get("/health/ready").status() == 200;
    }

    private Path logFile() {
        return plan.home().resolve("node.log");
    }
}
