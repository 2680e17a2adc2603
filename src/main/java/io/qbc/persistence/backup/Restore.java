package io.qbc.persistence.backup;

import io.qbc.config.NodeConfig;
import io.qbc.config.PrivateDirectory;
import io.qbc.ledger.DataRules;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.persistence.backup.BackupManifest.BackedUpFile;
import io.qbc.persistence.backup.BackupManifest.BackedUpHead;
import io.qbc.persistence.lifecycle.Registry;
import io.qbc.persistence.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The way from a backup to a data directory. Files are copied and never linked, since the node goes on writing to some
 * of them, and since one damaged sector should not hit both. The file by which the store is opened comes last: a
 * directory that is not whole is none that a node starts on.
 */
public final class Restore {
    private static final String STORE = "store";
    private static final String CURRENT = STORE + "/CURRENT";
    private static final String LOCK = "lock";
    /** Tells that the directory came from a backup: what this key signed since then is not known here. */
    private static final String MARK = "restored";

    private final Path from;
    private final Path data;
    private final CopiedStore copies;
    private final Consumer<Progress> listener;

    private Restore(Path from, Path data, CopiedStore copies, Consumer<Progress> listener) {
        this.from = from;
        this.data = data;
        this.copies = copies;
        this.listener = listener;
    }

    /** How far it is: what is done now, and so many of so many bytes of it. */
    public record Progress(String doing, long done, long bytes) {}

    /** How it ended. */
    public sealed interface Outcome {}

    /** The directory is made and checked; a line for each chain and its head. */
    public record Restored(List<String> chains, int files, long bytes, boolean withKey) implements Outcome {
        public Restored {
            chains = List.copyOf(chains);
        }
    }

    /** The backup is damaged, or the directory is not to be used; nothing is left in it. */
    public record Refused(String why) implements Outcome {}

    /** Restores a backup into a directory that is empty, or not there yet. */
    public static Outcome run(
            Path from, Path data, NodeConfig config, DataRules.Reader rules, Consumer<Progress> listener) {
        CopiedStore copies =
                new CopiedStore(config.store(), store -> new Registry(store, config, Ed25519.VERIFIER, rules));
        try {
            return new Restore(from, data, copies, listener).locked();
        } catch (IOException | StoreException e) {
            boolean said = e.getClass() == IOException.class || e instanceof StoreException;
            return new Refused(said ? String.valueOf(e.getMessage()) : "the backup cannot be restored: " + e);
        }
    }

    private Restored locked() throws IOException {
        BackupManifest manifest = BackupManifest.read(from);
        PrivateDirectory.make(data);
        requireEmpty();
        try (FileChannel lock =
                FileChannel.open(data.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (!isHeld(lock)) {
                throw new IOException("another process uses the data directory " + data);
            }
            try {
                restore(manifest);
            } catch (IOException | RuntimeException e) {
                clear();
                throw e;
            }
        }
        List<String> chains = manifest.heads().stream()
                .map(head -> head.name() + " at height " + head.height() + ", " + head.hash())
                .toList();
        return new Restored(chains, manifest.files().size(), manifest.bytes(), manifest.withKey());
    }

    private static boolean isHeld(FileChannel lock) throws IOException {
        try {
            return Optional.<FileLock>ofNullable(lock.tryLock()).isPresent();
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void requireEmpty() throws IOException {
        try (Stream<Path> entries = Files.list(data)) {
            Optional<Path> first =
                    entries.filter(entry -> !entry.endsWith(LOCK)).findFirst();
            if (first.isPresent()) {
                throw new IOException("the data directory " + data + " is not empty, it has " + first.get()
                        + "; restore into another one, or move it away");
            }
        }
    }

    private void restore(BackupManifest manifest) throws IOException {
        Files.createFile(data.resolve(MARK));
        copy(manifest);
        Files.move(part(CURRENT), data.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE);
        FileCopy.sync(data.resolve(STORE));
        readAgain(manifest);
        List<BackedUpHead> heads = copies.heads(data.resolve(STORE), () -> {});
        if (!heads.equals(manifest.heads())) {
            throw new IOException(
                    "the backup is damaged: its chains stand at " + heads + ", but should at " + manifest.heads());
        }
    }

    private void copy(BackupManifest manifest) throws IOException {
        Tally tally = new Tally("copying", manifest.bytes());
        Set<Path> directories = new HashSet<>(Set.of(data));
        if (manifest.files().stream().noneMatch(file -> file.path().equals(CURRENT))) {
            throw new IOException("the backup is damaged: " + CURRENT + " is missing in its manifest");
        }
        for (BackedUpFile file : manifest.files()) {
            Path source = from.resolve(file.path());
            Path to = file.path().equals(CURRENT) ? part(CURRENT) : data.resolve(file.path());
            if (directories.add(to.getParent())) {
                Files.createDirectories(to.getParent());
            }
            if (!Files.isRegularFile(source)) {
                throw damaged(source, "is missing");
            }
            if (Files.size(source) != file.bytes()) {
                throw damaged(source, "has " + Files.size(source) + " bytes and should have " + file.bytes());
            }
            Hash sum = FileCopy.copy(source, to, BackupJob.isSecret(file.path()), tally::read);
            if (!sum.equals(file.sum())) {
                throw damaged(source, "does not have its checksum");
            }
        }
        for (Path each : directories) {
            FileCopy.sync(each);
        }
    }

    private Path part(String path) {
        return data.resolve(path + ".part");
    }

    private static IOException damaged(Path file, String how) {
        return new IOException("the backup is damaged: " + file + " " + how + "; take another backup, or get the chains"
                + " from a peer by starting on an empty directory with --peer");
    }

    private void readAgain(BackupManifest manifest) throws IOException {
        Tally tally = new Tally("checking", manifest.bytes());
        for (BackedUpFile file : manifest.files()) {
            Path copied = data.resolve(file.path());
            if (!FileCopy.sum(copied, tally::read).equals(file.sum())) {
                throw new IOException(copied + " is not what was written; the disk cannot be trusted");
            }
        }
    }

    /** The directory was empty before. */
    private void clear() throws IOException {
        List<Path> entries = new ArrayList<>();
        try (Stream<Path> all = Files.list(data)) {
            all.filter(entry -> !entry.endsWith(LOCK)).forEach(entries::add);
        }
        for (Path entry : entries) {
            FileCopy.delete(entry);
        }
    }

    private final class Tally {
        private final String doing;
        private final long bytes;
        private long done;

        Tally(String doing, long bytes) {
            this.doing = doing;
            this.bytes = bytes;
        }

        void read(long more) {
            done += more;
            listener.accept(new Progress(doing, done, bytes));
        }
    }
}
