package io.qbc.persistence;

import io.qbc.bus.Catalogue.Analytics;
import io.qbc.bus.Catalogue.Ancestor;
import io.qbc.bus.Catalogue.Damage;
import io.qbc.bus.Catalogue.FindAnalytics;
import io.qbc.bus.Catalogue.FindAncestor;
import io.qbc.bus.Catalogue.ListTransactions;
import io.qbc.bus.Catalogue.ListedTransactions;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.analytics.Rollup;
import io.qbc.persistence.backup.Backups;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.commit.ChainAdmin;
import io.qbc.persistence.commit.CommitEvents;
import io.qbc.persistence.commit.CommitLoop;
import io.qbc.persistence.index.IndexFiller;
import io.qbc.persistence.lifecycle.DroppedChainSweeper;
import io.qbc.persistence.read.Pages;
import io.qbc.persistence.read.Queries;
import io.qbc.persistence.read.Readers;
import io.qbc.persistence.scrub.Scrubber;
import io.qbc.persistence.write.FreeSpace;
import io.qbc.persistence.write.Writer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** An open data directory with the threads that work in it. */
final class StoreService {
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(1500);

    private final DataDirectory dataDirectory;
    private final OpenChains openChains;
    private final Writer writer;
    private final DroppedChainSweeper droppedChainSweeper;
    private final ChainAdmin chainAdmin;
    private final CommitLoop commitLoop;
    private final Readers readers;
    private final Backups backups;
    private final Scrubber scrubber;
    private final Rollup rollup;
    private final IndexFiller indexFiller;
    private final List<ChainSpec> configured;
    private boolean closed;

    StoreService(
            DataDirectory dataDirectory,
            StoreOpener opener,
            InstantSource clock,
            FreeSpace freeSpace,
            CommitEvents events) {
        NodeConfig config = opener.config();
        this.configured = opener.chains();
        this.dataDirectory = dataDirectory;
        this.openChains = dataDirectory.openChains();
        writer = new Writer(dataDirectory.store(), config.store(), freeSpace, events);
        droppedChainSweeper = new DroppedChainSweeper(dataDirectory.store(), writer);
        chainAdmin = new ChainAdmin(
                dataDirectory.store(), writer, dataDirectory.registry(), openChains, droppedChainSweeper);
        commitLoop = new CommitLoop(dataDirectory.store(), writer, chainAdmin, config, clock, events);
        readers = new Readers(dataDirectory.store(), config.store());
        rollup = new Rollup(
                dataDirectory.store(), writer, openChains, config.analytics().period());
        indexFiller = new IndexFiller(writer, openChains);
        backups =
                new Backups(dataDirectory.store(), openChains, dataDirectory.registry(), config, clock, writer::broken);
        scrubber = new Scrubber(
                config.data(),
                DataDirectory.store(config.data()),
                dataDirectory.store(),
                openChains,
                config.scrub(),
                clock);
    }

    void start() {
        writer.start();
        commitLoop.start();
        if (writer.broken().isEmpty()) {
            droppedChainSweeper.resume(dataDirectory.registry(), openChains);
        }
        backups.start();
        scrubber.start();
        rollup.start();
        indexFiller.start();
    }

    /** Which part of a chain its index has, for the chains whose index is not complete. */
    public Map<Hash, Double> indexed() {
        return indexFiller.incomplete();
    }

    /** Refuses all writes, as the store is open for reading only; before the start. */
    void shut(Refusal refusal) {
        writer.shut(refusal);
    }

    /** Goes on telling of what the store before this one did. */
    void follow(StoreService before) {
        backups.follow(before.backups);
    }

    /** Whether nothing is written any more since the disk was full. */
    boolean full() {
        return writer.broken()
                .filter(refusal -> refusal.reason() == Reason.STORE_FULL)
                .isPresent();
    }

    /** Hands the chain to the action; a failure if there is no such chain. */
    <T> Future<T> on(Hash id, Function<OpenChain, Future<T>> action) {
        return openChains
                .find(id)
                .map(action)
                .orElseGet(() -> Future.failedFuture(new Failure(openChains
                        .damage(id)
                        .orElseGet(() -> Reason.CHAIN_UNKNOWN.refusal("no chain " + id + " is here")))));
    }

    /** Answers from the store on a reader's thread. */
    <T> Future<T> query(Hash id, Function<Queries, T> query) {
        return on(id, chain -> readers.query(chain, query));
    }

    /** Reads pages on a reader's thread. */
    <T> Future<T> page(Hash id, Function<Pages, T> page) {
        return on(id, chain -> readers.page(chain, page));
    }

    /** Answers from the roll-up on a reader's thread. */
    Future<Analytics> analytics(FindAnalytics question) {
        return rollup.isOn()
                ? on(question.chain(), chain -> readers.analytics(chain, rollup -> rollup.answer(question)))
                : Future.failedFuture(new Failure(
                        Reason.ANALYTICS_OFF, "this node keeps no figures; analytics.period turns them on"));
    }

    /** Lists transactions on a reader's thread. */
    Future<ListedTransactions> list(ListTransactions question) {
        return on(question.chain(), chain -> readers.list(chain, question));
    }

    Rollup rollup() {
        return rollup;
    }

    /** Nothing if one of the two is not here. */
    Future<Ancestor> ancestor(FindAncestor question) {
        return openChains
                .find(question.other())
                .map(other -> query(question.chain(), here -> here.ancestor(other)))
                .orElseGet(() -> Future.succeededFuture(new Ancestor(Optional.empty())));
    }

    /** What is known to be damaged. */
    Damage damage() {
        return chainAdmin.damage(configured, scrubber.damage());
    }

    /** How often reads and commits met damage. */
    long damageMet() {
        return openChains.all().stream()
                .mapToLong(chain -> chain.metDamage().count())
                .sum();
    }

    OpenChains openChains() {
        return openChains;
    }

    Writer writer() {
        return writer;
    }

    ChainAdmin chainAdmin() {
        return chainAdmin;
    }

    CommitLoop commitLoop() {
        return commitLoop;
    }

    Backups backups() {
        return backups;
    }

    Scrubber scrubber() {
        return scrubber;
    }

    /** Finishes what is queued and gives the directory back; false if that takes more than a few seconds. */
    boolean close() {
        try {
            if (!closed && ended()) {
                closed = true;
                dataDirectory.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return closed;
    }

    private boolean ended() throws InterruptedException {
        // The commit loop first, since it waits for the writer; each is closed whether or not the one before has ended.
        boolean rolledUp = rollup.close(CLOSE_TIMEOUT);
        boolean indexed = indexFiller.close(CLOSE_TIMEOUT);
        boolean swept = droppedChainSweeper.close(CLOSE_TIMEOUT);
        boolean judged = commitLoop.close(CLOSE_TIMEOUT);
        boolean written = writer.close(CLOSE_TIMEOUT);
        boolean read = readers.close(CLOSE_TIMEOUT);
        boolean backedUp = backups.close(CLOSE_TIMEOUT);
        boolean scrubbed = scrubber.close(CLOSE_TIMEOUT);
        return rolledUp && indexed && swept && judged && written && read && backedUp && scrubbed;
    }
}
