package io.qbc.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Figures of a process as Linux gives them in {@code /proc} (proc(5)). */
public final class ProcessStats {
    /** Linux counts processor time in ticks of 1/100 s for every program, whatever the kernel's own rate is. */
    private static final long TICK_MILLIS = 10;

    private ProcessStats() {}

    /** Processor time used so far, in milliseconds of one core. */
    public static long cpuMillis(long pid) throws IOException {
        return cpuMillis(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /** Fields 14 and 15 of stat; the name before them stands in parentheses and may hold anything. */
    public static long cpuMillis(String stat) {
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) * TICK_MILLIS;
    }

    /** Resident memory in KiB. */
    public static long rssKib(long pid) throws IOException {
        return rssKib(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
    }

    /** Files, sockets and the like that it has open. */
    public static long files(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return open.count();
        }
    }

    public static long rssKib(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
