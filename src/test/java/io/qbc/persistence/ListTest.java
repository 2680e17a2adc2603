package io.qbc.persistence;

import static io.qbc.bus.Catalogue.FIND_STORE;
import static io.qbc.bus.Catalogue.LIST_TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Criteria;
import io.qbc.bus.Catalogue.FindStore;
import io.qbc.bus.Catalogue.ListBounds;
import io.qbc.bus.Catalogue.ListPlace;
import io.qbc.bus.Catalogue.ListTransactions;
import io.qbc.bus.Catalogue.ListedTransactions;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Failure;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Scope;
import io.qbc.ledger.Tip;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.Postings;
import io.qbc.persistence.chain.Terms;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.store.StoreWithout;
import io.qbc.persistence.verify.Verify;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of transactions, compared with what a reader of the whole chain finds. */
class ListTest {
    private static final ChainSpec MAIN = Samples.dbc("main");
    private static final Criteria ALL = new Criteria(
            Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
    private static final List<String> TYPES = List.of("", "order", "refund", "rare");

    @TempDir
    Path data;

    private static Transaction typed(ChainSpec spec, int n, String type) {
        Transaction plain = Samples.transaction(spec, n);
        Body body = plain.body();
        Body named = new Body(
                Canonical.VERSION,
                body.chain(),
                body.timestamp(),
                body.key(),
                Bytes.EMPTY,
                Bytes.utf8(type),
                0,
                body.commitment(),
                body.length());
        return Transaction.of(named, plain.salt(), Bytes.EMPTY, plain.payload());
    }

    private static Criteria type(String type) {
        return new Criteria(
                Optional.empty(),
                Optional.of(Bytes.utf8(type)),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    private static Criteria scope(Bytes author, Bytes key) {
        return new Criteria(
                Optional.of(Scope.of(author, key)),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    private static ListTransactions question(
            ChainSpec spec, Criteria criteria, boolean newest, Optional<ListPlace> after, ListBounds bounds) {
        return new ListTransactions(spec.id(), criteria, newest, after, Long.MAX_VALUE, bounds);
    }

    private static List<Located> all(StoreFixture node, ChainSpec spec, Criteria criteria, boolean newest) {
        return all(node, spec, criteria, newest, new ListBounds(1000, Long.MAX_VALUE, 1_000_000));
    }

    /** All pages, one after the other. */
    private static List<Located> all(
            StoreFixture node, ChainSpec spec, Criteria criteria, boolean newest, ListBounds bounds) {
        List<Located> all = new ArrayList<>();
        Optional<ListPlace> after = Optional.empty();
        do {
            ListedTransactions page = node.ask(LIST_TRANSACTIONS, question(spec, criteria, newest, after, bounds));
            assertThat(page.transactions()).hasSizeLessThanOrEqualTo(bounds.countMax());
            all.addAll(page.transactions());
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    /** What a list must be, read from the whole chain. */
    private static List<Located> expected(StoreFixture node, ChainSpec spec, Criteria criteria, boolean newest) {
        List<Located> expected = new ArrayList<>();
        for (Piece piece : node.pieces(spec)) {
            long time = piece.quant().header().timestamp();
            long index = piece.quant().firstIndex() + piece.offset();
            for (Transaction transaction : piece.transactions()) {
                Body body = transaction.body();
                if (criteria.type().map(body.type()::equals).orElse(true)
                        && criteria.author().map(body.author()::equals).orElse(true)
                        && time >= criteria.from().orElse(Long.MIN_VALUE)
                        && time < criteria.to().orElse(Long.MAX_VALUE)) {
                    expected.add(new Committed(
                            transaction,
                            piece.quant().header().height(),
                            piece.quant().hash(),
                            index));
                }
                index++;
            }
        }
        if (newest) {
            Collections.reverse(expected);
        }
        return expected;
    }

    private static ChainSpec fork(StoreFixture node, String name, long height) {
        return Samples.fork(name, MAIN, node.at(MAIN, height).header(), StoreFixture.NOW + 1000);
    }

    private static List<Hash> ids(List<Located> located) {
        return located.stream().map(each -> StoreFixture.transaction(each).id()).toList();
    }

    @Test
    void theyAreFoundByTypeInEitherOrderAndPageByPage() {
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            for (int quant = 0; quant < 6; quant++) {
                for (int i = 0; i < 5; i++) {
                    int n = quant * 5 + i;
                    node.keep(MAIN, typed(MAIN, n, n % 3 == 0 ? "order" : n % 3 == 1 ? "" : "refund"));
                }
                node.leap(MAIN);
            }
            for (Criteria criteria : List.of(ALL, type("order"), type("refund"), type("none"))) {
                for (boolean newest : List.of(false, true)) {
                    List<Located> expected = expected(node, MAIN, criteria, newest);
                    assertThat(all(node, MAIN, criteria, newest)).isEqualTo(expected);
                    assertThat(all(node, MAIN, criteria, newest, new ListBounds(3, Long.MAX_VALUE, 1000)))
                            .isEqualTo(expected);
                    assertThat(all(node, MAIN, criteria, newest, new ListBounds(1000, 1, 2)))
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void aCursorStaysRightWhileTheChainGrowsAndIsStaleWhenItGoesAnotherWay() {
        ListBounds two = new ListBounds(2, Long.MAX_VALUE, 1000);
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            Tip fork = node.grow(MAIN, 0, 2);
            node.grow(MAIN, 2, 2);
            ListedTransactions oldest = node.ask(LIST_TRANSACTIONS, question(MAIN, ALL, false, Optional.empty(), two));
            ListedTransactions newest = node.ask(LIST_TRANSACTIONS, question(MAIN, ALL, true, Optional.empty(), two));
            node.grow(MAIN, 4, 1);
            assertThat(ids(node.ask(LIST_TRANSACTIONS, question(MAIN, ALL, false, oldest.next(), two))
                            .transactions()))
                    .isEqualTo(ids(expected(node, MAIN, ALL, false)).subList(2, 4));
            assertThat(ids(node.ask(LIST_TRANSACTIONS, question(MAIN, ALL, true, newest.next(), two))
                            .transactions()))
                    .isEqualTo(ids(expected(node, MAIN, ALL, true)).subList(3, 5));
            Tip at = fork;
            for (int n = 10; n < 15; n++) {
                Quant quant = Samples.quant(MAIN, at, List.of(Samples.transaction(MAIN, n)), StoreFixture.NOW + n);
                node.offer(MAIN, quant);
                at = StoreFixture.after(MAIN, at, quant);
            }
            assertThat(node.tip(MAIN)).isEqualTo(at);
            assertThat(ids(node.ask(LIST_TRANSACTIONS, question(MAIN, ALL, false, oldest.next(), two))
                            .transactions()))
                    .isEqualTo(ids(expected(node, MAIN, ALL, false)).subList(2, 4));
            assertThat(node.refusal(LIST_TRANSACTIONS, question(MAIN, ALL, true, newest.next(), two))
                            .reason())
                    .isEqualTo(Reason.CURSOR_STALE);
        }
    }

    @Test
    void byItsKeyAServiceFindsWhatWaitsAndWhatIsCommitted() {
        Transaction first = Signing.transaction(MAIN, 1, "key", "{}");
        Criteria key = scope(first.body().author(), Bytes.utf8("key"));
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            assertThat(all(node, MAIN, key, false)).isEmpty();
            node.keep(MAIN, first);
            assertThat(all(node, MAIN, key, false)).containsExactly(new Pending(first));
            assertThat(all(node, MAIN, key, true)).containsExactly(new Pending(first));
            node.leap(MAIN);
            assertThat(all(node, MAIN, key, false)).isEqualTo(expected(node, MAIN, ALL, false));
            ChainSpec fork = fork(node, "side", 1);
            node.bang(fork);
            assertThat(all(node, fork, key, false)).isEqualTo(expected(node, MAIN, ALL, false));
        }
    }

    @Test
    void whereTheIndexIsBeingMadeAListIsRefusedAndThenWhole() throws Exception {
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            for (int n = 0; n < 30; n++) {
                node.keep(MAIN, typed(MAIN, n, TYPES.get(n % 4)));
                node.leap(MAIN);
            }
            node.bang(fork(node, "side", 20));
        }
        withoutIndex();
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            assertThat(node.refusal(
                                    LIST_TRANSACTIONS,
                                    question(MAIN, type("order"), false, Optional.empty(), new ListBounds(1, 1, 1000)))
                            .reason())
                    .isEqualTo(Reason.INDEX_INCOMPLETE);
            assertThat(node.ask(FIND_STORE, new FindStore()).indexed().get(MAIN.id()))
                    .isGreaterThanOrEqualTo(0)
                    .isLessThan(1);
            assertThat(all(node, MAIN, ALL, false)).isEqualTo(expected(node, MAIN, ALL, false));
            node.keep(MAIN, typed(MAIN, 100, "order"));
            node.leap(MAIN);
            await().ignoreExceptionsInstanceOf(Failure.class)
                    .untilAsserted(() -> assertThat(all(node, MAIN, type("order"), false))
                            .isEqualTo(expected(node, MAIN, type("order"), false)));
            ChainSpec fork = fork(node, "side", 20);
            await().ignoreExceptionsInstanceOf(Failure.class)
                    .untilAsserted(() -> assertThat(all(node, fork, type("order"), true))
                            .isEqualTo(expected(node, fork, type("order"), true)));
            assertThat(node.ask(FIND_STORE, new FindStore()).indexed()).isEmpty();
            node.undeploy();
        }
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }

    /** Takes the rows away, as if a version without them had written the directory. */
    private void withoutIndex() {
        try (Store store = RocksStore.open(
                        DataDirectory.store(data), Samples.config(data, 0).store());
                Store.Batch batch = store.batch()) {
            batch.delete(ColumnFamily.INDEX, StoreKeys.begin(0), StoreKeys.begin(100));
            store.write(batch);
        }
    }

    @Test
    void aStoreThatLostTheSpaceIsDamaged() throws Exception {
        Path store = DataDirectory.store(data);
        try (Store made = RocksStore.open(store, Samples.config(data, 0).store());
                Store.Batch batch = made.batch()) {
            batch.put(ColumnFamily.META, new byte[] {'x'}, new byte[] {1});
            made.write(batch);
        }
        StoreWithout.of(store, ColumnFamily.INDEX);
        assertThatThrownBy(() -> RocksStore.open(store, Samples.config(data, 0).store()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not list the store's space index");
        assertThatThrownBy(() ->
                        RocksStore.openToRead(store, Samples.config(data, 0).store()))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void aRowThatIsMissingIsFoundByVerify() {
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            node.keep(MAIN, typed(MAIN, 1, "order"));
            node.leap(MAIN);
            node.undeploy();
        }
        try (Store store = RocksStore.open(
                        DataDirectory.store(data), Samples.config(data, 0).store());
                Store.Batch batch = store.batch()) {
            batch.delete(ColumnFamily.INDEX, Postings.key(1, Postings.TYPES, Terms.term(Bytes.utf8("order")), 1, 0));
            store.write(batch);
        }
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .singleElement()
                .asString()
                .contains("not all in the index");
    }

    private record Node(Quant quant, Tip tip, List<Integer> used) {}

    @Test
    void theyAreWhatAReaderOfTheWholeChainFindsWhateverWayItGoes() {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        Random random = new Random(seed);
        List<Transaction> stock = new ArrayList<>();
        for (int n = 0; n < 80; n++) {
            stock.add(
                    n % 5 == 0
                            ? Signing.transaction(MAIN, n, "key " + n, "{\"n\":" + n + "}")
                            : typed(MAIN, n, TYPES.get(random.nextInt(n < 70 ? 3 : 4))));
        }
        List<Node> tree = new ArrayList<>();
        List<ChainSpec> forks = new ArrayList<>();
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            for (int i = 0; i < 60; i++) {
                Node next = next(random, stock, tree);
                tree.add(next);
                assertThat(node.offer(MAIN, next.quant()))
                        .as("seed %d", seed)
                        .isNotInstanceOfAny(Verdict.Refused.class, Verdict.Missing.class);
                long height = node.tip(MAIN).head().height();
                if (random.nextInt(12) == 0 && height > 2 && forks.size() < 4) {
                    ChainSpec fork = fork(node, "side" + forks.size(), height - random.nextInt(3));
                    node.bang(fork);
                    node.keep(fork, typed(fork, 1000 + i, "order"), typed(fork, 2000 + i, "rare"));
                    node.leap(fork);
                    forks.add(fork);
                }
                assertSame(node, MAIN, random, seed);
                forks.forEach(fork -> assertSame(node, fork, random, seed));
            }
            node.undeploy();
        }
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .as("seed %d", seed)
                .isEmpty();
        assertRowsAreThoseOfTheChain(seed);
    }

    private static void assertSame(StoreFixture node, ChainSpec spec, Random random, long seed) {
        for (int i = 0; i < 4; i++) {
            Criteria criteria = new Criteria(
                    Optional.empty(),
                    some(random, Bytes.utf8(TYPES.get(1 + random.nextInt(3)))),
                    some(random, Signing.transaction(MAIN, 1, "k", "{}").body().author()),
                    time(random),
                    time(random));
            boolean newest = random.nextBoolean();
            ListBounds bounds =
                    new ListBounds(1 + random.nextInt(20), 1 + random.nextInt(5000), 2 + random.nextInt(40));
            assertThat(ids(all(node, spec, criteria, newest, bounds)))
                    .as("seed %d: %s, newest %s, %s", seed, criteria, newest, bounds)
                    .isEqualTo(ids(expected(node, spec, criteria, newest)));
        }
    }

    private static Optional<Bytes> some(Random random, Bytes value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    private static OptionalLong time(Random random) {
        return random.nextInt(3) == 0
                ? OptionalLong.of(StoreFixture.NOW - 1100 + random.nextInt(1300))
                : OptionalLong.empty();
    }

    private static Node next(Random random, List<Transaction> stock, List<Node> tree) {
        boolean root = tree.isEmpty() || random.nextInt(20) == 0;
        int back = root ? 0 : 1 + random.nextInt(Math.min(tree.size(), 5));
        Tip parent = root ? Tip.genesis(MAIN) : tree.get(tree.size() - back).tip();
        List<Integer> used =
                new ArrayList<>(root ? List.of() : tree.get(tree.size() - back).used());
        Set<Integer> before = new HashSet<>(used);
        List<Transaction> content = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            int n = random.nextInt(stock.size());
            if (before.add(n)) {
                used.add(n);
                content.add(stock.get(n));
            }
        }
        Quant quant = Samples.quant(MAIN, parent, content, StoreFixture.NOW - 1000 + random.nextInt(1000));
        return new Node(quant, StoreFixture.after(MAIN, parent, quant), used);
    }

    /** What left the chain has left nothing in the index. */
    private void assertRowsAreThoseOfTheChain(long seed) {
        Set<Bytes> rows = new HashSet<>();
        Set<Bytes> expected = new HashSet<>();
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            Map<Long, Postings> quants = new TreeMap<>();
            for (Piece piece : node.pieces(MAIN)) {
                Postings postings =
                        quants.computeIfAbsent(piece.quant().header().height(), Postings::new);
                piece.transactions().forEach(each -> postings.add(Terms.of(each)));
            }
            quants.values().forEach(each -> each.rows(1, (key, value) -> expected.add(Bytes.wrap(key))));
            node.undeploy();
        }
        try (Store store = RocksStore.openToRead(
                        DataDirectory.store(data), Samples.config(data, 0).store());
                Store.Scan scan = store.scan(ColumnFamily.INDEX)) {
            byte[] key = new byte[Postings.KEY_BYTES];
            for (scan.seek(StoreKeys.begin(1)); scan.here(); scan.next()) {
                int size = scan.key(key);
                if (StoreKeys.chain(key) != 1) {
                    break;
                }
                if (Postings.isPosting(key, size)) {
                    rows.add(Bytes.wrap(key.clone()));
                }
            }
        }
        assertThat(rows).as("seed %d", seed).isEqualTo(expected);
    }
}
