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
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Space;
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
        try (Rig rig = start("remembered")) {
            rig.keep(SPEC, transactions(0, COUNT));
            remembered = leap(rig);
            assertThat(sweeps).hasValue(0);
        }
        try (Rig rig = start("read")) {
            rig.keep(SPEC, transactions(0, COUNT));
            rig.undeploy();
        }
        try (Rig rig = start("read")) {
            assertThat(leap(rig)).isEqualTo(remembered);
            assertThat(sweeps).hasValue(1);
        }
    }

    @Test
    @DisplayName("a leap of entries of which only the newer ones are remembered takes the others from the log")
    void olderOnesFromTheLog() {
        Tip whole;
        try (Rig rig = start("whole")) {
            rig.keep(SPEC, transactions(0, COUNT));
            whole = leap(rig);
        }
        try (Rig rig = start("parts")) {
            rig.keep(SPEC, transactions(0, COUNT / 2));
            rig.undeploy();
        }
        try (Rig rig = start("parts")) {
            rig.keep(SPEC, transactions(COUNT / 2, COUNT));
            assertThat(leap(rig)).isEqualTo(whole);
            assertThat(sweeps).hasValue(1);
        }
    }

    @Test
    @DisplayName("a signed transaction's key is used up by a leap as ever")
    void signedOnesAreReadFromTheLog() {
        Transaction signed = Signing.transaction(SPEC, COUNT, "key", "{\"a\":1}");
        try (Rig rig = start("signed")) {
            rig.keep(SPEC, transactions(0, COUNT / 2));
            rig.keep(SPEC, signed);
            rig.keep(SPEC, transactions(COUNT / 2, COUNT));
            leap(rig);
            assertThat(sweeps).hasValue(1);
            assertThat(rig.keep(SPEC, Signing.transaction(SPEC, COUNT + 1, "key", "{\"a\":1}")))
                    .containsExactly(new Repeated(signed.id()));
            rig.undeploy();
        }
        try (Vault vault = Vault.openToRead(
                data.resolve("signed"), Samples.config(data, 0), Rig.SIGNATURES, spec -> DataRules.NONE)) {
            OpenChain chain = vault.shelf().find(SPEC.id()).orElseThrow();
            assertThat(chain.quants().known(chain.tip().head().hash()).signed()).isEqualTo(1);
        }
    }

    private Rig start(String name) {
        Path directory = data.resolve(name);
        return Rig.start(
                Samples.config(directory, 0),
                path -> new Wrapped(
                        RocksStore.open(path, Samples.config(directory, 0).store())) {
                    @Override
                    public Scan sweep(Space space) {
                        if (space == Space.LOG) {
                            sweeps.incrementAndGet();
                        }
                        return super.sweep(space);
                    }
                },
                SPEC);
    }

    /** Leaps, and counts the walks over the log for it. */
    private Tip leap(Rig rig) {
        sweeps.set(0);
        assertThat(rig.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
        return rig.tip(SPEC);
    }

    private static Transaction[] transactions(int from, int end) {
        return IntStream.range(from, end)
                .mapToObj(n -> Samples.transaction(SPEC, n))
                .toArray(Transaction[]::new);
    }
}
