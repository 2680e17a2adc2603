package io.qbc.persistence;

import static io.qbc.bus.Catalogue.FIND_DAMAGE;
import static io.qbc.bus.Catalogue.FIND_STORE;
import static io.qbc.bus.Catalogue.FIND_TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.qbc.Samples;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.FindDamage;
import io.qbc.bus.Catalogue.FindStore;
import io.qbc.bus.Catalogue.FindTransactions;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.MetDamage;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("Damage that is met while a chain is open")
class MetDamageTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final ChainSpec OTHER = Samples.dbc("other");
    private static final int READS = 3;

    private final AtomicReference<Optional<String>> damage = new AtomicReference<>(Optional.empty());

    @Test
    @DisplayName("is told of its chain, counted each time, and logged once for each place")
    void met(@TempDir Path data) {
        NodeConfig config = Samples.config(data, 0);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(MetDamage.class);
        log.addAppender(logged);
        logged.start();
        try (StoreFixture storeFixture =
                StoreFixture.start(config, path -> new Damaged(RocksStore.open(path, config.store())), SPEC, OTHER)) {
            Transaction transaction = Samples.transaction(SPEC, 1);
            storeFixture.keep(SPEC, transaction);
            assertThat(storeFixture.ask(FIND_DAMAGE, new FindDamage()).met()).isEmpty();
            damage.set(Optional.of("block checksum mismatch in 000007.sst"));
            FindTransactions find = new FindTransactions(SPEC.id(), List.of(transaction.id()));
            for (int n = 0; n < READS; n++) {
                assertThat(storeFixture.refusal(FIND_TRANSACTIONS, find).reason())
                        .isEqualTo(Reason.CORRUPT);
            }
            Quant quant = Samples.quant(SPEC, storeFixture.tip(SPEC), List.of(transaction), StoreFixture.NOW);
            damage.set(Optional.of("block checksum mismatch in 000008.sst"));
            assertThatThrownBy(() -> storeFixture.offer(SPEC, quant))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.refusal().reason()).isEqualTo(Reason.CORRUPT));
            assertThat(storeFixture.ask(FIND_STORE, new FindStore()).damageMet())
                    .isEqualTo(READS + 1);
            assertThat(storeFixture.ask(FIND_DAMAGE, new FindDamage()).met())
                    .containsExactly(new DamagedChain(
                            SPEC.id(), "main", Reason.CORRUPT.refusal("block checksum mismatch in 000007.sst"), true));
            assertThat(logged.list).hasSize(2);
            damage.set(Optional.empty());
        } finally {
            log.detachAppender(logged);
        }
    }

    /** A store in which the ids cannot be read any more. */
    private final class Damaged extends Wrapped {
        Damaged(Store inner) {
            super(inner);
        }

        @Override
        public List<byte[]> gets(ColumnFamily columnFamily, List<byte[]> keys) {
            damage.get().ifPresent(place -> {
                throw StoreException.corrupt(place);
            });
            return super.gets(columnFamily, keys);
        }
    }
}
