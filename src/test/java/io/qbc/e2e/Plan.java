package io.qbc.e2e;

import io.qbc.Patience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a node process is started; each change gives a new plan.
 *
 * @param home its own directory: working directory, data in {@code data}, output in {@code node.log}
 * @param jvm the JVM's arguments, after the harness's own
 * @param environment variables beside the inherited ones; inherited {@code QBC_*} are left out
 */
public record Plan(
        Path home, int port, Path java, List<String> jvm, List<String> flags, Map<String, String> environment) {
    public Plan {
        jvm = List.copyOf(jvm);
        flags = List.copyOf(flags);
        environment = Map.copyOf(environment);
    }

    /** A node in a directory of its own, at a free port of loopback, that stops in its own time. */
    public static Plan in(Path home) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String stop = Patience.PROCESS.toSeconds() + "s";
        return new Plan(home, Ports.free(), java, List.of(), List.of(), Map.of("QBC_STOP_TIMEOUT", stop));
    }

    public Plan port(int other) {
        return new Plan(home, other, java, jvm, flags, environment);
    }

    /** Runs on another JDK. */
    public Plan java(Path other) {
        return new Plan(home, port, other, jvm, flags, environment);
    }

    public Plan jvm(String... more) {
        return new Plan(home, port, java, plus(jvm, more), flags, environment);
    }

    public Plan flags(String... more) {
        return new Plan(home, port, java, jvm, plus(flags, more), environment);
    }

    public Plan peer(String address) {
        return flags("--peer", address);
    }

    public Plan environment(String name, String value) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put(name, value);
        return new Plan(home, port, java, jvm, flags, all);
    }

    public Path data() {
        return home.resolve("data");
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    private static List<String> plus(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }
}
