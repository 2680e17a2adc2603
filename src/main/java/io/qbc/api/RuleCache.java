package io.qbc.api;

import io.qbc.api.ChainDirectory.Known;
import io.qbc.api.limits.JudgeQueue;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** A cache of the rules that chains have for their transactions, made once and kept for the chains used last. */
public final class RuleCache {
    private static final int CHAINS_MAX = 256;

    private final Vertx vertx;
    private final DataRules.Reader reader;
    private final JudgeQueue queue;
    private final Map<Hash, Rules> known = new LinkedHashMap<>(16, 0.75f, true);

    /** Rules about the data alone, and about a whole transaction with its data. */
    record Rules(DataRules data, TransactionRules whole) {}

    /** A cache of what this reader makes of specs, judging in the turns that the queue gives. */
    public RuleCache(Vertx vertx, DataRules.Reader reader, JudgeQueue queue) {
        this.vertx = vertx;
        this.reader = reader;
        this.queue = queue;
    }

    /**
     * Judges off the event loop, which has others to serve, when the chain has its turn; one judgement that this loop
     * has of a chain after the other.
     *
     * @param abandoned whether the caller has left
     */
    public <T> Future<T> apart(Hash chain, BooleanSupplier abandoned, Callable<T> judgement) {
        return queue.judge(vertx, chain, abandoned, judgement);
    }

    Rules of(Known chain) {
        Rules rules = known.computeIfAbsent(chain.id(), id -> read(chain));
        if (known.size() > CHAINS_MAX) {
            known.remove(known.keySet().iterator().next());
        }
        return rules;
    }

    /** Forgets the rules of a chain that is gone. */
    public void closed(Hash chain) {
        known.remove(chain);
    }

    private Rules read(Known chain) {
        DataRules data = chain.spec().rulesVersion() == 0 ? DataRules.NONE : reader.apply(chain.spec());
        return new Rules(data, new TransactionRules(chain.spec(), Ed25519.VERIFIER, data));
    }
}
