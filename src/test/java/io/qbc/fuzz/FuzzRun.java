package io.qbc.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run of Jazzer over each target, in a process of its own. What a target does not stand is kept among its inputs and
 * fails the run; so are, in the end, the smallest of those inputs by which code was reached that no other reaches.
 */
public final class FuzzRun {
    private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";
    private static final int INPUT_BYTES_MAX = 8 << 10;
    private static final int KEPT_MAX = 60;
    private static final int KEPT_BYTES_MAX = 2 << 10;

    private final Path work;
    private final String seconds;

    private FuzzRun(Path work, String seconds) {
        this.work = work;
        this.seconds = seconds;
    }

    /** Arguments: where to work, a target or {@code all}, and how many seconds for each. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        FuzzRun run = new FuzzRun(Path.of(arguments[0]), arguments[2]);
        List<String> failed = new ArrayList<>();
        for (FuzzTarget target : FuzzTarget.values()) {
            boolean wanted = arguments[1].equals("all") || arguments[1].equals(target.word());
            if (wanted && !run.stands(target)) {
                failed.add(target.word());
            }
        }
        System.out.println(failed.isEmpty() ? "every target stood" : "faults in " + failed);
        System.exit(failed.isEmpty() ? 0 : 1);
    }

    private boolean stands(FuzzTarget target) throws IOException, InterruptedException {
        Path seeds = Files.createDirectories(FuzzInputs.directory(target));
        Path found = Files.createDirectories(work.resolve(target.word()));
        Path faults = Files.createDirectories(work.resolve(target.word() + "-faults"));
        int code = jazzer(
                target,
                "-max_total_time=" + seconds,
                "-timeout=20",
                "-artifact_prefix=" + faults + "/",
                found.toString(),
                seeds.toString());
        keep(faults, seeds, Integer.MAX_VALUE);
        if (code == 0) {
            Path merged = Files.createDirectories(work.resolve(target.word() + "-merged"));
            jazzer(target, "-merge=1", merged.toString(), seeds.toString(), found.toString());
            keep(merged, seeds, KEPT_MAX);
        }
        return code == 0;
    }

    private static int jazzer(FuzzTarget target, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dqbc.fuzz.target=" + target.word(),
                "-cp",
                System.getProperty("java.class.path"),
                JAZZER,
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=io.qbc.**",
                "--reproducer_path=" + System.getProperty("java.io.tmpdir"),
                "-max_len=" + INPUT_BYTES_MAX,
                "-rss_limit_mb=3000",
                "-print_final_stats=1"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** Puts the smallest files of a directory beside the inputs that are kept, unless they are there. */
    private static void keep(Path from, Path seeds, int most) throws IOException {
        Set<String> known = new HashSet<>();
        for (Path seed : seeds(seeds)) {
            known.add(new String(Files.readAllBytes(seed), StandardCharsets.ISO_8859_1));
        }
        for (Path file : seeds(from)) {
            boolean small = most == Integer.MAX_VALUE || Files.size(file) <= KEPT_BYTES_MAX;
            String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            if (small && known.size() < most && known.add(bytes)) {
                String name = file.getFileName() + FuzzInputs.END;
                Files.copy(file, seeds.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static List<Path> seeds(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparingLong(file -> file.toFile().length()))
                    .collect(Collectors.toList());
        }
    }
}
