package io.qbc.persistence;

import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Tip;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open data directory with the threads that work in it. */
final class Stock {
    private static final Logger LOG = LoggerFactory.getLogger(Stock.class);
    private static final Duration CLOSING = Duration.ofMillis(1500);

    private final Vault vault;
    private final Map<Hash, OpenChain> chains = new LinkedHashMap<>();
    private final Writer writer;
    private final Ledger ledger;
    private final Readers readers;

    Stock(Vault vault, NodeConfig config, InstantSource clock, Ledger.Home home) {
        this.vault = vault;
        vault.chains().forEach(chain -> chains.put(chain.id(), chain));
        writer = new Writer(vault.store(), config.store(), home);
        ledger = new Ledger(vault.store(), writer, config, clock, home);
        readers = new Readers(config.store(), home);
    }

    void start() {
        writer.start();
        ledger.start();
    }

    Chains chains() {
        List<Chain> all = new ArrayList<>(chains.size());
        chains.values()
                .forEach(chain ->
                        all.add(new Chain(chain.id(), chain.spec(), chain.tip().head(), writer.writable())));
        return new Chains(all);
    }

    /** Hands the chain to the action; a failure if there is no such chain. */
    <T> Future<T> on(Hash id, Function<OpenChain, Future<T>> action) {
        OpenChain chain = chains.get(id);
        return chain == null
                ? Future.failedFuture(new Failure(Reason.CHAIN_UNKNOWN, "no chain " + id + " is here"))
                : action.apply(chain);
    }

    /** Answers from the store on a reader's thread. */
    <T> Future<T> query(Hash id, Function<Queries, T> query) {
        return on(id, chain -> readers.read(() -> query.apply(new Queries(vault.store(), chain))));
    }

    /** Reads pages on a reader's thread. */
    <T> Future<T> page(Hash id, Function<Pages, T> page) {
        return on(id, chain -> readers.read(() -> page.apply(new Pages(vault.store(), chain))));
    }

    Future<Tip> tip(Hash id) {
        return on(id, chain -> Future.succeededFuture(chain.tip()));
    }

    Future<Injected> keep(Keep keep) {
        return on(keep.chain(), chain -> {
            Promise<Injected> answer = Promise.promise();
            KeepWrite write = new KeepWrite(chain, keep, answer);
            writer.offer(write).ifPresent(refusal -> answer.complete(write.declined(refusal)));
            return answer.future();
        });
    }

    Ledger ledger() {
        return ledger;
    }

    /** Finishes what is queued, within a few seconds, and gives the directory back. */
    void close() throws InterruptedException {
        // The ledger first, since it waits for the writer; each is closed whether or not the one before has ended.
        boolean judged = ledger.close(CLOSING);
        boolean written = writer.close(CLOSING);
        boolean read = readers.close(CLOSING);
        if (judged && written && read) {
            vault.close();
        } else {
            // Closing under a thread that still reads would crash the process; all that was acknowledged is synced.
            LOG.warn("the store is left as it is, since a thread still works in it");
        }
    }
}
