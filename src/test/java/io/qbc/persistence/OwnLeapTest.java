package io.qbc.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnLeapTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final int COUNT = 300;

    @TempDir
    Path data;

    private final AtomicInteger sweeps = new AtomicInteger();

    @Test
    @DisplayName("a leap of what was just written reads no log, one after a restart does, and both are the same")
    void sameQuantWithAndWithoutTheLog() {
        Tip remembered;
        try (StoreFixture storeFixture = start("remembered")) {
            storeFixture.keep(SPEC, transactions(0, COUNT));
            remembered = leap(storeFixture);
            assertThat(sweeps).hasValue(0);
        }
        try (StoreFixture storeFixture = start("read")) {
            storeFixture.keep(SPEC, transactions(0, COUNT));
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = start("read")) {
            assertThat(leap(storeFixture)).isEqualTo(remembered);
            assertThat(sweeps).hasValue(1);
        }
    }

    @Test
    @DisplayName("a leap of entries of which only the newer ones are remembered takes the others from the log")
    void olderOnesFromTheLog() {
        Tip whole;
        try (StoreFixture storeFixture = start("whole")) {
            storeFixture.keep(SPEC, transactions(0, COUNT));
            whole = leap(storeFixture);
        }
        try (StoreFixture storeFixture = start("parts")) {
            storeFixture.keep(SPEC, transactions(0, COUNT / 2));
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = start("parts")) {
            storeFixture.keep(SPEC, transactions(COUNT / 2, COUNT));
            assertThat(leap(storeFixture)).isEqualTo(whole);
            assertThat(sweeps).hasValue(1);
        }
    }

    @Test
    @DisplayName("keys are used up by a leap as ever; only what speaks to the engine is read from the log")
    void keysAreRememberedToo() {
        Transaction order = Signing.order(SPEC, COUNT, "key", "qbc.test", "{\"a\":1}");
        Transaction unsigned = Samples.keyed(SPEC, COUNT + 1, "key", "{\"a\":1}");
        try (StoreFixture storeFixture = start("signed")) {
            storeFixture.keep(SPEC, transactions(0, COUNT / 2));
            storeFixture.keep(SPEC, unsigned);
            leap(storeFixture);
            assertThat(sweeps).hasValue(0);
            storeFixture.keep(SPEC, order);
            storeFixture.keep(SPEC, transactions(COUNT / 2, COUNT));
            leap(storeFixture);
            assertThat(sweeps).hasValue(1);
            assertThat(storeFixture.keep(
                            SPEC,
                            Signing.transaction(SPEC, COUNT + 2, "key", "{\"a\":1}"),
                            Samples.keyed(SPEC, COUNT + 3, "key", "{\"a\":1}")))
                    .containsExactly(new Repeated(order.id()), new Repeated(unsigned.id()));
            storeFixture.undeploy();
        }
        try (DataDirectory dataDirectory = DataDirectory.openToRead(
                data.resolve("signed"), Samples.config(data, 0), StoreFixture.SIGNATURES, spec -> DataRules.NONE)) {
            OpenChain chain = dataDirectory.openChains().find(SPEC.id()).orElseThrow();
            assertThat(chain.quants().known(chain.tip().head().hash()).keyed()).isEqualTo(1);
        }
    }

    private StoreFixture start(String name) {
        Path directory = data.resolve(name);
        return StoreFixture.start(
                Samples.config(directory, 0),
                path -> new Wrapped(
                        RocksStore.open(path, Samples.config(directory, 0).store())) {
                    @Override
                    public Scan sweep(ColumnFamily columnFamily) {
                        if (columnFamily == ColumnFamily.LOG) {
                            sweeps.incrementAndGet();
                        }
                        return super.sweep(columnFamily);
                    }
                },
                SPEC);
    }

    /** Leaps, and counts the walks over the log for it. */
    private Tip leap(StoreFixture storeFixture) {
        sweeps.set(0);
        assertThat(storeFixture.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
        return storeFixture.tip(SPEC);
    }

    private static Transaction[] transactions(int from, int end) {
        return IntStream.range(from, end)
                .mapToObj(n -> Samples.transaction(SPEC, n))
                .toArray(Transaction[]::new);
    }
}
