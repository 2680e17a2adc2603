package io.qbc.persistence.store;

import io.qbc.config.NodeConfig;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionOptionsUniversal;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RateLimiter;
import org.rocksdb.SstFileManager;
import org.rocksdb.WALRecoveryMode;

/** How {@link RocksStore} sets RocksDB up. */
final class RocksOptions {
    private static final int SCOPE_PREFIX_BYTES = StoreKeys.SCOPED_BYTES - Long.BYTES;

    private static final long SYNC_STEP_BYTES = 1 << 20;

    private RocksOptions() {}

    /** Options of the whole store. */
    static DBOptions database(NodeConfig.Store limits, RateLimiter files, SstFileManager deletes) {
        return new DBOptions()
                .setParanoidChecks(true)
                // The default mode drops acknowledged writes after a flipped byte without a word.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setDbWriteBufferSize(limits.writeBufferBytes())
                .setMaxTotalWalSize(2 * limits.writeBufferBytes())
                .setMaxOpenFiles(StoreSize.openFiles(limits.openFiles()))
                .setMaxBackgroundJobs(2)
                .setRateLimiter(files)
                .setSstFileManager(deletes)
                // New files go to the disk bit by bit: all at once, a sync of the log would wait behind them.
                .setBytesPerSync(SYNC_STEP_BYTES)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(1 << 20)
                .setKeepLogFileNum(2);
    }

    /** Options of one space. Most of the memory is the ids': the more of them a file holds, the fewer merges. */
    static ColumnFamilyOptions family(
            ColumnFamily columnFamily, NodeConfig.Store limits, Cache cache, BloomFilter bloom) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                // In parts, as a whole filter of a large file is more than a shard of the cache can hold.
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setMetadataBlockSize(4096)
                .setPinTopLevelIndexAndFilter(true)
                .setFormatVersion(5);
        ColumnFamilyOptions options = new ColumnFamilyOptions()
                .setWriteBufferSize(limits.writeBufferBytes() / 2)
                .setCompressionType(CompressionType.NO_COMPRESSION);
        switch (columnFamily) {
            case LOG -> log(table, options.setWriteBufferSize(limits.writeBufferBytes() / 4));
            case IDS -> {
                // Large parts, as finding each one costs a look-up; whole ones of a long chain may not fit the cache.
                table.setMetadataBlockSize(256 * 1024);
                table.setFilterPolicy(bloom);
                // Random keys that never change: rewriting them level by level would cost more than the extra runs.
                options.setCompactionStyle(CompactionStyle.UNIVERSAL);
                // Most ids that are looked for are new, and the newest part of the store has no files to ask less.
                options.setMemtableWholeKeyFiltering(true).setMemtablePrefixBloomSizeRatio(0.1);
            }
            case QUANTS -> {
                table.setFilterPolicy(bloom);
                options.setMemtableWholeKeyFiltering(true).setMemtablePrefixBloomSizeRatio(0.1);
            }
            case KEYS -> {
                table.setFilterPolicy(bloom).setWholeKeyFiltering(false);
                options.useFixedLengthPrefixExtractor(SCOPE_PREFIX_BYTES).setMemtablePrefixBloomSizeRatio(0.1);
            }
            case META, MAIN, PLACED, SUPERSEDED, STATES, ROLLUP, SUBSCRIPTIONS -> table.setBlockSize(4 * 1024);
        }
        return options.setTableFormatConfig(table);
    }

    private static void log(BlockBasedTableConfig table, ColumnFamilyOptions options) {
        table.setBlockSize(8 * 1024);
        // Files of some 10 MB have small indexes; one in parts would take a look-up more for each entry.
        table.setIndexType(IndexType.kBinarySearch).setPartitionFilters(false);
        table.setBlockRestartInterval(4);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
        growing(options);
    }

    /** For keys that only grow: the files do not overlap, so that compaction renames them and copies nothing. */
    private static void growing(ColumnFamilyOptions options) {
        try (CompactionOptionsUniversal moving = new CompactionOptionsUniversal().setAllowTrivialMove(true)) {
            options.setCompactionStyle(CompactionStyle.UNIVERSAL).setCompactionOptionsUniversal(moving);
        }
    }
}
