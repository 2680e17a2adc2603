package io.qbc.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.verify.Verify;
import io.qbc.persistence.write.FreeSpace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fills a small file system to the last byte, where the one who runs the test may mount one. */
@DisplayName("On a file system that is full")
class FullDiskIT {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final int PAYLOAD_BYTES = 64 * 1024;
    private static final int TRANSACTIONS_MAX = 2000;

    @TempDir
    Path directory;

    private Path disk;
    private NodeConfig config;

    @BeforeEach
    void mount() throws IOException {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString()))
                .as("mounting")
                .isZero();
        NodeConfig base = Samples.config(disk.resolve("data"), 0);
        config = Samples.with(base, new NodeConfig.Store(4 << 20, 64L << 20, 1000, 1, 1 << 20, 1 << 20, 64, 0));
    }

    @AfterEach
    void unmount() throws IOException {
        run("umount", disk.toString());
    }

    @Test
    @DisplayName("nothing acknowledged is lost, reads go on, also after a restart, and writes once there is room")
    void fullAndBack() throws IOException {
        List<Transaction> acknowledged = new ArrayList<>();
        Transaction refused;
        try (StoreFixture storeFixture = start()) {
            refused = fill(storeFixture, acknowledged);
            assertThat(storeFixture.locate(SPEC, acknowledged.get(0).id())).isInstanceOf(Pending.class);
            storeFixture.undeploy();
        }
        // What was half written is gone with the store that wrote it.
        fillUp();
        try (StoreFixture storeFixture = start()) {
            assertThat(storeFixture.writable()).isFalse();
            allAreThere(storeFixture, acknowledged);
            assertThat(run("mount", "-o", "remount,size=128m", disk.toString())).isZero();
            await().ignoreExceptions().until(storeFixture::writable);
            allAreThere(storeFixture, acknowledged);
            assertThat(storeFixture.keep(SPEC, refused).get(0)).isNotInstanceOf(Declined.class);
            assertThat(storeFixture.waitingIds(SPEC)).hasSize(acknowledged.size() + 1);
            storeFixture.undeploy();
        }
        assertThat(Verify.run(config.data(), config, spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }

    @Test
    @DisplayName("the node that was full takes writes again without a restart")
    void withoutARestart() throws IOException {
        List<Transaction> acknowledged = new ArrayList<>();
        try (StoreFixture storeFixture = start()) {
            Transaction refused = fill(storeFixture, acknowledged);
            assertThat(run("mount", "-o", "remount,size=128m", disk.toString())).isZero();
            await().ignoreExceptions().until(storeFixture::writable);
            allAreThere(storeFixture, acknowledged);
            assertThat(storeFixture.keep(SPEC, refused).get(0)).isNotInstanceOf(Declined.class);
            storeFixture.undeploy();
        }
    }

    /** Leaves no byte to anybody. */
    private void fillUp() {
        try (OutputStream filler = Files.newOutputStream(disk.resolve("filler"))) {
            byte[] page = new byte[512];
            while (true) {
                filler.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /** Writes until the disk is full; the first that was refused. */
    private static Transaction fill(StoreFixture storeFixture, List<Transaction> acknowledged) {
        for (int n = 0; n < TRANSACTIONS_MAX; n++) {
            Transaction transaction = Samples.transaction(SPEC, n, payload(n));
            Admission admission = storeFixture.keep(SPEC, transaction).get(0);
            if (admission instanceof Declined declined) {
                assertThat(declined.refusal().reason()).isEqualTo(Reason.STORE_FULL);
                return transaction;
            }
            acknowledged.add(transaction);
        }
        throw new AssertionError("the disk is not full");
    }

    /** Text that compresses badly, or the files would be small. */
    private static String payload(int n) {
        StringBuilder text = new StringBuilder("\"");
        new SplittableRandom(n).ints(PAYLOAD_BYTES, 'A', 'Z' + 1).forEach(letter -> text.append((char) letter));
        return text.append('"').toString();
    }

    private static void allAreThere(StoreFixture storeFixture, List<Transaction> acknowledged) {
        assertThat(storeFixture.locate(
                        SPEC, acknowledged.stream().map(Transaction::id).toList()))
                .allMatch(Pending.class::isInstance);
    }

    private StoreFixture start() {
        return StoreFixture.start(
                config,
                new StoreAccess(
                        path -> RocksStore.open(path, config.store()),
                        path -> RocksStore.openToRead(path, config.store()),
                        FreeSpace.of(config.data())),
                SPEC);
    }

    private static int run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            return Patience.ended(process) ? process.exitValue() : -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
