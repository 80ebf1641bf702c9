package io.weir.streams.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/// Lets all stores of all jobs in this process share one block cache and one budget of write buffers. The
/// first store to open decides the budget. Made by Streams, one per store.
public final class SharedRocksDb implements RocksDBConfigSetter {
    /// Setting: bytes outside the heap for all stores of the process together.
    static final String BUDGET_BYTES = "weir.jobs.memory.rocksdb.bytes";

    static final long DEFAULT_BUDGET_BYTES = 96L << 20;

    private static final long WRITE_BUFFER_BYTES = 8L << 20;

    private record Memory(Cache cache, WriteBufferManager writeBuffers) {
        private static @Nullable Memory shared;

        static synchronized Memory shared(long budgetBytes) {
            Memory memory = shared;
            if (memory == null) {
                RocksDB.loadLibrary();
                Cache cache = new LRUCache(budgetBytes);
                memory = new Memory(cache, new WriteBufferManager(budgetBytes / 2, cache));
                shared = memory;
            }
            return memory;
        }
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> settings) {
        Object budget = settings.get(BUDGET_BYTES);
        Memory memory = Memory.shared(budget == null ? DEFAULT_BUDGET_BYTES : Long.parseLong(String.valueOf(budget)));
        if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
            table.setBlockCache(memory.cache());
            table.setCacheIndexAndFilterBlocks(true);
            options.setTableFormatConfig(table);
        }
        options.setWriteBufferManager(memory.writeBuffers());
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
    }

    /// Nothing to close: the memory lives as long as the process.
    @Override
    public void close(String storeName, Options options) {}
}
