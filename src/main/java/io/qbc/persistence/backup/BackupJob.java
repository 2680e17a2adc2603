package io.qbc.persistence.backup;

import io.qbc.bus.Catalogue.BackupStep;
import io.qbc.config.PrivateDirectory;
import io.qbc.model.Hash;
import io.qbc.persistence.backup.BackupDirectory.Previous;
import io.qbc.persistence.backup.BackupManifest.BackedUpFile;
import io.qbc.persistence.backup.BackupManifest.BackedUpHead;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The making of one backup: a checkpoint of the store beside it, its files brought to the backup, all read again, and
 * the manifest last. What is not complete has another name, and is deleted.
 */
final class BackupJob {
    /** Files that hold what a node learned and does not have in its store, and which key is its own. */
    private static final List<String> PLAIN = List.of("peers.json", "bans.json", "following.json", "identity.pub");

    private static final String KEY = "identity.key";
    /** Who may call, with hashes of their secrets. */
    private static final String CALLERS = "access.json";

    private static final String KEYS = "keys";
    private static final String PUBLIC = ".pub";
    private static final String STORE = "store";
    private static final String TABLE = ".sst";

    private final Path data;
    private final Store store;
    private final OpenChains openChains;
    private final CopiedStore copies;
    private final BackupDirectory directory;
    private final BackupProgress progress;
    private final List<BackedUpFile> copied = new ArrayList<>();

    BackupJob(
            Path data,
            Store store,
            OpenChains openChains,
            CopiedStore copies,
            BackupDirectory directory,
            BackupProgress progress) {
        this.data = data;
        this.store = store;
        this.openChains = openChains;
        this.copies = copies;
        this.directory = directory;
        this.progress = progress;
    }

    /** A file to be brought to the backup. */
    private record Source(Path file, String path, long bytes) {
        static Source of(Path file, String path) throws IOException {
            return new Source(file, path, Files.size(file));
        }

        /** Tables alone never change: the store goes on writing to its other files. */
        boolean unchanging() {
            return path.endsWith(TABLE);
        }
    }

    /**
     * Makes the backup.
     *
     * @param whole whether every rule is checked anew in it
     */
    void run(String name, boolean withKey, boolean whole, long now) throws IOException {
        Path part = directory.part(name);
        Path checkpoint = checkpoint(data);
        PrivateDirectory.make(directory.path());
        directory.deleteParts();
        FileCopy.delete(checkpoint);
        try {
            Map<Hash, BigInteger> before = weights();
            Files.createDirectories(checkpoint);
            store.checkpoint(checkpoint.resolve(STORE));
            progress.requireOpen();
            List<BackedUpFile> files = bring(sources(checkpoint, withKey), part);
            FileCopy.delete(checkpoint);
            progress.step(BackupStep.CHECKING);
            readAgain(part);
            List<BackedUpHead> heads = copies.heads(part.resolve(STORE), progress::requireOpen);
            compare(before, heads);
            if (whole) {
                copies.checkWhole(part.resolve(STORE), progress);
            }
            new BackupManifest(now, withKey, files, heads).write(part);
            Files.move(part, directory.of(name), StandardCopyOption.ATOMIC_MOVE);
            FileCopy.sync(directory.path());
            directory.deleteOldest();
        } finally {
            FileCopy.delete(checkpoint);
            FileCopy.delete(part);
        }
    }

    /** Beside the store, so that its files can be linked. */
    static Path checkpoint(Path data) {
        return data.resolve("checkpoint");
    }

    /** Whether a file of a backup has a key that nobody but its owner may read. */
    static boolean isSecret(String path) {
        return path.equals(KEY) || path.equals(CALLERS) || (path.startsWith(KEYS + "/") && !path.endsWith(PUBLIC));
    }

    private Map<Hash, BigInteger> weights() {
        return openChains.all().stream()
                .collect(Collectors.toMap(
                        OpenChain::id, chain -> chain.tip().head().weight()));
    }

