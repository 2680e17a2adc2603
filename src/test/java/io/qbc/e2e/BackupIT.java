package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.e2e.Jar.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A backup that is made under load")
class BackupIT {
    @Test
    @DisplayName("brings back all that was acknowledged before it, after the node and its data are gone")
    void bringsBack(@TempDir Path home) throws IOException {
        Plan plan = Plan.in(home.resolve("first")).environment("QBC_LEAP_TRANSACTIONS", "100");
        Path backups = plan.home().resolve("data-backups");
        Set<String> before;
        try (NodeProcess node = NodeProcess.start(plan)) {
            ChainClient main = new ChainClient(node.client(), "main");
            Load early = Load.on(List.of(main, main, main));
            early.awaitMore(200);
            before = early.end();
            main.leap();
            try (Load load = Load.on(List.of(main, main, main))) {
                load.awaitMore(100);
                assertComplete(backUp(plan, "--to", "one"), backups.resolve("one"));
                load.awaitMore(100);
                assertComplete(backUp(plan, "--to", "two", "--verify"), backups.resolve("two"));
                load.awaitMore(50);
            }
            Finished again = backUp(plan, "--to", "two");
            assertThat(again.code()).isEqualTo(1);
            assertThat(again.output()).contains("there is a backup two already");
            node.kill9();
        }
        Plan fresh = Plan.in(home.resolve("second"))
                .environment("QBC_LEAP_TRANSACTIONS", "0")
                .environment("QBC_LEAP_BYTES", "0")
                .environment("QBC_LEAP_AGE", "0s");
        Finished restored = Jar.run(
                fresh,
                "restore",
                "--from",
                backups.resolve("two").toString(),
                "--data",
                fresh.data().toString());
        assertThat(restored.code()).as(restored.output()).isZero();
        Chains.verifySound(fresh);
        Files.delete(fresh.data().resolve("identity.pub"));
        assertThat(Jar.run(fresh, "keys", "new", "--data", fresh.data().toString())
                        .code())
                .isZero();
        try (NodeProcess node = NodeProcess.start(fresh)) {
            String stated = "chain main at height " + node.client().headHeight() + ", "
                    + node.client().headHash();
            assertThat(restored.output()).contains(stated);
            List<String> ids = new ChainClient(node.client(), "main").ids();
            assertThat(new HashSet<>(ids)).hasSameSizeAs(ids).containsAll(before);
        }
        damagedIsRefused(home, backups.resolve("one"));
    }

    private static void damagedIsRefused(Path home, Path backup) throws IOException {
        Path table;
        try (var files = Files.list(backup.resolve("store"))) {
            table = files.filter(file -> file.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(table);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(table);
        Files.write(table, bytes);
        Plan third = Plan.in(home.resolve("third"));
        Finished refused = Jar.run(
                third,
                "restore",
                "--from",
                backup.toString(),
                "--data",
                third.data().toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.output())
                .contains("the backup is damaged", table.getFileName().toString())
                .doesNotContain("\tat ");
    }

    private static Finished backUp(Plan plan, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "backup";
        all[1] = "--url";
        all[2] = plan.url();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Jar.run(plan, all);
    }

    private static void assertComplete(Finished backup, Path where) {
        assertThat(backup.code()).as(backup.output()).isZero();
        assertThat(backup.output()).contains("complete: " + where.toAbsolutePath());
    }
}
