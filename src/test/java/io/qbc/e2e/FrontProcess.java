package io.qbc.e2e;

import io.qbc.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A front end in a process of its own, started from the built jar. */
final class FrontProcess implements AutoCloseable {
    private final Plan plan;
    private Process process;

    private FrontProcess(Plan plan) {
        this.plan = plan;
    }

    /** Starts one and waits until it reaches a node. */
    static FrontProcess start(Plan plan) {
        FrontProcess front = new FrontProcess(plan);
        front.restart();
        return front;
    }

    /** Starts it again after its end. */
    void restart() {
        try {
            Files.createDirectories(plan.home());
            Files.deleteIfExists(file());
            process = Jar.start(plan, file(), List.of("front", "--port", String.valueOf(plan.port())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean clear = !plan.environment().containsKey("QBC_HTTP_TLS_KEY");
        Await.until(
                "the front end at " + plan.url() + " is ready",
                () -> !process.isAlive()
                        || (log().contains("is a front end") && (!clear || status("/health/ready") == 200)));
        if (!process.isAlive()) {
            throw new AssertionError("the front end ended with " + process.exitValue() + "\n" + log());
        }
    }

    private Path file() {
        return plan.home().resolve("front.log");
    }

    Plan plan() {
        return plan;
    }

    Client client() {
        return new Client(plan.url());
    }

    String url() {
        return plan.url();
    }

    String log() {
        try {
            return Files.readString(file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status of a GET, or 0 without an answer. */
    int status(String path) {
        try {
            return client().get(path).status();
        } catch (RuntimeException e) {
            return 0;
        }
    }

    /** Asks it to end, and gives its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!Patience.ended(process)) {
            throw new AssertionError("the front end did not end\n" + log());
        }
        Jar.ended(process);
        return process.exitValue();
    }

    /** The number of a metric without labels. */
    double metric(String name) {
        return client().get("/metrics")
                .expect(200)
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        Jar.ended(process);
    }
}