    private List<Source> sources(Path checkpoint, boolean withKey) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Path file : files(checkpoint.resolve(STORE))) {
            sources.add(Source.of(file, STORE + "/" + file.getFileName()));
        }
        // What the store keeps beside itself.
        for (Path file : files(checkpoint)) {
            sources.add(Source.of(file, file.getFileName().toString()));
        }
        for (String name : PLAIN) {
            if (Files.isRegularFile(data.resolve(name))) {
                sources.add(Source.of(data.resolve(name), name));
            }
        }
        if (withKey) {
            sources.add(Source.of(data.resolve(KEY), KEY));
            if (Files.isRegularFile(data.resolve(CALLERS))) {
                sources.add(Source.of(data.resolve(CALLERS), CALLERS));
            }
        }
        for (Path file : files(data.resolve(KEYS))) {
            String path = KEYS + "/" + file.getFileName();
            if (withKey || !isSecret(path)) {
                sources.add(Source.of(file, path));
            }
        }
        return sources;
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private List<BackedUpFile> bring(List<Source> sources, Path part) throws IOException {
        progress.begin(
                BackupStep.COPYING, sources.stream().mapToLong(Source::bytes).sum());
        Optional<Previous> previous = directory.previous();
        Map<String, BackedUpFile> there = new HashMap<>();
        previous.ifPresent(found -> found.manifest().files().forEach(file -> there.put(file.path(), file)));
        Set<Path> directories = new HashSet<>(Set.of(part));
        List<BackedUpFile> files = new ArrayList<>();
        for (Source source : sources) {
            Path to = part.resolve(source.path());
            if (directories.add(to.getParent()) || files.isEmpty()) {
                Files.createDirectories(to.getParent());
            }
            Optional<Path> same = previous.filter(found -> source.unchanging())
                    .filter(found -> there.containsKey(source.path())
                            && there.get(source.path()).bytes() == source.bytes())
                    .map(found -> found.path().resolve(source.path()));
            Hash sum = bring(source, same, to);
            files.add(new BackedUpFile(source.path(), source.bytes(), sum));
        }
        for (Path each : directories) {
            FileCopy.sync(each);
        }
        return files;
    }

    /** Links the store's own file if it can be, else the same file of the backup before, else copies it. */
    private Hash bring(Source source, Optional<Path> before, Path to) throws IOException {
        if (source.unchanging() && link(source.file(), to)) {
            progress.shared(source.bytes());
            return FileCopy.sum(source.file(), progress::read);
        }
        if (before.isPresent()) {
            Hash sum = FileCopy.sum(source.file(), progress::read);
            // Another file may have had the same name, and one that was damaged since is not built upon.
            if (sum.equals(FileCopy.sum(before.get(), bytes -> progress.requireOpen())) && link(before.get(), to)) {
                progress.shared(source.bytes());
                return sum;
            }
            FileCopy.copy(source.file(), to, isSecret(source.path()), bytes -> progress.requireOpen());
            copied.add(new BackedUpFile(source.path(), source.bytes(), sum));
            return sum;
        }
        Hash sum = FileCopy.copy(source.file(), to, isSecret(source.path()), progress::read);
        copied.add(new BackedUpFile(source.path(), source.bytes(), sum));
        return sum;
    }

    private static boolean link(Path file, Path to) throws IOException {
        try {
            Files.createLink(to, file);
            return true;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // Another file system, or one without links.
            return false;
        }
    }

    private void readAgain(Path part) throws IOException {
        progress.begin(
                BackupStep.CHECKING,
                copied.stream().mapToLong(BackedUpFile::bytes).sum());
        for (BackedUpFile file : copied) {
            if (!FileCopy.sum(part.resolve(file.path()), progress::read).equals(file.sum())) {
                throw StoreException.corrupt("the copy of " + file.path() + " in " + part
                        + " is not what was written; the disk there cannot be trusted");
            }
        }
    }

    /** The running store may have moved on, but has been where the backup is, and not before it was asked for. */
    private void compare(Map<Hash, BigInteger> before, List<BackedUpHead> heads) {
        Map<Hash, BackedUpHead> there = heads.stream().collect(Collectors.toMap(BackedUpHead::chain, head -> head));
        for (OpenChain chain : openChains.all()) {
            Optional<BackedUpHead> head = Optional.ofNullable(there.get(chain.id()));
            boolean sound = !before.containsKey(chain.id())
                    || head.flatMap(found -> chain.quants().find(found.hash()))
                            .filter(quant -> quant.head().weight().compareTo(before.get(chain.id())) >= 0)
                            .isPresent();
            if (!sound) {
                throw StoreException.corrupt("the chain " + chain.spec().name() + " stands in the backup at "
                        + head.map(found -> "height " + found.height() + ", quant " + found.hash())
                                .orElse("no quant")
                        + ", which this node does not have");
            }
        }
    }
}
