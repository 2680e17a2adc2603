package io.qbc.bench.process;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.load.Http;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the same program, its output in a file. */
public final class Child implements AutoCloseable {
    private static final String MAIN = "io.qbc.Main";
    private static final long STOP_SECONDS = 15;

    private final String name;
    private final Path log;
    private final Process process;

    private Child(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts one.
     *
     * @param directory its working directory, so that no configuration of the user's is picked up
     * @param settings environment variables; others that begin with QBC_ are not passed on
     */
    public static Child start(
            String name, Path directory, List<String> jvm, Map<String, String> settings, List<String> arguments)
            throws IOException {
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", classPath(), MAIN));
        command.addAll(arguments);
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("QBC_"));
        builder.environment().putAll(settings);
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "bench-kill"));
        return new Child(name, log, process);
    }

    /** The class path with whole paths, since the child runs in another directory. */
    static String classPath() {
        List<String> whole = new ArrayList<>();
        for (Path part : classPathParts()) {
            whole.add(part.toString());
        }
        return String.join(System.getProperty("path.separator"), whole);
    }

    /** Whether the program runs from jars alone, as a class data archive demands. */
    public static boolean fromJar() {
        return classPathParts().stream().allMatch(part -> part.toString().endsWith(".jar"));
    }

    private static List<Path> classPathParts() {
        String separator = System.getProperty("path.separator");
        return List.of(System.getProperty("java.class.path").split(separator, -1)).stream()
                .map(part -> Path.of(part).toAbsolutePath())
                .toList();
    }

    /** A port that nobody has at the moment. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(Http.address(0));
            return socket.getLocalPort();
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Throws, with the end of its output, if it has ended. */
    public void expectAlive() throws IOException {
        if (!process.isAlive()) {
            throw new BenchException(name + " ended with exit code " + process.exitValue() + ": " + tail());
        }
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    /** Waits for it to end by itself and gives its output. */
    public String output(long seconds) throws IOException, InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new BenchException(name + " did not end within " + seconds + " s");
        }
        if (process.exitValue() != 0) {
            expectAlive();
        }
        return Files.readString(log);
    }

    /** Asks it to stop, and makes it when it does not. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    private void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    }
}
