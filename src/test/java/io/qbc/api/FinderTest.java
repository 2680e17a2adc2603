package io.qbc.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.FindTransactions;
import io.qbc.bus.Catalogue.FoundTransactions;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Failure;
import io.qbc.http.HttpFixture;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FinderTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final ChainSpec ORDERS = Samples.dbc("orders");
    private static final int DAMAGED = 13;

    private final Vertx vertx = Vertx.vertx();
    private final List<FindTransactions> asked = Collections.synchronizedList(new ArrayList<>());
    private Finder finder;
    private Context context;

    @BeforeEach
    void begin() {
        Bus.install(vertx);
        Bus bus = new Bus(vertx, Patience.ANSWER);
        HttpFixture.wait(bus.serve(Catalogue.FIND_TRANSACTIONS, this::answer));
        context = vertx.getOrCreateContext();
        finder = new Finder(bus, context);
    }

    @AfterEach
    void end() {
        HttpFixture.wait(vertx.close());
    }

    private static Transaction tx(int n) {
        return Samples.transaction(SPEC, n);
    }

    private Future<FoundTransactions> answer(FindTransactions ask) {
        asked.add(ask);
        if (ask.chain().equals(ORDERS.id())) {
            return Future.failedFuture(new Failure(Reason.CHAIN_UNKNOWN, "no such chain"));
        }
        if (ask.ids().contains(tx(DAMAGED).id())) {
            return Future.failedFuture(new Failure(Reason.CORRUPT, "one is damaged"));
        }
        return Future.succeededFuture(new FoundTransactions(
                ask.ids().stream().map(FinderTest::located).toList()));
    }

    private static Located located(Hash id) {
        return IntStream.range(0, 200)
                .mapToObj(FinderTest::tx)
                .filter(transaction -> transaction.id().equals(id))
                .findFirst()
                .<Located>map(Pending::new)
                .orElseGet(Absent::new);
    }

    /** Asks for all of these in one turn of the event loop. */
    private List<Future<Located>> find(ChainSpec chain, List<Hash> ids) {
        Promise<List<Future<Located>>> all = Promise.promise();
        context.runOnContext(turn ->
                all.complete(ids.stream().map(id -> finder.find(chain.id(), id)).toList()));
        return HttpFixture.wait(all.future());
    }

    private static List<Hash> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> tx(n).id()).toList();
    }

    private static Reason refusal(Future<Located> found) {
        Throwable cause = HttpFixture.wait(found.transform(done -> Future.succeededFuture(done.cause())));
        return Failure.of(cause).reason();
    }

    @Test
    @DisplayName("those of one turn travel together, in bounded groups, and each gets its own answer")
    void together() {
        List<Future<Located>> found = find(SPEC, ids(DAMAGED + 1, DAMAGED + 151));
        for (int i = 0; i < found.size(); i++) {
            assertThat(HttpFixture.wait(found.get(i))).isEqualTo(new Pending(tx(DAMAGED + 1 + i)));
        }
        assertThat(asked).extracting(ask -> ask.ids().size()).containsExactlyInAnyOrder(64, 64, 22);
        asked.clear();
        assertThat(HttpFixture.wait(find(SPEC, List.of(Hash.ZERO)).get(0))).isEqualTo(new Absent());
        assertThat(asked).hasSize(1);
    }

    @Test
    @DisplayName("a full group leaves nothing behind that would ask for nothing")
    void exactlyFull() {
        find(SPEC, ids(20, 84)).forEach(HttpFixture::wait);
        assertThat(asked).extracting(ask -> ask.ids().size()).containsExactly(64);
        assertThat(HttpFixture.wait(find(SPEC, ids(5, 6)).get(0))).isEqualTo(new Pending(tx(5)));
    }

    @Test
    @DisplayName("a damaged transaction is refused alone")
    void damaged() {
        List<Future<Located>> found = find(SPEC, ids(DAMAGED - 2, DAMAGED + 3));
        for (int i = 0; i < found.size(); i++) {
            if (i == 2) {
                assertThat(refusal(found.get(i))).isEqualTo(Reason.CORRUPT);
            } else {
                assertThat(HttpFixture.wait(found.get(i))).isEqualTo(new Pending(tx(DAMAGED - 2 + i)));
            }
        }
    }

    @Test
    @DisplayName("another refusal is that of all, and they are not asked for again")
    void refused() {
        find(ORDERS, ids(0, 5)).forEach(found -> assertThat(refusal(found)).isEqualTo(Reason.CHAIN_UNKNOWN));
        assertThat(asked).hasSize(1);
    }
}
