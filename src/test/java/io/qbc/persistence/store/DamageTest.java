package io.qbc.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Whatever happens to the files of a store: it has all that was acknowledged, or it says what is wrong. */
class DamageTest {
    private static final int GROUPS = 30;
    private static final int CUTS = 20;
    /** So many bytes of each file, more or less. */
    private static final int FLIPS = 400;

    @TempDir
    Path home;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private NodeConfig.Store limits;
    /** As the process left it that was killed. */
    private Path killed;
    /** As it was closed. */
    private Path closed;

    @BeforeEach
    void fill() throws IOException {
        limits = Samples.config(home, 0).store();
        Path data = Files.createDirectories(home.resolve("data"));
        killed = home.resolve("killed");
        closed = home.resolve("closed");
        try (Store store = RocksStore.open(data.resolve("store"), limits)) {
            for (int i = 0; i < GROUPS; i++) {
                add(store, i);
            }
            copy(data, killed);
        }
        copy(data, closed);
    }

    private static void add(Store store, int number) {
        try (Store.Batch batch = store.batch()) {
            batch.put(ColumnFamily.LOG, StoreKeys.numbered(1, number), new byte[100]);
            batch.put(ColumnFamily.IDS, StoreKeys.hashed(1, hash(number)), StoreKeys.number(number));
            store.append(batch);
        }
        store.sync();
    }

    private static Hash hash(int number) {
        return Sha256.of(StoreKeys.number(number), 0, Long.BYTES);
    }

    private static Set<Long> rows(Store store) {
        Set<Long> rows = new HashSet<>();
        try (SequenceScan scan = new SequenceScan(store, ColumnFamily.LOG, 1)) {
            for (scan.seek(0); scan.here(); scan.next()) {
                rows.add(scan.number());
            }
        }
        return rows;
    }

    /** Opens a store and gives how many rows it has, or what it says. */
    private String outcome(Path data) {
        try (Store store = RocksStore.open(data.resolve("store"), limits)) {
            return String.valueOf(rows(store).size());
        } catch (StoreException e) {
            return e.getMessage();
        }
    }

    private String seenToRead(Path data) {
        try (Store store = RocksStore.openToRead(data.resolve("store"), limits)) {
            return String.valueOf(rows(store).size());
        } catch (StoreException e) {
            return e.getMessage();
        }
    }

    private void assertRefused(Path data, String... words) throws IOException {
        List<String> before = state(data);
        for (String outcome : List.of(seenToRead(data), outcome(data))) {
            assertThat(outcome).as("seed %d", seed).contains("--peer");
            Stream.of(words).forEach(word -> assertThat(outcome).contains(word));
        }
        assertThat(state(data)).as("nothing is changed").isEqualTo(before);
    }

