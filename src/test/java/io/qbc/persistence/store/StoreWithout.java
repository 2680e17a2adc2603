package io.qbc.persistence.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Makes a store what it would be if a version without one of its spaces had written it. */
public final class StoreWithout {
    private StoreWithout() {}

    /** Takes a space away from a store that is not open. */
    public static void of(Path directory, ColumnFamily space) throws RocksDBException {
        NativeLibrary.load();
        List<ColumnFamilyDescriptor> descriptors = Arrays.stream(ColumnFamily.values())
                .map(family -> new ColumnFamilyDescriptor(family.family()))
                .toList();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                RocksDB db = RocksDB.open(options, directory.toString(), descriptors, handles)) {
            db.dropColumnFamily(handles.get(List.of(ColumnFamily.values()).indexOf(space)));
            handles.forEach(ColumnFamilyHandle::close);
        }
    }
}
