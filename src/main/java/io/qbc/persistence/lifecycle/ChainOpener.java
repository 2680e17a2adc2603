package io.qbc.persistence.lifecycle;

import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Signatures;
import io.qbc.persistence.chain.LogTailCache;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChain.Start;
import io.qbc.persistence.chain.ParentHistory;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.util.Optional;

/** Opens chains as the store has them; what that costs does not depend on their lengths. */
final class ChainOpener {
    private final Store store;
    private final NodeConfig config;
    private final Signatures signatures;
    private final DataRules.Reader rules;
    private final LogTailCache logTailCache = new LogTailCache();

    ChainOpener(Store store, NodeConfig config, Signatures signatures, DataRules.Reader rules) {
        this.store = store;
        this.config = config;
        this.signatures = signatures;
        this.rules = rules;
    }

    /** Opens a chain whose genesis quant is in the store. */
    OpenChain open(int number, ChainSpec spec, Optional<OpenChain> parent) {
        Optional<ParentHistory> parentHistory = parent.map(chain -> parentHistory(number, spec, chain));
        return new OpenChain(
                store, logTailCache, number, spec, rules(spec), parentHistory, start(number, spec, parentHistory));
    }

    /** Opens what is left of a dropped chain for its forks. */
    OpenChain retained(int number, ChainSpec spec, Optional<OpenChain> parent) {
        Optional<ParentHistory> parentHistory = parent.map(chain -> parentHistory(number, spec, chain));
        Start start = new Start(Tip.genesis(spec), 0, 1, 1, true);
        OpenChain retained = new OpenChain(store, logTailCache, number, spec, rules(spec), parentHistory, start);
        retained.close();
        return retained;
    }

    private ParentHistory parentHistory(int number, ChainSpec spec, OpenChain parent) {
        long point = spec.fork().orElseThrow().height();
        try (SequenceScan main = new SequenceScan(store, ColumnFamily.MAIN, number)) {
            long lowest = main.seek(0) ? Math.min(main.number(), point + 1) : point + 1;
            return new ParentHistory(parent, point, lowest - 1);
        }
    }

    private OpenChain.Rules rules(ChainSpec spec) {
        Engine engine = Engines.of(spec.consensus())
                .orElseThrow(() -> new ConfigException("the chain " + spec.name() + " needs the engine "
                        + spec.consensus().engine() + ", which this version of QBC does not have"));
        long drift = config.ledger().driftMax().toMillis();
        return new OpenChain.Rules(
                engine,
                new QuantRules(spec, engine, signatures, drift, config.chains().pin(spec)),
                () -> new TransactionRules(spec, signatures, rules.apply(spec)));
    }

    private Start start(int number, ChainSpec spec, Optional<ParentHistory> parentHistory) {
        Quants quants = new Quants(store, number, parentHistory);
        Hash head =
                quants.head().orElseThrow(() -> StoreException.corrupt("the chain " + spec.name() + " has no head"));
        long watermark = store.get(ColumnFamily.META, StoreKeys.watermark(number))
                .map(value -> StoreKeys.number(value, 0))
                .orElseThrow(() -> StoreException.corrupt("the chain " + spec.name() + " has no watermark"));
        Tip tip = quants.tip(quants.known(head))
                .orElseThrow(() -> StoreException.corrupt("the chain " + spec.name() + " has no state"));
        config.chains()
                .pin(spec)
                .filter(pin -> quants.at(pin.height())
                        .filter(there -> pin.contradicts(pin.height(), there))
                        .isPresent())
                .ifPresent(pin -> {
                    throw new StoreException(Reason.FINAL, pin.refusal().detail());
                });
        long agreed = store.get(ColumnFamily.META, StoreKeys.agreed(number))
                .map(value -> StoreKeys.number(value, 0))
                .orElse(0L);
        boolean frozen = store.get(ColumnFamily.META, StoreKeys.frozen(number)).isPresent();
        return new Start(tip, agreed, watermark, lastSequence(number) + 1, frozen);
    }

    private long lastSequence(int number) {
        try (SequenceScan log = new SequenceScan(store, ColumnFamily.LOG, number)) {
            return log.seekLast() ? log.number() : 0;
        }
    }
}
