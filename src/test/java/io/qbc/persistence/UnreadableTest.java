package io.qbc.persistence;

import static io.qbc.bus.Catalogue.FIND_DAMAGE;
import static io.qbc.bus.Catalogue.FIND_TRANSACTIONS;
import static io.qbc.bus.Catalogue.WHICH_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.FindDamage;
import io.qbc.bus.Catalogue.FindTransactions;
import io.qbc.bus.Catalogue.Which;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be read is damage to all who ask, clients and peers, and to those who offer it again. */
class UnreadableTest {
    private static final ChainSpec SPEC = Samples.dbc("main");

    @TempDir
    Path data;

    private static final List<Transaction> TRANSACTIONS =
            List.of(Samples.transaction(SPEC, 1), Samples.transaction(SPEC, 2), Samples.transaction(SPEC, 3));

    @BeforeEach
    void fill() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, TRANSACTIONS.toArray(Transaction[]::new));
            storeFixture.leap(SPEC);
            storeFixture.undeploy();
        }
    }

    private void damage(String space) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("store"))) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                // What a table's properties say of the space that it is of.
                if (new String(bytes, StandardCharsets.ISO_8859_1).contains("name" + space)) {
                    bytes[20] ^= 4;
                    Files.write(file, bytes);
                }
            }
        }
    }

    @Test
    void nobodyIsToldThatItIsAbsent() throws IOException {
        damage("ids");
        List<Hash> ids = TRANSACTIONS.stream().map(Transaction::id).toList();
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            assertDamage(storeFixture.refusal(FIND_TRANSACTIONS, new FindTransactions(SPEC.id(), ids)));
            assertDamage(storeFixture.refusal(FIND_TRANSACTIONS, new FindTransactions(SPEC.id(), List.of(ids.get(1)))));
            assertDamage(storeFixture.refusal(WHICH_UNKNOWN, new Which(SPEC.id(), ids)));
        }
    }

    @Test
    void aChainWhoseQuantsCannotBeReadStopsNoNode() throws IOException {
        damage("quants");
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            List<DamagedChain> damaged =
                    storeFixture.ask(FIND_DAMAGE, new FindDamage()).chains();
            assertThat(damaged).extracting(DamagedChain::id).containsExactly(SPEC.id());
            assertThat(damaged.get(0).configured()).isTrue();
            assertDamage(damaged.get(0).refusal());
        }
    }

    private static void assertDamage(Refusal refusal) {
        assertThat(refusal.reason()).isEqualTo(Reason.CORRUPT);
        assertThat(refusal.detail()).contains(".sst");
    }
}
