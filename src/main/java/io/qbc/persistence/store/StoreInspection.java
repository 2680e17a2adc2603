package io.qbc.persistence.store;

import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.persistence.store.Acknowledgement.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What the files of a store say before RocksDB may touch them, which would make anew what is missing, take damage for
 * the end of a log, and delete what it does not need then.
 *
 * @param acknowledgement how far was acknowledged, if that was kept
 * @param fresh whether there is no store yet
 * @param logged the last numbered group in the write-ahead logs, or 0
 * @param closed whether the store is as it was when it was closed
 * @param lacking the spaces that it does not have, as those that older versions made
 */
record StoreInspection(
        Optional<Acknowledgement> acknowledgement,
        boolean fresh,
        long logged,
        boolean closed,
        List<ColumnFamily> lacking) {
    private static final Set<String> FAMILIES =
            Arrays.stream(ColumnFamily.values()).map(ColumnFamily::familyName).collect(Collectors.toUnmodifiableSet());
    /** Those that every store has, whichever version made it. */
    private static final Set<String> FIRST_FAMILIES = Arrays.stream(ColumnFamily.values())
            .filter(columnFamily -> !columnFamily.isLater())
            .map(ColumnFamily::familyName)
            .collect(Collectors.toUnmodifiableSet());

    /** Looks at a store, changes nothing, and fails if anything is damaged. */
    static StoreInspection of(Path directory) throws IOException {
        return new Inspector(directory).inspect();
    }

    /** Whether the store must be asked what it should have before it is opened to be written. */
    boolean doubtful() {
        return !lacking.isEmpty() || behind();
    }

    private boolean behind() {
        return !fresh && !closed && acknowledgement.map(Acknowledgement::groups).orElse(Long.MAX_VALUE) > logged;
    }

    /** The steps of one look. */
    private static final class Inspector {
        private final StoreFiles files;
        private final Path acknowledged;

        Inspector(Path directory) {
            files = new StoreFiles(directory);
            acknowledged = AcknowledgementFile.of(directory);
        }

        StoreInspection inspect() throws IOException {
            Optional<Acknowledgement> kept = AcknowledgementFile.read(acknowledged);
            boolean begun = kept.map(Acknowledgement::state)
                    .filter(State.MAKING::equals)
                    .isPresent();
            if (begun || (kept.isEmpty() && !files.any())) {
                return new StoreInspection(kept, true, 0, false, List.of());
            }
            if (!Files.exists(files.current())) {
                throw StoreDamage.of(files.current(), "is missing, but the store was made");
            }
            long number = files.manifestInUse()
                    .orElseThrow(() -> StoreDamage.of(files.current(), "is damaged: it names no manifest"));
            Acknowledgement known = kept.orElseGet(() -> Acknowledgement.begun(State.ADOPTING, Bytes.EMPTY));
            Manifest manifest = manifest(number, known);
            if (kept.isEmpty() && unfinished(manifest)) {
                return new StoreInspection(kept, true, 0, false, List.of());
            }
            families(number, manifest);
            tables(manifest);
            long logged = logs(manifest.firstLog(), known);
            boolean closed = known.state() == State.CLOSED
                    && known.manifest() == number
                    && known.manifestBytes() == Files.size(files.manifest(number));
            List<ColumnFamily> lacking = Arrays.stream(ColumnFamily.values())
                    .filter(columnFamily -> !manifest.families().contains(columnFamily.familyName()))
                    .toList();
            return new StoreInspection(kept, false, logged, closed, lacking);
        }

        private Manifest manifest(long number, Acknowledgement known) throws IOException {
            if (number < known.manifest()) {
                throw StoreDamage.of(
                        files.current(), "is older than the store: manifest " + known.manifest() + " was in use");
            }
            if (!Files.exists(files.manifest(number))) {
                throw StoreDamage.of(files.manifest(number), "is missing, but CURRENT names it");
            }
            return Manifest.read(files.manifest(number), number == known.manifest() ? known.manifestBytes() : 0);
        }

        /** The version that kept no acknowledgements may have ended while it made the spaces. */
        private boolean unfinished(Manifest manifest) throws IOException {
            return !manifest.families().containsAll(FIRST_FAMILIES)
                    && manifest.tables().isEmpty()
                    && files.logs().values().stream().allMatch(bytes -> bytes == 0);
        }

        private void families(long number, Manifest manifest) {
            for (String family : manifest.families()) {
                if (!FAMILIES.contains(family)) {
                    throw new StoreException(
                            Reason.INTERNAL, "the store in " + files.directory() + " is of another version of QBC");
                }
            }
            for (String family : FIRST_FAMILIES) {
                if (!manifest.families().contains(family)) {
                    throw StoreDamage.of(files.manifest(number), "does not list the store's space " + family);
                }
            }
        }

        private void tables(Manifest manifest) throws IOException {
            for (Map.Entry<Long, Long> table : manifest.tables().entrySet()) {
                Path file = files.table(table.getKey());
                long bytes = StoreFiles.size(file)
                        .orElseThrow(() -> StoreDamage.of(file, "is missing, but the store needs it"));
                if (bytes != table.getValue()) {
                    throw StoreDamage.of(file, "has " + bytes + " bytes, but had " + table.getValue());
                }
            }
        }

        /** Reads the logs that are needed, and gives the last numbered group in them. */
        private long logs(long first, Acknowledgement known) throws IOException {
            SortedMap<Long, Long> logs = files.logs().tailMap(first);
            for (Map.Entry<Long, Long> log : known.logs().tailMap(first).entrySet()) {
                long bytes = logs.getOrDefault(log.getKey(), -1L);
                if (bytes < 0) {
                    throw StoreDamage.of(files.log(log.getKey()), "is missing, but has writes that are nowhere else");
                }
                if (bytes < log.getValue()) {
                    throw StoreDamage.of(files.log(log.getKey()), "has " + bytes + " bytes, but had " + log.getValue());
                }
            }
            WriteGroups groups = new WriteGroups();
            for (long number : logs.keySet()) {
                groups.read(files.log(number));
            }
            return groups.last();
        }
    }
}
