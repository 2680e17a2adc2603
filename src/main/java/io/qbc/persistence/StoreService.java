package io.qbc.persistence;

import io.qbc.bus.Catalogue.Ancestor;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Damage;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.FindAncestor;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.engine.Status;
import io.qbc.ledger.Tip;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.commit.ChainAdmin;
import io.qbc.persistence.commit.CommitEvents;
import io.qbc.persistence.commit.CommitLoop;
import io.qbc.persistence.lifecycle.DroppedChainSweeper;
import io.qbc.persistence.read.Pages;
import io.qbc.persistence.read.PlacementCache;
import io.qbc.persistence.read.Queries;
import io.qbc.persistence.read.Readers;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.write.KeepWrite;
import io.qbc.persistence.write.Writer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open data directory with the threads that work in it. */
final class StoreService {
    private static final Logger LOG = LoggerFactory.getLogger(StoreService.class);
    private static final Duration CLOSING = Duration.ofMillis(1500);

    private final DataDirectory dataDirectory;
    private final OpenChains openChains;
    private final InstantSource clock;
    private final Writer writer;
    private final DroppedChainSweeper droppedChainSweeper;
    private final ChainAdmin chainAdmin;
    private final CommitLoop commitLoop;
    private final Readers readers;
    private final PlacementCache placementCache = new PlacementCache();

    StoreService(DataDirectory dataDirectory, NodeConfig config, InstantSource clock, CommitEvents events) {
        this.dataDirectory = dataDirectory;
        this.openChains = dataDirectory.openChains();
        this.clock = clock;
        writer = new Writer(dataDirectory.store(), config.store(), events);
        droppedChainSweeper = new DroppedChainSweeper(dataDirectory.store(), writer);
        chainAdmin = new ChainAdmin(
                dataDirectory.store(), writer, dataDirectory.registry(), openChains, droppedChainSweeper);
        commitLoop = new CommitLoop(dataDirectory.store(), writer, chainAdmin, config, clock, events);
        readers = new Readers(config.store());
    }

    void start() {
        writer.start();
        commitLoop.start();
        droppedChainSweeper.resume(dataDirectory.registry(), openChains);
    }

    Chains chains() {
        return new Chains(openChains.all().stream().map(chainAdmin::chain).toList());
    }

    /** The chains that the store has and cannot open. */
    Damage damage() {
        return new Damage(openChains.broken().values().stream()
                .map(broken -> new DamagedChain(broken.id(), broken.name(), broken.refusal()))
                .toList());
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
        return on(
                id, chain -> read(chain, () -> query.apply(new Queries(dataDirectory.store(), chain, placementCache))));
    }

    /** Reads pages on a reader's thread. */
    <T> Future<T> page(Hash id, Function<Pages, T> page) {
        return on(id, chain -> read(chain, () -> page.apply(new Pages(dataDirectory.store(), chain))));
    }

    /** What a read finds of a chain that is dropped meanwhile means nothing. */
    private <T> Future<T> read(OpenChain chain, Supplier<T> read) {
        return readers.read(() -> {
            try {
                return read.get();
            } catch (StoreException e) {
                if (chain.closed()) {
                    throw new Failure(Reason.CHAIN_UNKNOWN, "the chain " + chain.id() + " was dropped");
                }
                throw e;
            }
        });
    }

    Future<Status> status(Hash id) {
        return query(id, here -> here.status(clock.millis()));
    }

    /** Nothing if one of the two is not here. */
    Future<Ancestor> ancestor(FindAncestor question) {
        return openChains
                .find(question.other())
                .map(other -> query(question.chain(), here -> here.ancestor(other)))
                .orElseGet(() -> Future.succeededFuture(new Ancestor(Optional.empty())));
    }

    Future<Tip> tip(Hash id) {
        return on(id, chain -> Future.succeededFuture(chain.tip()));
    }

    Future<Injected> keep(Keep keep) {
        return on(keep.chain(), chain -> {
            Promise<Injected> answer = Promise.promise();
            KeepWrite write = new KeepWrite(chain, keep, answer);
            writer.offer(write, chain.number()).ifPresent(refusal -> answer.complete(write.declined(refusal)));
            return answer.future();
        });
    }

    CommitLoop commitLoop() {
        return commitLoop;
    }

    /** Finishes what is queued, within a few seconds, and gives the directory back. */
    void close() throws InterruptedException {
        // The commit loop first, since it waits for the writer; each is closed whether or not the one before has ended.
        boolean swept = droppedChainSweeper.close(CLOSING);
        boolean judged = commitLoop.close(CLOSING);
        boolean written = writer.close(CLOSING);
        boolean read = readers.close(CLOSING);
        if (swept && judged && written && read) {
            dataDirectory.close();
        } else {
            // Closing under a thread that still reads would crash the process; all that was acknowledged is synced.
            LOG.warn("the store is left as it is, since a thread still works in it");
        }
    }
}
