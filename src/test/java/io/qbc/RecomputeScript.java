package io.qbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The script {@code recompute.py} of the documents, run by the machine's Python. */
public final class RecomputeScript {
    private RecomputeScript() {}

    /** How it ended, and all that it said. */
    public record Result(int exit, String said) {}

    /** Whether there is a Python to run it. */
    public static boolean canRun() {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the tests", e);
        }
    }

    /** Runs it to its end. */
    public static Result run(Redirect in, String... arguments) {
        return run(Map.of(), in, arguments);
    }

    /** Runs it to its end, with more in its environment. */
    public static Result run(Map<String, String> environment, Redirect in, String... arguments) {
        List<String> command = new ArrayList<>(List.of("python3", "src/docs/recompute.py"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(in).redirectErrorStream(true);
        builder.environment().put("no_proxy", "*");
        builder.environment().remove("QBC_KEY");
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (!Patience.ended(process)) {
                    throw new AssertionError("the script does not end: " + said);
                }
                return new Result(process.exitValue(), said);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the tests", e);
        }
    }
}
