package io.qbc.bench.process;

import io.qbc.bench.report.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Watches one process from its making to {@link #usage()}. */
public final class UsageWatch implements AutoCloseable {
    private final long pid;
    private final long startedAt = System.nanoTime();
    private final long cpuBefore;
    private final AtomicLong rssMax = new AtomicLong();
    private final ScheduledExecutorService sampler =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "bench-usage"));

    public UsageWatch(long pid) throws IOException {
        this.pid = pid;
        this.cpuBefore = ProcessStats.cpuMillis(pid);
        sample();
        var unused = sampler.scheduleAtFixedRate(this::sample, 100, 100, TimeUnit.MILLISECONDS);
    }

    private void sample() {
        try {
            rssMax.accumulateAndGet(ProcessStats.rssKib(pid), Math::max);
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " is gone", e);
        }
    }

    /** What it used since the watch began. */
    public Usage usage() throws IOException {
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        double cpu = (ProcessStats.cpuMillis(pid) - cpuBefore) / 1000.0 / seconds * 100;
        return new Usage(cpu, rssMax.get() / 1024.0);
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }
}
