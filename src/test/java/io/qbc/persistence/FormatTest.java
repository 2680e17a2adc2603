package io.qbc.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Scope;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stored bytes, key by key. Whoever changes them makes a new format, and gives it a new number. */
class FormatTest {
    private static final ChainSpec SPEC = Samples.dbc("main");

    private static final Hash SCOPE = Scope.of(Samples.SIGNER.key(), Bytes.utf8("order-1"));

    @TempDir
    Path data;

    @Test
    void theStoredBytesAreThoseOfFormatTwo() throws IOException {
        Transaction mine = Signing.transaction(SPEC, 1, "order-1", "{\"a\":1}");
        Transaction theirs = Signing.transaction(SPEC, 2, "order-1", "{\"a\":2}");
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, mine, Samples.transaction(SPEC, 3));
            Quant quant = Samples.quant(
                    SPEC, Tip.genesis(SPEC), List.of(theirs, Samples.transaction(SPEC, 3)), StoreFixture.NOW);
            storeFixture.offer(SPEC, quant);
            storeFixture.undeploy();
        }
        try (InputStream golden = FormatTest.class.getResourceAsStream("/vectors/store-2.txt")) {
            String expected = new String(golden.readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(String.join("\n", dump()) + "\n").isEqualTo(expected);
        }
    }

    private List<String> dump() {
        NodeConfig.Store limits = Samples.config(data, 0).store();
        List<String> lines = new ArrayList<>();
        byte[] key = new byte[256];
        try (Store store = RocksStore.openToRead(data.resolve("store"), limits)) {
            for (ColumnFamily columnFamily : ColumnFamily.values()) {
                // A walk over this space stays within one scope.
                byte[] first = columnFamily == ColumnFamily.KEYS
                        ? StoreKeys.scoped(1, SCOPE, 0)
                        : new byte[StoreKeys.SCOPED_BYTES];
                try (Store.Scan scan = store.scan(columnFamily)) {
                    for (scan.seek(first); scan.here(); scan.next()) {
                        byte[] here = Arrays.copyOf(key, scan.key(key));
                        if (columnFamily == ColumnFamily.META && StoreKeys.own(here)) {
                            // How far the store is, and its random id: of this directory, not of its content.
                            continue;
                        }
                        String value = HexFormat.of().formatHex(scan.value());
                        lines.add((columnFamily + " " + HexFormat.of().formatHex(here) + " " + value).strip());
                    }
                }
            }
        }
        return lines;
    }
}
