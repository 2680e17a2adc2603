package io.qbc.persistence;

import static io.qbc.bus.Catalogue.FETCH;
import static io.qbc.bus.Catalogue.FIND_WAITING;
import static io.qbc.bus.Catalogue.READ;
import static io.qbc.bus.Catalogue.READ_QUANT;
import static io.qbc.bus.Catalogue.WHICH_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.bus.Catalogue.FindWaiting;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.bus.Catalogue.Waiting;
import io.qbc.bus.Catalogue.Which;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Pool.Entry;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.verify.Verify;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadTest {
    private static final ChainSpec SPEC = Samples.dbc("main");

    @TempDir
    Path data;

    private static List<Transaction> some(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> Samples.transaction(SPEC, n))
                .toList();
    }

    @Test
    void pagesGoOnInsideBigQuants() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            List<Transaction> all = new ArrayList<>();
            Tip tip = Tip.genesis(SPEC);
            for (int n = 0; n < 4; n++) {
                // The second quant is empty, and the fourth is scattered over the log.
                List<Transaction> content = n == 1 ? List.of() : some(1000 * n, 1000 * n + 500 + n);
                if (n == 3) {
                    storeFixture.keep(SPEC, content.get(7), content.get(3), content.get(400));
                }
                Quant quant = Samples.quant(SPEC, tip, content, StoreFixture.NOW + n);
                storeFixture.offer(SPEC, quant);
                tip = StoreFixture.after(SPEC, tip, quant);
                all.addAll(content);
            }
            assertThat(storeFixture.tip(SPEC)).isEqualTo(tip);
            for (int bytesMax : new int[] {1, 5_000, 1 << 20}) {
                assertThat(readAll(storeFixture, bytesMax)).isEqualTo(all);
            }
            Page none = storeFixture.ask(READ, new Read(SPEC.id(), new Cursor(5, 0), 1000, 10));
            assertThat(none).isEqualTo(new Page(List.of(), new Cursor(5, 0), true));
            Page two = storeFixture.ask(READ, new Read(SPEC.id(), new Cursor(0, 0), 1 << 20, 2));
            assertThat(two.pieces()).hasSize(2);
            assertThat(two.next()).isEqualTo(new Cursor(2, 0));
            assertThat(two.end()).isFalse();
        }
    }

    private static List<Transaction> readAll(StoreFixture storeFixture, int bytesMax) {
        List<Transaction> read = new ArrayList<>();
        Cursor at = new Cursor(0, 0);
        while (true) {
            Page page = storeFixture.ask(READ, new Read(SPEC.id(), at, bytesMax, 100));
            for (Piece piece : page.pieces()) {
                assertThat(new Cursor(piece.quant().header().height(), piece.offset()))
                        .isEqualTo(at);
                assertThat(piece.quant().onChain()).isTrue();
                read.addAll(piece.transactions());
                int offset = piece.offset() + piece.transactions().size();
                at = piece.last() ? new Cursor(at.height() + 1, 0) : new Cursor(at.height(), offset);
            }
            assertThat(page.next()).isEqualTo(at);
            if (page.end()) {
                return read;
            }
        }
    }

    @Test
    void aQuantAsideIsReadByItsHash() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            Quant one = Samples.quant(SPEC, Tip.genesis(SPEC), some(0, 20), StoreFixture.NOW);
            Quant two = Samples.quant(SPEC, Tip.genesis(SPEC), some(5, 25), StoreFixture.NOW + 1);
            storeFixture.offer(SPEC, one);
            storeFixture.offer(SPEC, two);
            for (Quant quant : List.of(one, two)) {
                Hash hash = quant.header().hash();
                List<Transaction> read = new ArrayList<>();
                Page page;
                do {
                    page = storeFixture.ask(READ_QUANT, new ReadQuant(SPEC.id(), hash, read.size(), 700));
                    read.addAll(page.pieces().get(0).transactions());
                } while (!page.end());
                assertThat(read).isEqualTo(quant.transactions());
                assertThat(page.pieces().get(0).quant().onChain())
                        .isEqualTo(storeFixture.head(SPEC).equals(hash));
            }
            Page three = storeFixture.ask(
                    READ_QUANT, new ReadQuant(SPEC.id(), one.header().hash(), 4, 1 << 20, 3));
            assertThat(three.pieces().get(0).transactions())
                    .isEqualTo(one.transactions().subList(4, 7));
            assertThat(three.end()).isFalse();
            refused(
                    () -> storeFixture.ask(READ_QUANT, new ReadQuant(SPEC.id(), Hash.ZERO, 0, 1)),
                    Reason.QUANT_UNKNOWN);
        }
    }

    @Test
    void fetchesWhatIsHereAndNamesWhatIsNot() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            List<Transaction> here = some(0, 10);
            storeFixture.keep(SPEC, here.toArray(new Transaction[0]));
            List<Hash> asked = some(5, 15).stream().map(Transaction::id).toList();
            assertThat(storeFixture
                            .ask(WHICH_UNKNOWN, new Which(SPEC.id(), asked))
                            .ids())
                    .isEqualTo(some(10, 15).stream().map(Transaction::id).toList());
            assertThat(storeFixture
                            .ask(FETCH, new Fetch(SPEC.id(), asked, 1 << 20))
                            .transactions())
                    .isEqualTo(some(5, 10));
            assertThat(storeFixture.ask(FETCH, new Fetch(SPEC.id(), asked, 1)).transactions())
                    .isEqualTo(some(5, 6));
        }
    }

    @Test
    void whatWaitsIsToldInPieces() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, some(0, 100).toArray(new Transaction[0]));
            storeFixture.offer(SPEC, Samples.quant(SPEC, Tip.genesis(SPEC), some(30, 60), StoreFixture.NOW));
            List<Entry> entries = new ArrayList<>();
            Waiting piece = storeFixture.ask(FIND_WAITING, new FindWaiting(SPEC.id(), 0, 8));
            entries.addAll(piece.entries());
            while (piece.next().isPresent()) {
                piece = storeFixture.ask(
                        FIND_WAITING, new FindWaiting(SPEC.id(), piece.next().get(), 8));
                entries.addAll(piece.entries());
            }
            List<Hash> expected = new ArrayList<>();
            some(0, 30).forEach(transaction -> expected.add(transaction.id()));
            some(60, 100).forEach(transaction -> expected.add(transaction.id()));
            assertThat(entries).extracting(Entry::id).isEqualTo(expected);
        }
    }

    @Test
    void damagedRecordsAreNotServed() {
        NodeConfig config = Samples.config(data, 0);
        Transaction transaction = Samples.transaction(SPEC, 1);
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, transaction, Samples.transaction(SPEC, 2));
            storeFixture.leap(SPEC);
            storeFixture.undeploy();
        }
        byte[] value = LogEntry.value(transaction);
        value[80] ^= 1;
        try (Store store = RocksStore.open(data.resolve("store"), config.store());
                Store.Batch batch = store.batch()) {
            batch.put(ColumnFamily.LOG, StoreKeys.numbered(1, 1), value);
            store.write(batch);
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            refused(() -> storeFixture.locate(SPEC, transaction.id()), Reason.CORRUPT);
            refused(() -> storeFixture.ask(READ, new Read(SPEC.id(), new Cursor(0, 0), 1 << 20, 10)), Reason.CORRUPT);
            storeFixture.undeploy();
        }
        assertThat(Verify.run(data, config, spec -> DataRules.NONE, progress -> {})
                        .sound())
                .isFalse();
    }

    private static void refused(Runnable ask, Reason reason) {
        assertThatThrownBy(ask::run)
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.refusal().reason()).isEqualTo(reason));
    }
}
