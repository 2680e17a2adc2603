package io.qbc.persistence;

import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engine;
import io.qbc.consensus.Engines;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Signatures;
import io.qbc.persistence.OpenChain.Start;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which chains the store has, each with its number in the keys, and the format that all is written in. */
final class Registry {
    static final long FORMAT = 1;

    private final Store store;
    private final NodeConfig config;
    private final Signatures signatures;

    Registry(Store store, NodeConfig config, Signatures signatures) {
        this.store = store;
        this.config = config;
        this.signatures = signatures;
    }

    /** Refuses a store of another format; an empty store is given this one. */
    void settleFormat() {
        Optional<byte[]> stored = store.get(Space.META, Keys.FORMAT);
        if (stored.isPresent()) {
            checkFormat(stored.get());
            return;
        }
        try (Store.Batch batch = store.batch()) {
            batch.put(Space.META, Keys.FORMAT, Keys.number(FORMAT));
            store.write(batch);
        }
    }

    /** Refuses a store of another format, or without one. */
    void requireFormat() {
        checkFormat(store.get(Space.META, Keys.FORMAT)
                .orElseThrow(() -> StoreException.corrupt("the store has no format version")));
    }

    private static void checkFormat(byte[] stored) {
        long format = Keys.number(stored, 0);
        if (format != FORMAT) {
            throw new StoreException(
                    Reason.INTERNAL, "the store has format " + format + ", this version of QBC reads format " + FORMAT);
        }
    }

    /** Adds the configured chains that are new, each with its genesis quant. */
    void add(List<ChainSpec> chains) {
        Map<Integer, ChainSpec> stored = stored();
        Map<String, Hash> idByName = new LinkedHashMap<>();
        stored.values().forEach(spec -> idByName.put(spec.name(), spec.id()));
        int next = stored.size() + 1;
        for (ChainSpec spec : chains) {
            Hash known = idByName.putIfAbsent(spec.name(), spec.id());
            if (known == null) {
                add(next++, spec);
            } else if (!known.equals(spec.id())) {
                throw new ConfigException("the chain " + spec.name() + " is configured with the id " + spec.id()
                        + " but the data directory has it with the id " + known
                        + "; give the new chain another name, or another data directory");
            }
        }
    }

    private void add(int number, ChainSpec spec) {
        Tip genesis = Tip.genesis(spec);
        QuantRecord record = new QuantRecord(
                genesis.head(),
                List.of(),
                0,
                0,
                genesis.frontier(),
                List.of(),
                !genesis.state().isEmpty());
        try (Store.Batch batch = store.batch()) {
            batch.put(Space.META, Keys.registered(number), ChainRecord.encode(spec));
            batch.put(Space.META, Keys.watermark(number), Keys.number(1));
            batch.put(Space.QUANTS, Keys.hashed(number, record.hash()), record.encode());
            if (record.stated()) {
                batch.put(
                        Space.STATES,
                        Keys.hashed(number, record.hash()),
                        genesis.state().toArray());
            }
            batch.put(Space.MAIN, Keys.numbered(number, 0), record.hash().bytes());
            store.write(batch);
        }
    }

    /** The chains in the store by their numbers, which count from 1 without a gap. */
    private Map<Integer, ChainSpec> stored() {
        Map<Integer, ChainSpec> specs = new LinkedHashMap<>();
        for (int number = 1; ; number++) {
            Optional<byte[]> value = store.get(Space.META, Keys.registered(number));
            if (value.isEmpty()) {
                return specs;
            }
            specs.put(number, ChainRecord.decode(value.get()));
        }
    }

    /** Opens every chain in the store; what that costs does not depend on the chains' lengths. */
    List<OpenChain> open() {
        List<OpenChain> chains = new ArrayList<>();
        stored().forEach((number, spec) -> chains.add(open(number, spec)));
        return chains;
    }

    private OpenChain open(int number, ChainSpec spec) {
        Engine engine = Engines.of(spec.consensus())
                .orElseThrow(() -> new ConfigException("the chain " + spec.name() + " needs the engine "
                        + spec.consensus().engine() + ", which this version of QBC does not have"));
        long drift = config.ledger().driftMax().toMillis();
        int bytesMax = spec.limits().transactionBytesMax();
        OpenChain.Rules rules = new OpenChain.Rules(
                new QuantRules(spec, engine, signatures, drift), new TransactionRules(spec.id(), bytesMax, signatures));
        return new OpenChain(store, number, spec, rules, start(number, spec));
    }

    private Start start(int number, ChainSpec spec) {
        Quants quants = new Quants(store, number);
        Hash head =
                quants.head().orElseThrow(() -> StoreException.corrupt("the chain " + spec.name() + " has no head"));
        long watermark = store.get(Space.META, Keys.watermark(number))
                .map(value -> Keys.number(value, 0))
                .orElseThrow(() -> StoreException.corrupt("the chain " + spec.name() + " has no watermark"));
        Tip tip = quants.tip(quants.known(head))
                .orElseThrow(() -> StoreException.corrupt("the chain " + spec.name() + " has no state"));
        return new Start(tip, watermark, lastSequence(number) + 1);
    }

    private long lastSequence(int number) {
        try (Numbered log = new Numbered(store, Space.LOG, number)) {
            return log.seekLast() ? log.number() : 0;
        }
    }
}
