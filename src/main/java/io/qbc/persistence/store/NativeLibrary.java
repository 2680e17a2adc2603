package io.qbc.persistence.store;

import io.qbc.config.ConfigException;
import io.qbc.config.PrivateDirectory;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's native library, 17 MB inside a jar. RocksDB unpacks it into the temporary directory at each start and
 * leaves it there when the process is killed or halts. Here it is unpacked once, into a directory that stays, and
 * checked at each start; wherever that is not possible, what RocksDB does remains.
 */
public final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    private static final Optional<String> PACKED = file("rocksdb");
    /** The name that RocksDB looks for in a directory that it is given. */
    private static final String UNPACKED = file("rocksdbjni").orElse("");

    private static final String LOOKED_FOR_IN = "java.library.path";

    private static boolean loaded;
    /** Why it cannot be loaded, as RocksDB does not try twice. */
    private static Optional<String> failure = Optional.empty();

    private NativeLibrary() {}

    /** Loads the library by way of a copy in this directory, which is made if need be; others in it are deleted. */
    public static void loadFrom(Path directory) {
        load(() -> kept(directory));
    }

    /** Loads the library and leaves no copy behind. */
    static void load() {
        load(NativeLibrary::passing);
    }

    /**
     * Checks that the store can run on this machine.
     *
     * @throws ConfigException if there is no library for it
     */
    public static void require() {
        if (!installed()) {
            ClassLoader packing = RocksDB.class.getClassLoader();
            require(PACKED.filter(name -> packing.getResource(name) != null), machine());
        }
    }

    static void require(Optional<String> library, String machine) {
        if (library.isEmpty()) {
            throw new ConfigException("the store has no library for this machine, " + machine
                    + "; it has those for Linux with glibc and macOS on x86-64 and arm64, and for Windows on x86-64");
        }
    }

    private static String machine() {
        return System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                + (PACKED.filter(name -> name.contains("-musl")).isPresent() ? " with musl" : "");
    }

    private static Optional<String> file(String library) {
        try {
            return Optional.of(Environment.getJniLibraryFileName(library));
        } catch (UnsupportedOperationException e) {
            LOG.debug("the store does not know this system: {}", e.toString());
            return Optional.empty();
        }
    }

    private static synchronized void load(Supplier<Boolean> way) {
        require();
        refuse(failure, machine());
        // Where the operator has put one, RocksDB finds it.
        if (!loaded && (installed() || !way.get())) {
            try {
                RocksDB.loadLibrary();
            } catch (UnsatisfiedLinkError e) {
                failure = Optional.of(String.valueOf(e.getMessage()));
                refuse(failure, machine());
            }
        }
        loaded = true;
    }

    static void refuse(Optional<String> why, String machine) {
        why.ifPresent(cause -> {
            throw new ConfigException("the store's library cannot be loaded on this machine, " + machine + " (" + cause
                    + "); it needs a glibc as new as its own, and a temporary directory from which programs may run");
        });
    }

    private static boolean installed() {
        return System.getenv("ROCKSDB_SHAREDLIB_DIR") != null
                || PACKED.filter(NativeLibrary::isPutInPlace).isPresent();
    }

    private static boolean isPutInPlace(String library) {
        return Arrays.stream(System.getProperty(LOOKED_FOR_IN, "").split(File.pathSeparator, -1))
                .anyMatch(directory -> new File(directory, library).exists());
    }

    private static boolean kept(Path directory) {
        try {
            RocksDB.loadLibrary(List.of(copyIn(directory).toString()));
            return true;
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.debug("the store's library cannot be kept in {}: {}", directory, e.toString());
            return passing();
        }
    }

    /** The directory with a whole copy, inside this one and beside no other. */
    static Path copyIn(Path directory) throws IOException {
        try (ZipFile jar = jar()) {
            ZipEntry entry = entry(jar);
            Path versioned = directory.resolve(Long.toHexString(entry.getCrc()));
            Path copy = versioned.resolve(UNPACKED);
            if (!whole(copy, entry)) {
                PrivateDirectory.make(versioned);
                make(jar, entry, directory, copy);
            }
            forgetOthers(directory, versioned);
            return versioned;
        }
    }

    private static void make(ZipFile jar, ZipEntry entry, Path directory, Path copy) throws IOException {
        Path part = Files.createTempFile(directory, "part", ".so");
        try {
            unpack(jar, entry, part);
            // Whoever else does the same at this moment moves the same bytes.
            Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Once it is loaded, the system needs the file's name no more. */
    private static boolean passing() {
        try (ZipFile jar = jar()) {
            Path temporary = Files.createTempDirectory("qbc-native-");
            try {
                unpack(jar, entry(jar), temporary.resolve(UNPACKED));
                RocksDB.loadLibrary(List.of(temporary.toString()));
                return true;
            } finally {
                forget(temporary);
            }
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.debug("the store's library is left to RocksDB: {}", e.toString());
            return false;
        }
    }

    /** The jar with the library: the program's, or RocksDB's own. */
    private static ZipFile jar() throws IOException {
        try {
            CodeSource source = RocksDB.class.getProtectionDomain().getCodeSource();
            return new ZipFile(new File(source.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException("the program is not in a file", e);
        }
    }

    private static ZipEntry entry(ZipFile jar) throws IOException {
        return PACKED.map(jar::getEntry)
                .orElseThrow(() -> new IOException("the jar lacks " + PACKED.orElse("the library")));
    }

    /** A sum that finds damage; who may write to a node's directory needs no forged library. */
    private static boolean whole(Path copy, ZipEntry entry) throws IOException {
        if (!Files.isRegularFile(copy) || Files.size(copy) != entry.getSize()) {
            return false;
        }
        CRC32 sum = new CRC32();
        ByteBuffer part = ByteBuffer.allocate(1 << 18);
        try (FileChannel in = FileChannel.open(copy)) {
            while (in.read(part.clear()) >= 0) {
                sum.update(part.flip());
            }
        }
        return sum.getValue() == entry.getCrc();
    }

    private static void unpack(ZipFile jar, ZipEntry entry, Path file) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void forgetOthers(Path directory, Path kept) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path other : all.filter(path -> !path.equals(kept)).toList()) {
                forget(other);
            }
        }
    }

    private static void forget(Path path) {
        try {
            if (Files.isDirectory(path)) {
                Files.deleteIfExists(path.resolve(UNPACKED));
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("{} cannot be deleted: {}", path, e.toString());
        }
    }
}
