package io.qbc.api.access;

import io.qbc.access.ApiKey;
import io.qbc.access.ApiKey.Token;
import io.qbc.access.KeyRing;
import io.qbc.access.KeyRingText;
import io.qbc.config.DamagedFileException;
import io.qbc.config.PrivateDirectory;
import io.qbc.config.PrivateFile;
import io.qbc.config.StoredJson;
import io.qbc.json.JsonTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The files of the API keys in a data directory: {@code access.json} has the keys, and {@code access-used.json} when
 * each was last used, which the running node alone writes. The command line changes the keys while a node runs, so each
 * change holds a lock on {@code access.lock}. Blocks.
 */
public final class ApiKeyFile {
    /** The file that has the keys. */
    public static final String NAME = "access.json";

    /** The file that has when each was last used. */
    public static final String USED = "access-used.json";

    private static final String REMEDY = "Restore it from a backup that was made with --with-key; or remove it, and"
            + " make the callers new keys with qbc access add";

    /** A lock on a file keeps other processes away, and fails within one. */
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path keys;
    private final Path used;
    private final Path lock;

    public ApiKeyFile(Path data) {
        keys = data.resolve(NAME);
        used = data.resolve(USED);
        lock = data.resolve("access.lock");
    }

    /** What tells one version of the file from the next. */
    record Stamp(Object file, long modifiedNanos, long size) {}

    /** Nothing if there is no file. */
    Optional<Stamp> stamp() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(keys, BasicFileAttributes.class);
            return Optional.of(new Stamp(
                    Optional.ofNullable(now.fileKey()), now.lastModifiedTime().to(TimeUnit.NANOSECONDS), now.size()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** All keys; none if there is no file. Refuses a file that others may use. */
    public KeyRing read() throws IOException {
        if (!Files.exists(keys)) {
            return KeyRing.EMPTY;
        }
        PrivateFile.require(keys);
        try {
            return KeyRingText.read(StoredJson.read(keys));
        } catch (IllegalArgumentException e) {
            throw new DamagedFileException(keys, String.valueOf(e.getMessage())).with(REMEDY);
        } catch (DamagedFileException e) {
            throw e.with(REMEDY);
        }
    }

    /** Makes a key, and gives it as its owner has it: this once. */
    public Token add(ApiKey.Request request, long now) throws IOException {
        Token token = Token.of(random(ApiKey.ID_BYTES), random(ApiKey.SECRET_BYTES));
        change(ring -> ring.with(ApiKey.made(token, request, now)));
        return token;
    }

    /** Ends a key; nothing if there is none of this id. */
    public Optional<ApiKey> revoke(String id) throws IOException {
        Optional<ApiKey> found = read().find(id);
        if (found.isPresent()) {
            change(ring -> ring.without(id));
        }
        return found;
    }

    /** Gives a key another secret, beside which the one before counts for some time; nothing if there is none. */
    public Optional<Token> rotate(String id, long now, Duration grace) throws IOException {
        if (read().find(id).isEmpty()) {
            return Optional.empty();
        }
        Token token = Token.of(id, random(ApiKey.SECRET_BYTES));
        boolean there = change(ring -> ring.rotated(token, now, grace.toMillis()))
                .find(id)
                .isPresent();
        return there ? Optional.of(token) : Optional.empty();
    }

    /** Changes the keys, and gives them as they are then. */
    private KeyRing change(UnaryOperator<KeyRing> change) throws IOException {
        PrivateDirectory.make(lock.toAbsolutePath().getParent());
        IN_PROCESS.lock();
        try (FileChannel held = openLock()) {
            held.lock();
            KeyRing next = change.apply(read());
            PrivateFile.write(keys, StoredJson.sealed(KeyRingText.write(next)));
            return next;
        } finally {
            IN_PROCESS.unlock();
        }
    }

    /** When each key was last used, milliseconds since 1970. */
    public Map<String, Long> used() throws IOException {
        Map<String, Long> times = new TreeMap<>();
        if (Files.exists(used)) {
            StoredJson.read(used).forEach((id, at) -> {
                if (at instanceof Long millis) {
                    times.put(id, millis);
                }
            });
        }
        return times;
    }

    void writeUsed(Map<String, Long> times) throws IOException {
        LinkedHashMap<String, Object> members = new LinkedHashMap<>();
        members.put("version", 1L);
        members.putAll(new TreeMap<>(times));
        PrivateFile.write(used, StoredJson.sealed(JsonTree.write(members)));
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private FileChannel openLock() throws IOException {
        if (!Files.exists(lock)) {
            try {
                return PrivateFile.create(lock);
            } catch (FileAlreadyExistsException e) {
                // Another process was quicker.
                return FileChannel.open(lock, StandardOpenOption.WRITE);
            }
        }
        return FileChannel.open(lock, StandardOpenOption.WRITE);
    }
}
