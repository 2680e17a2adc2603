package io.qbc.e2e;

import io.qbc.Patience;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The built jar as a command, in real processes; none of them outlives this JVM. */
public final class Jar {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private Jar() {}

    /** A finished command: its exit code and all that it wrote. */
    public record Finished(int code, String output) {}

    /** Runs a command of the jar, like {@code verify}, to its end. */
    public static Finished run(Plan plan, String... arguments) {
        try {
            Files.createDirectories(plan.home());
            Path log = Files.createTempFile(plan.home(), "command", ".log");
            Process process = start(plan, log, List.of(arguments));
            if (!Patience.ended(process)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + Patience.PROCESS + ": " + Files.readString(log));
            }
            RUNNING.remove(process);
            return new Finished(process.exitValue(), Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static Process start(Plan plan, Path log, List<String> arguments) throws IOException {
        // A process that is killed leaves its unpacked libraries behind; there they go away with the test's directory.
        Path temporary = Files.createDirectories(plan.home().resolve("tmp"));
        List<String> command = new ArrayList<>(List.of(
                plan.java().toString(), "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:+UseSerialGC", "-Xmx128m"));
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(plan.jvm());
        command.addAll(List.of("-jar", file().toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(plan.home().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("QBC_"));
        builder.environment().putAll(plan.environment());
        Process process = builder.start();
        RUNNING.add(process);
        return process;
    }

    static void ended(Process process) {
        RUNNING.remove(process);
    }

    private static Path file() {
        String jar = System.getProperty("qbc.jar", "");
        if (jar.isEmpty() || !Files.exists(Path.of(jar))) {
            throw new IllegalStateException("the system property qbc.jar must name the built jar but is '" + jar + "'");
        }
        return Path.of(jar).toAbsolutePath();
    }
}
