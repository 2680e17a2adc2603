package io.qbc.e2e;

import io.qbc.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** A front end in a process of its own, started from the built jar. */
final class FrontProcess implements AutoCloseable {
    private final Plan plan;
    private final Process process;

    private FrontProcess(Plan plan, Process process) {
        this.plan = plan;
        this.process = process;
    }

    /** Starts one and waits until it reaches a node. */
    static FrontProcess start(Plan plan) {
        try {
            Files.createDirectories(plan.home());
            List<String> arguments = new ArrayList<>(List.of("front", "--port", String.valueOf(plan.port())));
            FrontProcess front =
                    new FrontProcess(plan, Jar.start(plan, plan.home().resolve("front.log"), arguments));
            Await.until(
                    "the front end at " + plan.url() + " is ready",
                    () -> !front.process.isAlive() || front.status("/health/ready") == 200);
            if (!front.process.isAlive()) {
                throw new AssertionError("the front end ended with " + front.process.exitValue() + "\n" + front.log());
            }
            return front;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Client client() {
        return new Client(plan.url());
    }

    String url() {
        return plan.url();
    }

    String log() {
        try {
            return Files.readString(plan.home().resolve("front.log"));
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

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        Jar.ended(process);
    }
}
