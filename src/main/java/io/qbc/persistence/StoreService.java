package io.qbc.persistence;

import io.qbc.bus.Catalogue.Ancestor;
import io.qbc.bus.Catalogue.FindAncestor;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.persistence.backup.Backups;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.commit.ChainAdmin;
import io.qbc.persistence.commit.CommitEvents;
import io.qbc.persistence.commit.CommitLoop;
import io.qbc.persistence.lifecycle.DroppedChainSweeper;
import io.qbc.persistence.read.Pages;
import io.qbc.persistence.read.Queries;
import io.qbc.persistence.read.Readers;
import io.qbc.persistence.scrub.Scrubber;
import io.qbc.persistence.write.Writer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open data directory with the threads that work in it. */
final class StoreService {
    private static final Logger LOG = LoggerFactory.getLogger(StoreService.class);
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

    StoreService(DataDirectory dataDirectory, NodeConfig config, InstantSource clock, CommitEvents events) {
        this.dataDirectory = dataDirectory;
        this.openChains = dataDirectory.openChains();
        writer = new Writer(dataDirectory.store(), config.store(), events);
        droppedChainSweeper = new DroppedChainSweeper(dataDirectory.store(), writer);
        chainAdmin = new ChainAdmin(
                dataDirectory.store(), writer, dataDirectory.registry(), openChains, droppedChainSweeper);
        commitLoop = new CommitLoop(dataDirectory.store(), writer, chainAdmin, config, clock, events);
        readers = new Readers(dataDirectory.store(), config.store());
        backups = new Backups(dataDirectory.store(), openChains, dataDirectory.registry(), config, clock);
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
        droppedChainSweeper.resume(dataDirectory.registry(), openChains);
        backups.start();
        scrubber.start();
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

    /** Nothing if one of the two is not here. */
    Future<Ancestor> ancestor(FindAncestor question) {
        return openChains
                .find(question.other())
                .map(other -> query(question.chain(), here -> here.ancestor(other)))
                .orElseGet(() -> Future.succeededFuture(new Ancestor(Optional.empty())));
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

    /** Finishes what is queued, within a few seconds, and gives the directory back. */
    void close() throws InterruptedException {
        // The commit loop first, since it waits for the writer; each is closed whether or not the one before has ended.
        boolean swept = droppedChainSweeper.close(CLOSE_TIMEOUT);
        boolean judged = commitLoop.close(CLOSE_TIMEOUT);
        boolean written = writer.close(CLOSE_TIMEOUT);
        boolean read = readers.close(CLOSE_TIMEOUT);
        boolean backedUp = backups.close(CLOSE_TIMEOUT);
        boolean scrubbed = scrubber.close(CLOSE_TIMEOUT);
        if (swept && judged && written && read && backedUp && scrubbed) {
            dataDirectory.close();
        } else {
            // Closing under a thread that still reads would crash the process; all that was acknowledged is synced.
            LOG.warn("the store is left as it is, since a thread still works in it");
        }
    }
}
