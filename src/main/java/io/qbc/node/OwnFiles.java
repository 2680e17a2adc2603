package io.qbc.node;

import io.qbc.api.access.ApiKeyFile;
import io.qbc.config.ConfigException;
import io.qbc.gossip.GossipFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a data directory beside the store, which no peer has: the node's keys, the keys of callers, and what it
 * was told of chains and peers. Blocks.
 */
final class OwnFiles {
    private final Path data;

    OwnFiles(Path data) {
        this.data = data;
    }

    /** The reading of a file that must make sense. */
    @FunctionalInterface
    private interface Reading {
        void run() throws IOException;
    }

    /** What a start would refuse, a line each; a file that is not there is no fault here. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        keyFault().ifPresent(faults::add);
        Keyring.files(data.resolve(Keyring.DIRECTORY))
                .forEach(key -> keyFault(key).ifPresent(faults::add));
        fault(() -> GossipFiles.requireFollowing(data)).ifPresent(faults::add);
        fault(() -> new ApiKeyFile(data).read()).ifPresent(faults::add);
        return faults;
    }

    /** What is wrong with the node's own key. */
    Optional<String> keyFault() {
        return keyFault(data.resolve(Identity.FILE));
    }

    private static Optional<String> keyFault(Path key) {
        return fault(() -> KeyFile.find(key));
    }

    private static Optional<String> fault(Reading reading) {
        try {
            reading.run();
            return Optional.empty();
        } catch (IOException | ConfigException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Copies the node's own key into a directory, if there is one. */
    void copyKey(Path to) throws IOException {
        if (Files.exists(data.resolve(Identity.FILE))) {
            copy(to, Identity.FILE);
            copy(to, Identity.PUBLIC_FILE);
        }
    }

    /** Copies everything; what is damaged and can be done without is left out, and its line given. */
    List<String> copyAll(Path to) throws IOException {
        List<String> left = new ArrayList<>();
        copy(to, Identity.FILE);
        copy(to, Identity.PUBLIC_FILE);
        for (Path key : Keyring.files(data.resolve(Keyring.DIRECTORY))) {
            String name = Keyring.DIRECTORY + "/" + key.getFileName();
            copy(to, name);
            copy(to, KeyFile.publicFile(Path.of(name)).toString());
        }
        copySound(to, GossipFiles.FOLLOWING, () -> GossipFiles.requireFollowing(data), left);
        copySound(to, GossipFiles.PEERS, () -> GossipFiles.requirePeers(data), left);
        copySound(to, GossipFiles.BANS, () -> GossipFiles.requireBans(data), left);
        copySound(to, ApiKeyFile.NAME, () -> new ApiKeyFile(data).read(), left);
        copySound(to, ApiKeyFile.USED, () -> new ApiKeyFile(data).used(), left);
        return left;
    }

    private void copySound(Path to, String name, Reading reading, List<String> left) throws IOException {
        Optional<String> fault = fault(reading);
        if (fault.isEmpty()) {
            copy(to, name);
        } else {
            left.add("left out: " + fault.get());
        }
    }

    private void copy(Path to, String name) throws IOException {
        Path file = data.resolve(name);
        if (Files.exists(file)) {
            Path copy = to.resolve(name);
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
