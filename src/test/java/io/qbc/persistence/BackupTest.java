package io.qbc.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qbc.Samples;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Backup;
import io.qbc.bus.Catalogue.BackupState;
import io.qbc.bus.Catalogue.BackupStep;
import io.qbc.bus.Catalogue.FindBackup;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.persistence.backup.Restore;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.verify.Verify;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a running store, and directories made of them. */
class BackupTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final ChainSpec POW = Samples.pow("work");

    @TempDir
    Path home;

    private Path data;
    private Path backups;
    private StoreFixture storeFixture;

    @BeforeEach
    void begin() throws IOException {
        data = home.resolve("data");
        backups = home.resolve("data-backups");
        start(Samples.config(data, 0));
        Files.writeString(data.resolve("identity.key"), "secret");
        Files.writeString(data.resolve("access.json"), "hashes");
        Files.createDirectories(data.resolve("keys"));
        Files.writeString(data.resolve("keys/other.key"), "secret too");
        Files.writeString(data.resolve("identity.pub"), "public");
        Files.writeString(data.resolve("keys/other.pub"), "public too");
        Files.writeString(data.resolve("peers.json"), "{}");
        storeFixture.grow(SPEC, 1, 5);
        storeFixture.keep(SPEC, Samples.transaction(SPEC, 100));
        storeFixture.keep(POW, Samples.transaction(POW, 1));
    }

    @AfterEach
    void end() {
        storeFixture.close();
    }

    private void start(NodeConfig config) {
        storeFixture = StoreFixture.start(config, path -> RocksStore.open(path, config.store()), SPEC, POW);
    }

    private BackupState backUp(String name, boolean withKey, boolean whole) {
        storeFixture.ask(Catalogue.BACKUP, new Backup(Optional.of(name), withKey, whole));
        return await().until(
                        () -> storeFixture.ask(Catalogue.FIND_BACKUP, new FindBackup()),
                        state -> state.finishedAt().isPresent());
    }

    private static List<Path> files(Path directory, Predicate<Path> wanted) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).filter(wanted).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isTable(Path file) {
        return file.toString().endsWith(".sst");
    }

    private static Restore.Restored restore(Path from, Path to) {
        return restored(Restore.run(from, to, Samples.config(to, 0), spec -> DataRules.NONE, progress -> {}));
    }

    private static Restore.Restored restored(Restore.Outcome outcome) {
        if (outcome instanceof Restore.Refused refused) {
            throw new IllegalStateException(refused.why());
        }
        return (Restore.Restored) outcome;
    }

    @Test
    void theCheckOfACopyEndsBetweenTwoFiles() {
        storeFixture.close();
        List<String> looks = new ArrayList<>();
        Path directory = data.resolve("store");
        try (Store store =
                RocksStore.openToRead(directory, Samples.config(data, 0).store())) {
            store.check(() -> looks.add("file"));
            assertThat(looks)
                    .hasSameSizeAs(files(directory, BackupTest::isTable))
                    .hasSizeGreaterThan(1);
            assertThatThrownBy(() -> store.check(() -> {
                        throw new IllegalStateException("the node stops");
                    }))
                    .hasMessage("the node stops");
        }
        start(Samples.config(data, 0));
    }

    @Test
    void whatIsRestoredIsSoundAndStandsWhereTheBackupWasMade() throws IOException {
        Hash head = storeFixture.head(SPEC);
        BackupState state = backUp("first", false, true);
        assertThat(state.failure()).isEmpty();
        assertThat(state.step()).isEqualTo(BackupStep.DONE);
        assertThat(state.done()).isPositive().isEqualTo(state.bytes());
        assertThat(state.path()).isEqualTo(backups.resolve("first").toString());
        storeFixture.grow(SPEC, 10, 3);
        storeFixture.close();

        Path restored = home.resolve("restored");
        List<String> doing = new ArrayList<>();
        Restore.Restored report = restored(Restore.run(
                backups.resolve("first"),
                restored,
                Samples.config(restored, 0),
                spec -> DataRules.NONE,
                progress -> doing.add(progress.doing())));
        assertThat(report.chains()).hasSize(2).anyMatch(line -> line.contains("main at height 5, " + head.hex()));
        assertThat(doing).contains("copying", "checking");
        assertThat(Verify.run(restored, Samples.config(restored, 0), spec -> DataRules.NONE, done -> {})
                        .findings())
                .isEmpty();
        assertThat(restored.resolve("restored")).isEmptyFile();
        assertThat(restored.resolve("peers.json")).hasContent("{}");
        assertThat(restored.resolve("identity.key")).doesNotExist();
        for (Path file : files(backups.resolve("first/store"), file -> true)) {
            assertThat(Files.isSameFile(file, restored.resolve("store").resolve(file.getFileName())))
                    .isFalse();
        }
        storeFixture = StoreFixture.start(restored, SPEC, POW);
        assertThat(storeFixture.head(SPEC)).isEqualTo(head);
        assertThat(storeFixture.waitingIds(SPEC))
                .containsExactly(Samples.transaction(SPEC, 100).id());
    }

    @Test
    void tablesAreLinkedAndNothingOfABackupMovesWithTheStore() throws IOException {
        BackupState state = backUp("first", false, false);
        assertThat(state.shared()).isPositive();
        List<Path> tables = files(backups.resolve("first"), BackupTest::isTable);
        assertThat(tables)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(
                                Files.isSameFile(file, data.resolve("store").resolve(file.getFileName())))
                        .isTrue());
        assertThat(data.resolve("checkpoint")).doesNotExist();
        storeFixture.close();
        start(Samples.config(data, 0));
        assertThat(await().until(
                                () -> storeFixture.ask(Catalogue.FIND_BACKUP, new FindBackup()),
                                known -> known.step() == BackupStep.DONE))
                .extracting(BackupState::name, BackupState::path)
                .containsExactly("first", state.path());
        storeFixture.grow(SPEC, 10, 5);
        backUp("second", false, false);
        storeFixture.grow(SPEC, 20, 5);
        assertThat(restore(backups.resolve("first"), home.resolve("one")).chains())
                .anyMatch(line -> line.contains("main at height 5,"));
        assertThat(restore(backups.resolve("second"), home.resolve("two")).chains())
                .anyMatch(line -> line.contains("main at height 10,"));
    }

    @Test
    void onAnotherFileSystemTheSecondBackupCopiesOnlyWhatIsNew() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(home)));
        Path elsewhere = Files.createTempDirectory(memory, "qbc-backups");
        try {
            storeFixture.close();
            NodeConfig usual = Samples.config(data, 0);
            start(Samples.with(usual, new NodeConfig.Backup(elsewhere.toString(), 3)));
            assertThat(backUp("first", false, false).shared()).isZero();
            List<Path> before = files(elsewhere.resolve("first"), BackupTest::isTable);
            Path rotten = before.get(0);
            Files.write(rotten, new byte[] {1}, StandardOpenOption.APPEND);
            Files.write(rotten, new byte[(int) Files.size(rotten)]);
            storeFixture.grow(SPEC, 10, 5);
            assertThat(backUp("second", false, false).shared()).isPositive();
            for (Path file : before) {
                Path same = elsewhere.resolve("second/store").resolve(file.getFileName());
                if (Files.exists(same)) {
                    assertThat(Files.isSameFile(file, same)).as(file.toString()).isEqualTo(!file.equals(rotten));
                }
            }
            assertThat(restore(elsewhere.resolve("second"), home.resolve("two")).chains())
                    .anyMatch(line -> line.contains("main at height 10,"));
            assertThatThrownBy(() -> restore(elsewhere.resolve("first"), home.resolve("one")))
                    .hasMessageContaining(rotten.toString());
        } finally {
            for (Path file : files(elsewhere, file -> true)) {
                Files.delete(file);
            }
            try (Stream<Path> all = Files.walk(elsewhere)) {
                for (Path directory : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(directory);
                }
            }
        }
    }

    @Test
    void theKeysAreInABackupThatAsksForThemAlone() throws IOException {
        backUp("without", false, false);
        backUp("with", true, false);
        assertThat(backups.resolve("without/identity.key")).doesNotExist();
        assertThat(backups.resolve("without/keys/other.key")).doesNotExist();
        assertThat(backups.resolve("without/access.json")).doesNotExist();
        assertThat(backups.resolve("without/identity.pub")).hasContent("public");
        assertThat(backups.resolve("without/keys/other.pub")).hasContent("public too");
        Path restored = home.resolve("restored");
        restore(backups.resolve("with"), restored);
        for (Path key : List.of(
                backups.resolve("with/identity.key"),
                restored.resolve("identity.key"),
                restored.resolve("access.json"),
                restored.resolve("keys/other.key"))) {
            assertThat(Files.getPosixFilePermissions(key))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        }
        assertThat(restored.resolve("keys/other.key")).hasContent("secret too");
        assertThat(restored.resolve("access.json")).hasContent("hashes");
        assertThat(restored.resolve("keys/other.pub")).hasContent("public too");
    }

    @Test
    void whatIsDamagedIsRefusedByNameAndLeavesNothing() throws IOException {
        backUp("first", false, false);
        storeFixture.close();
        Path backup = backups.resolve("first");
        for (Path file : files(backup, file -> Files.isReadable(file))) {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length == 0) {
                continue;
            }
            byte[] flipped = bytes.clone();
            flipped[bytes.length / 2] ^= 1;
            assertRefused(file, flipped, backup);
            assertRefused(file, Arrays.copyOf(bytes, bytes.length - 1), backup);
            Files.delete(file);
            assertThatThrownBy(() -> restore(backup, home.resolve("restored")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(file.getFileName().toString());
            Files.write(file, bytes);
        }
        assertThat(restore(backup, home.resolve("restored")).chains()).hasSize(2);
        assertThatThrownBy(() -> restore(backup, home.resolve("restored"))).hasMessageContaining("is not empty");
        assertThat(Verify.run(home.resolve("restored"), Samples.config(data, 0), spec -> DataRules.NONE, done -> {})
                        .sound())
                .isTrue();
    }

    private void assertRefused(Path file, byte[] damaged, Path backup) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        // Not in place: the node's own file may be the same.
        Files.delete(file);
        Files.write(file, damaged);
        Path restored = home.resolve("restored");
        assertThatThrownBy(() -> restore(backup, restored))
                .as(file.toString())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the backup is damaged")
                .hasMessageContaining(file.getFileName().toString());
        if (Files.exists(restored)) {
            assertThat(files(restored, entry -> !entry.endsWith("lock"))).isEmpty();
        }
        Files.delete(file);
        Files.write(file, bytes);
    }

    @Test
    void aBackupOfADamagedStoreFails() throws IOException {
        storeFixture.close();
        Path table = files(data.resolve("store"), BackupTest::isTable).get(0);
        start(Samples.config(data, 0));
        byte[] bytes = Files.readAllBytes(table);
        bytes[10] ^= 1;
        try (var channel = FileChannel.open(table, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes));
        }
        BackupState state = backUp("first", false, false);
        assertThat(state.step()).isEqualTo(BackupStep.FAILED);
        assertThat(state.failure().orElseThrow().reason()).isEqualTo(Reason.CORRUPT);
        assertThat(backups.resolve("first")).doesNotExist();
        assertThat(files(backups, file -> true)).isEmpty();
    }

    @Test
    void aNameIsPlainAndTakenOnce() {
        for (String wrong : List.of(
                "", "../x", "/etc/x", backups + "/../x", backups + "/a.b", "a/b", ".", "a.part", "x".repeat(65))) {
            assertThat(storeFixture
                            .refusal(Catalogue.BACKUP, new Backup(Optional.of(wrong), false, false))
                            .reason())
                    .as(wrong)
                    .isEqualTo(Reason.REQUEST_INVALID);
        }
        backUp(backups.resolve("once").toString(), false, false);
        assertThat(backups.resolve("once/manifest.json")).exists();
        assertThat(storeFixture
                        .refusal(Catalogue.BACKUP, new Backup(Optional.of("once"), false, false))
                        .detail())
                .contains("once");
    }

    @Test
    void theOldestGoThatNobodyNamed() throws IOException {
        storeFixture.close();
        start(Samples.with(Samples.config(data, 0), new NodeConfig.Backup("", 3)));
        for (String name : List.of("mine", "20200101T000000Z", "20210101T000000Z", "20220101T000000Z")) {
            backUp(name, false, false);
        }
        try (Stream<Path> left = Files.list(backups)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("mine", "20210101T000000Z", "20220101T000000Z");
        }
        Files.move(backups.resolve("20210101T000000Z"), backups.resolve("second"));
        Files.move(backups.resolve("20220101T000000Z"), backups.resolve("third"));
        assertThat(storeFixture
                        .refusal(Catalogue.BACKUP, new Backup(Optional.of("fourth"), false, false))
                        .detail())
                .contains("backup.max");
    }
}