    private static List<String> state(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            List<String> state = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                // RocksDB's own log, which it begins anew at each start, is no data.
                if (!file.getFileName().toString().startsWith("LOG")) {
                    state.add(file + " " + Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
            return state;
        }
    }

    @Test
    void aSoundStoreOpensAndNeedNotBeAskedHowFarItIs() throws IOException {
        for (Path image : List.of(killed, closed)) {
            Path data = image(image);
            assertThat(StoreInspection.of(data.resolve("store")).doubtful()).isFalse();
            assertThat(seenToRead(data)).isEqualTo("" + GROUPS);
            assertThat(outcome(data)).isEqualTo("" + GROUPS);
            assertThat(outcome(data)).isEqualTo("" + GROUPS);
        }
    }

    @Test
    void aFlippedBitOfManifestAndLogIsFoundOrHarmless() throws IOException {
        for (Path image : List.of(killed, closed)) {
            flips(image, "MANIFEST-", FLIPS);
            flips(image, ".log", FLIPS);
            flips(image, "CURRENT", FLIPS);
            // Most of it is not in use, so that most flips do no harm and take longer.
            flips(image, ".acknowledged", FLIPS / 20);
        }
    }

    private void flips(Path image, String kind, int count) throws IOException {
        Path data = image(image);
        for (Path file : files(data, kind)) {
            byte[] sound = Files.readAllBytes(file);
            for (int at = 0; at < sound.length; at += 1 + random.nextInt(2 * sound.length / count + 1)) {
                byte[] damaged = sound.clone();
                damaged[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, damaged);
                String outcome = outcome(data);
                if (outcome.equals("" + GROUPS)) {
                    delete(data);
                    copy(image, data);
                } else {
                    assertThat(outcome)
                            .as("seed %d, byte %d of %s", seed, at, file)
                            .contains("--peer");
                    Files.write(file, sound);
                }
            }
        }
        assertThat(outcome(data)).isEqualTo("" + GROUPS);
    }

    @Test
    void whatIsCutOffIsFound() throws IOException {
        for (Path image : List.of(killed, closed)) {
            for (String kind : List.of("MANIFEST-", ".log")) {
                for (Path file : files(image, kind)) {
                    int size = (int) Files.size(file);
                    for (int i = 0; size > 0 && i < CUTS; i++) {
                        cut(image, image.relativize(file), i == 0 ? size - 1 : random.nextInt(size));
                    }
                }
            }
        }
    }

    private void cut(Path image, Path file, int bytes) throws IOException {
        Path data = image(image);
        Path cut = data.resolve(file);
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), bytes));
        String outcome = outcome(data);
        boolean identical = outcome.equals("" + GROUPS);
        assertThat(identical || outcome.contains("--peer"))
                .as("seed %d, %s cut to %d: %s", seed, file, bytes, outcome)
                .isTrue();
    }

    @Test
    void aGroupThatNobodyWasToldOfMayBeLost() throws IOException {
        Path data = image(killed);
        try (Store store = RocksStore.open(data.resolve("store"), limits)) {
            for (int i = GROUPS; i < GROUPS + 5; i++) {
                add(store, i);
            }
            try (Store.Batch batch = store.batch()) {
                batch.put(ColumnFamily.LOG, StoreKeys.numbered(1, 1000), new byte[100_000]);
                store.append(batch);
            }
            copy(data, home.resolve("torn"));
        }
        Path log = files(home.resolve("torn"), ".log").stream()
                .max(Comparator.comparingLong(file -> file.toFile().length()))
                .orElseThrow();
        byte[] whole = Files.readAllBytes(log);
        for (int lost : new int[] {1, 1000, 99_000}) {
            Path torn = image(home.resolve("torn"));
            Files.write(torn.resolve(home.resolve("torn").relativize(log)), Arrays.copyOf(whole, whole.length - lost));
            assertThat(outcome(torn)).isEqualTo("" + (GROUPS + 5));
        }
        Path torn = image(home.resolve("torn"));
        Files.write(torn.resolve(home.resolve("torn").relativize(log)), Arrays.copyOf(whole, whole.length - 100_100));
        assertRefused(torn, log.getFileName().toString(), "lost its end", "the last 1 ");
    }

    @Test
    void whateverIsMissingIsDamage() throws IOException {
        for (Path image : List.of(killed, closed)) {
            for (String kind : List.of("MANIFEST-", "CURRENT", ".acknowledged", ".sst")) {
                for (Path file : files(image, kind)) {
                    Path data = image(image);
                    Files.delete(data.resolve(image.relativize(file)));
                    assertRefused(data, file.getFileName().toString(), "missing");
                }
            }
            Path data = image(image);
            delete(data.resolve("store"));
            assertRefused(data, "CURRENT", "missing");
        }
        Path data = image(killed);
        for (Path file : files(data, ".log")) {
            Files.delete(file);
        }
        assertRefused(data, "lost its end");
    }

    @Test
    void zeroedFilesAreDamage() throws IOException {
        for (Path image : List.of(killed, closed)) {
            for (String kind : List.of("MANIFEST-", "CURRENT", ".acknowledged", ".log")) {
                for (Path file : files(image, kind)) {
                    if (Files.size(file) > 0) {
                        Path data = image(image);
                        Path zeroed = data.resolve(image.relativize(file));
                        Files.write(zeroed, new byte[(int) Files.size(zeroed)]);
                        assertRefused(data);
                    }
                }
            }
        }
    }

    @Test
    void anOlderCopyIsDamage() throws IOException {
        Path data = image(closed);
        try (Store store = RocksStore.open(data.resolve("store"), limits)) {
            add(store, GROUPS);
        }
        Path current = data.resolve("store/CURRENT");
        byte[] newest = Files.readAllBytes(current);
        for (Path older : files(closed, "MANIFEST-")) {
            Files.copy(older, data.resolve(closed.relativize(older)));
        }
        Files.copy(closed.resolve("store/CURRENT"), current, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(data, "CURRENT", "older");
        Files.write(current, newest);
        assertThat(outcome(data)).isEqualTo("" + (GROUPS + 1));

        delete(data.resolve("store"));
        copy(closed.resolve("store"), data.resolve("store"));
        assertRefused(data, "older");
        Path mixed = image(killed);
        delete(mixed.resolve("store"));
        Path other = home.resolve("other");
        Files.createDirectories(other);
        try (Store store = RocksStore.open(other.resolve("store"), limits)) {
            for (int i = 0; i < 2 * GROUPS; i++) {
                add(store, i);
            }
        }
        copy(other.resolve("store"), mixed.resolve("store"));
        assertRefused(mixed, "belongs to another store");
    }

    @Test
    void aStoreThatWasNeverFinishedIsMade() throws IOException {
        Path data = Files.createDirectories(home.resolve("new"));
        AcknowledgementFile.create(
                AcknowledgementFile.of(data.resolve("store")),
                Acknowledgement.begun(Acknowledgement.State.MAKING, Bytes.wrap(new byte[16])));
        assertThat(outcome(data)).isEqualTo("0");
        assertThat(outcome(data)).isEqualTo("0");
        delete(data.resolve("store"));
        assertRefused(data, "CURRENT", "missing");
    }

    @Test
    void aStoreOfTheVersionBeforeIsTakenOver() throws Exception {
        Path data = Files.createDirectories(home.resolve("before"));
        before(data.resolve("store"));
        assertThat(seenToRead(data)).isEqualTo("5");
        assertThat(data.resolve("store.acknowledged")).doesNotExist();
        assertThat(outcome(data)).isEqualTo("5");
        assertThat(outcome(data)).isEqualTo("5");
        // And it goes back to that version, and comes again.
        before(data.resolve("store"));
        assertThat(outcome(data)).isEqualTo("5");
        Files.delete(data.resolve("store.acknowledged"));
        assertRefused(data, "store.acknowledged", "missing");
    }

    /** Writes rows as the version did that kept no acknowledgements. */
    private static void before(Path directory) throws RocksDBException, IOException {
        Files.createDirectories(directory);
        NativeLibrary.load();
        List<ColumnFamilyDescriptor> descriptors = Arrays.stream(ColumnFamily.values())
                .map(family -> new ColumnFamilyDescriptor(family.family()))
                .toList();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
                RocksDB db = RocksDB.open(options, directory.toString(), descriptors, handles)) {
            for (int i = 0; i < 5; i++) {
                db.put(
                        handles.get(List.of(ColumnFamily.values()).indexOf(ColumnFamily.LOG)),
                        StoreKeys.numbered(1, i),
                        new byte[10]);
            }
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    @Test
    void whatCannotBeReadIsNotAbsent() throws IOException {
        for (Path file : files(closed, ".sst")) {
            byte[] bytes = Files.readAllBytes(file);
            if (new String(bytes, StandardCharsets.ISO_8859_1).contains("nameids")) {
                bytes[20] ^= 4;
                Files.write(file, bytes);
            }
        }
        try (Store store = RocksStore.open(closed.resolve("store"), limits)) {
            byte[] key = StoreKeys.hashed(1, hash(3));
            byte[] absent = StoreKeys.hashed(2, hash(3));
            assertThatThrownBy(() -> store.gets(ColumnFamily.IDS, List.of(absent, key, absent)))
                    .isInstanceOfSatisfying(StoreException.class, e -> {
                        assertThat(e.refusal().reason()).isEqualTo(Reason.CORRUPT);
                        assertThat(e.getMessage()).contains(".sst");
                    });
            assertThatThrownBy(() -> store.get(ColumnFamily.IDS, key)).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> {
                        try (Store.Scan scan = store.scan(ColumnFamily.IDS)) {
                            scan.seek(new byte[] {0});
                            scan.here();
                        }
                    })
                    .isInstanceOf(StoreException.class);
            assertThat(store.gets(ColumnFamily.LOG, List.of(StoreKeys.numbered(1, 3), StoreKeys.numbered(1, 999))))
                    .extracting(value -> value.length)
                    .containsExactly(100, 0);
        }
    }

    @Test
    void manyKeysAreLookedUpInOrder() {
        try (Store store = RocksStore.open(closed.resolve("store"), limits)) {
            List<byte[]> keys = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                keys.add(StoreKeys.hashed(1, hash(i % 60)));
            }
            List<byte[]> found = store.gets(ColumnFamily.IDS, keys);
            for (int i = 0; i < 3000; i++) {
                Optional<Long> number = Optional.of(found.get(i))
                        .filter(value -> value.length > 0)
                        .map(value -> StoreKeys.number(value, 0));
                assertThat(number).isEqualTo(i % 60 < GROUPS ? Optional.of((long) (i % 60)) : Optional.empty());
            }
        }
    }

    private Path image(Path of) throws IOException {
        Path image = home.resolve("image");
        delete(image);
        copy(of, image);
        return image;
    }

    private static List<Path> files(Path data, String kind) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith(kind)
                            || file.getFileName().toString().endsWith(kind))
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
