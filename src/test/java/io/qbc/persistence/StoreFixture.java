package io.qbc.persistence;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.BANG;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static io.qbc.bus.Catalogue.FIND_ORPHANS;
import static io.qbc.bus.Catalogue.FIND_QUANT;
import static io.qbc.bus.Catalogue.FIND_TIP;
import static io.qbc.bus.Catalogue.FIND_TRANSACTIONS;
import static io.qbc.bus.Catalogue.FIND_WAITING;
import static io.qbc.bus.Catalogue.HEAD_MOVED;
import static io.qbc.bus.Catalogue.KEEP;
import static io.qbc.bus.Catalogue.ORPHANED;
import static io.qbc.bus.Catalogue.READ;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Ask;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.FindOrphans;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.FindTip;
import io.qbc.bus.Catalogue.FindTransactions;
import io.qbc.bus.Catalogue.FindWaiting;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.KeptOrphans;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Catalogue.Waiting;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.EngineOperation;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Pool;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.LogRanges;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.write.FreeSpace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A running store on a real bus, driven from a test's thread. */
public final class StoreFixture implements AutoCloseable {
    public static final long NOW = Samples.GENESIS_TIME + 1_000_000;
    static final Signatures SIGNATURES = Ed25519.VERIFIER;

    final Vertx vertx = Vertx.vertx();
    final Bus bus;
    final List<HeadMoved> moves = Collections.synchronizedList(new ArrayList<>());
    final List<Orphaned> orphaned = Collections.synchronizedList(new ArrayList<>());
    private String deployment = "";

    private StoreFixture() {
        Bus.install(vertx);
        bus = new Bus(vertx, Patience.ANSWER);
        await(bus.follow(HEAD_MOVED, moves::add));
        await(bus.follow(ORPHANED, orphaned::add));
    }

    public static StoreFixture start(Path data, ChainSpec... chains) {
        return start(
                Samples.config(data, 0),
                path -> RocksStore.open(path, Samples.config(data, 0).store()),
                chains);
    }

    static StoreFixture start(NodeConfig config, Function<Path, Store> opener, ChainSpec... chains) {
        return start(
                config,
                new StoreAccess(
                        opener, path -> RocksStore.openToRead(path, config.store()), () -> FreeSpace.UNKNOWN_BYTES),
                chains);
    }

    static StoreFixture start(NodeConfig config, StoreAccess access, ChainSpec... chains) {
        StoreFixture storeFixture = new StoreFixture();
        try {
            PersistenceVerticle verticle = new PersistenceVerticle(
                    new StoreOpener(config, List.of(chains), SIGNATURES, spec -> DataRules.NONE, access),
                    () -> Instant.ofEpochMilli(NOW),
                    Patience.ANSWER);
            storeFixture.deployment = storeFixture.await(storeFixture.vertx.deployVerticle(verticle));
            return storeFixture;
        } catch (RuntimeException e) {
            storeFixture.await(storeFixture.vertx.close());
            throw e;
        }
    }

    public <Q extends Record, R> R ask(Ask<Q, R> ask, Q question) {
        return await(bus.ask(ask, question));
    }

