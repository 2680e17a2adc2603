package io.qbc.bench.scenario;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.process.Child;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Medians;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.util.Environment;

/** From the start of the process to the first HTTP answer. */
public final class StartupScenario implements Scenario {
    private static final int ROUNDS = 7;

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Setup empty = bench.setup("startup");
        LongChain chain = bench.longChain();
        String length = Table.number(chain.length());
        row(bench, "start, empty chain", empty);
        double plain = row(bench, "start, chain of " + length, chain.setup());
        bench.rows().add(Bar.below("8 start, long chain", plain, 1, "s"));
        if (!Child.fromJar()) {
            bench.rows()
                    .add(Row.of("start with a class data archive", 0, "s").note("not run: needs the program as a jar"));
            return;
        }
        Path archive = archive(empty);
        Path library = library(empty);
        row(bench, "start, empty chain, class data archive", with(empty, archive, library));
        double quick = row(bench, "start, long chain, class data archive", with(chain.setup(), archive, library));
        bench.rows().add(Bar.below("8 start, class data archive", quick, 0.5, "s"));
    }

    /** As the container image starts it; the variable spares RocksDB five processes that look for the C library. */
    private static Setup with(Setup setup, Path archive, Path library) {
        return setup.jvm(Bench.HEAP, "-XX:SharedArchiveFile=" + archive, "-Djava.library.path=" + library)
                .set("ROCKSDB_MUSL_LIBC", false);
    }

    /** The directory with the store's native library, which is else unpacked at each start. */
    private static Path library(Setup setup) throws IOException {
        Path directory = Files.createDirectories(setup.directory().resolve("lib"));
        String name = Environment.getJniLibraryFileName("rocksdb");
        try (InputStream in = StartupScenario.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new BenchException("the program lacks " + name);
            }
            Files.copy(in, directory.resolve(name));
        }
        return directory;
    }

    /** The JVM writes the archive when the node stops. */
    private static Path archive(Setup setup) throws IOException, InterruptedException {
        Path archive = setup.directory().resolve("qbc.jsa");
        try (NodeUnderTest node = NodeUnderTest.start(setup.jvm(Bench.HEAP, "-XX:ArchiveClassesAtExit=" + archive))) {
            node.stop();
        }
        if (!Files.exists(archive)) {
            throw new BenchException("the JVM wrote no class data archive");
        }
        return archive;
    }

    private static double row(Bench bench, String name, Setup setup) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        start(setup);
        for (int i = 0; i < ROUNDS; i++) {
            seconds.add(start(setup));
        }
        double median = Medians.of(seconds);
        bench.rows().add(Row.of(name, median, "s").note("median of " + ROUNDS));
        return median;
    }

    private static double start(Setup setup) throws IOException, InterruptedException {
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            node.stop();
            return node.startSeconds();
        }
    }
}