    <T> T await(Future<T> future) {
        try {
            return Patience.outcome(future);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    public List<Catalogue.Admission> keep(ChainSpec spec, Transaction... transactions) {
        List<Submission> submissions = new ArrayList<>();
        for (Transaction transaction : transactions) {
            submissions.add(new Submission(transaction));
        }
        return ask(KEEP, new Keep(spec.id(), submissions)).admissions();
    }

    /** Offers a quant of another node, with all its transactions. */
    public Verdict offer(ChainSpec spec, Quant quant) {
        return ask(APPEND, Append.foreign(spec.id(), quant.compactQuant(), quant.transactions()));
    }

    Banged bang(ChainSpec spec) {
        return ask(BANG, new Bang(spec));
    }

    /** The refusal of a chain that cannot be made. */
    Reason notMade(ChainSpec spec) {
        return refusal(BANG, new Bang(spec)).reason();
    }

    /** The refusal of an ask that is not granted. */
    <Q extends Record, R> Refusal refusal(Ask<Q, R> ask, Q question) {
        return await(bus.ask(ask, question)
                .<Refusal>map(answer -> {
                    throw new AssertionError("granted: " + answer);
                })
                .recover(cause -> cause instanceof Failure failure
                        ? Future.succeededFuture(failure.refusal())
                        : Future.failedFuture(cause)));
    }

    /** Appends quants of one transaction each, until so many were made. */
    public Tip grow(ChainSpec spec, int first, int count) {
        for (int n = first; n < first + count; n++) {
            keep(spec, Samples.transaction(spec, n));
            leap(spec);
        }
        return tip(spec);
    }

    /** The quant at a height of the chain. */
    public QuantHead at(ChainSpec spec, long height) {
        return ask(FIND_QUANT, new FindQuant(spec.id(), new QuantName.ByHeight(height)))
                .quant()
                .orElseThrow();
    }

    /** All quants from the first to the head with their transactions. */
    List<Piece> pieces(ChainSpec spec) {
        List<Piece> pieces = new ArrayList<>();
        Cursor from = new Cursor(0, 0);
        for (boolean end = false; !end; ) {
            Page page = ask(READ, new Read(spec.id(), from, 300, 3));
            pieces.addAll(page.pieces());
            from = page.next();
            end = page.end();
        }
        return pieces;
    }

    /** Seals what waits, as mining does. */
    public Verdict leap(ChainSpec spec) {
        List<Pool.Entry> waiting = waiting(spec).entries();
        List<Transaction> transactions = new ArrayList<>();
        waiting.forEach(entry -> transactions.add(transaction(locate(spec, entry.id()))));
        Quant quant = Samples.quant(
                spec,
                tip(spec),
                transactions,
                Math.max(NOW, tip(spec).head().header().timestamp() + 1));
        List<LogRange> logRanges =
                LogRanges.of(waiting.stream().mapToLong(Pool.Entry::sequence).toArray());
        return ask(APPEND, Append.own(spec.id(), quant.compactQuant(), logRanges));
    }

    Tip tip(ChainSpec spec) {
        return ask(FIND_TIP, new FindTip(spec.id()));
    }

    KeptOrphans orphans() {
        return ask(FIND_ORPHANS, new FindOrphans());
    }

    public Hash head(ChainSpec spec) {
        return tip(spec).head().hash();
    }

    Waiting waiting(ChainSpec spec) {
        return ask(FIND_WAITING, new FindWaiting(spec.id(), 0, 1_000_000));
    }

    List<Hash> waitingIds(ChainSpec spec) {
        return waiting(spec).entries().stream().map(Pool.Entry::id).toList();
    }

    public Located locate(ChainSpec spec, Hash id) {
        return locate(spec, List.of(id)).get(0);
    }

    /** Where several are, asked for together. */
    public List<Located> locate(ChainSpec spec, List<Hash> ids) {
        return ask(FIND_TRANSACTIONS, new FindTransactions(spec.id(), ids)).places();
    }

    boolean writable() {
        return ask(FIND_CHAINS, new FindChains()).chains().get(0).writable();
    }

    static Transaction transaction(Located located) {
        if (located instanceof Catalogue.Pending pending) {
            return pending.transaction();
        }
        if (located instanceof Catalogue.Committed committed) {
            return committed.transaction();
        }
        throw new AssertionError(located);
    }

    /** The tip after a quant that is known to be valid. */
    public static Tip after(ChainSpec spec, Tip parent, Quant quant) {
        CompactQuant compactQuant = quant.compactQuant();
        var engine = Engines.of(spec.consensus()).orElseThrow();
        QuantRules rules = new QuantRules(spec, engine, SIGNATURES, Long.MAX_VALUE / 2);
        return ((QuantRules.Outcome.Valid)
                        rules.judge(parent, compactQuant, EngineOperation.among(quant.transactions()), 0, NOW))
                .tip();
    }

    /** Ends the store and leaves the bus; the directory may be opened again. */
    public void undeploy() {
        await(vertx.undeploy(deployment));
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
