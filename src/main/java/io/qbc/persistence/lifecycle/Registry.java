package io.qbc.persistence.lifecycle;

import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.persistence.chain.ChainRecord;
import io.qbc.persistence.chain.LogTailCache;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChain.Start;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.chain.ParentHistory;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which chains the store has, each with its number in the keys, and the format that all is written in. */
public final class Registry {
    static final long FORMAT = 1;
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final Store store;
    private final NodeConfig config;
    private final Signatures signatures;
    private final DataRules.Reader rules;
    private final LogTailCache logTailCache = new LogTailCache();

    public Registry(Store store, NodeConfig config, Signatures signatures, DataRules.Reader rules) {
        this.store = store;
        this.config = config;
        this.signatures = signatures;
        this.rules = rules;
    }

    /** A row of the store. */
    public record Row(ColumnFamily columnFamily, Bytes key, Bytes value) {
        static Row of(ColumnFamily columnFamily, byte[] key, byte[] value) {
            return new Row(columnFamily, Bytes.wrap(key), Bytes.wrap(value));
        }
    }

    /** Refuses a store of another format; an empty store is given this one. */
    public void settleFormat() {
        Optional<byte[]> stored = store.get(ColumnFamily.META, StoreKeys.format());
        if (stored.isPresent()) {
            checkFormat(stored.get());
            return;
        }
        write(List.of(Row.of(ColumnFamily.META, StoreKeys.format(), StoreKeys.number(FORMAT))));
    }

    /** Refuses a store of another format, or without one. */
    public void requireFormat() {
        checkFormat(store.get(ColumnFamily.META, StoreKeys.format())
                .orElseThrow(() -> StoreException.corrupt("the store has no format version")));
    }

    private static void checkFormat(byte[] stored) {
        long format = StoreKeys.number(stored, 0);
        if (format != FORMAT) {
            throw new StoreException(
                    Reason.INTERNAL, "the store has format " + format + ", this version of QBC reads format " + FORMAT);
        }
    }

    private void write(List<Row> rows) {
        try (Store.Batch batch = store.batch()) {
            rows.forEach(row -> batch.put(
                    row.columnFamily(), row.key().toArray(), row.value().toArray()));
            store.write(batch);
        }
    }

    /** Adds the configured chains that are new, each with its genesis quant. */
    public void add(OpenChains openChains, List<ChainSpec> chains) {
        for (ChainSpec spec : chains) {
            Optional<Hash> known = openChains.named(spec.name());
            if (known.filter(id -> !id.equals(spec.id())).isPresent()) {
                throw new ConfigException("the chain " + spec.name() + " is configured with the id " + spec.id()
                        + " but the data directory has it with the id " + known.get()
                        + "; give the new chain another name, or another data directory");
            }
            if (known.isEmpty() && openChains.damage(spec.id()).isEmpty()) {
                GenesisPlan genesisPlan = founding(spec, openChains);
                genesisPlan.refusal().ifPresent(refusal -> {
                    throw new ConfigException("the chain " + spec.name() + ": " + refusal.detail());
                });
                write(genesisPlan.rows());
                openChains.add(open(genesisPlan.number(), spec, genesisPlan.parent()));
            }
        }
    }

    /** Opens every chain in the store; what that costs does not depend on the chains' lengths. */
    public OpenChains open() {
        OpenChains openChains = new OpenChains();
        Map<Integer, byte[]> ghosts = records(StoreKeys.retained(0));
        Map<Integer, byte[]> all = new TreeMap<>(ghosts);
        all.putAll(records(StoreKeys.registered(0)));
        records(StoreKeys.leaving(0)).keySet().forEach(openChains::use);
        all.forEach((number, record) -> {
            openChains.use(number);
            try {
                open(number, ChainRecord.decode(record), ghosts.containsKey(number), openChains);
            } catch (RuntimeException e) {
                // Whatever is wrong with one chain is no reason to do without the others.
                UnreadableChain unreadableChain = UnreadableChain.of(store, number, record);
                if (ghosts.containsKey(number)) {
                    // The forks that need it tell of it themselves.
                    LOG.warn("what is left of the dropped chain {} cannot be read", unreadableChain.name(), e);
                } else {
                    LOG.error("the chain {} cannot be opened; the others go on", unreadableChain.name(), e);
                    openChains.damaged(number, unreadableChain.id(), unreadableChain.name(), refusal(e));
                }
            }
        });
        return openChains;
    }

    private static Refusal refusal(RuntimeException e) {
        return e instanceof StoreException fault ? fault.refusal() : Reason.CORRUPT.refusal(e.toString());
    }

    private void open(int number, ChainSpec spec, boolean haunts, OpenChains openChains) {
        Optional<OpenChain> parent = parent(number, spec, openChains);
        if (haunts) {
            OpenChain ghost = retained(number, spec, parent);
            ghost.parentHistory()
                    .ifPresent(parentHistory -> parentHistory.parent().join(ghost));
            openChains.retain(ghost);
        } else {
            openChains.add(open(number, spec, parent));
        }
    }

    /** What a new chain begins with, or why it cannot be, which may be that the operator vouches for another one. */
    public GenesisPlan founding(ChainSpec spec, OpenChains openChains) {
        GenesisPlan genesisPlan = GenesisPlan.of(spec, openChains);
        long genesis = spec.genesis().height();
        return config.chains()
                .pin(spec)
                .filter(pin -> genesisPlan.refusal().isEmpty() && pin.height() <= genesis)
                .filter(pin -> pin.height() == genesis
                        ? !pin.hash().equals(spec.id())
                        : genesisPlan
                                .parent()
                                .flatMap(parent -> parent.quants().at(pin.height()))
                                .filter(pin.hash()::equals)
                                .isEmpty())
                .map(pin -> new GenesisPlan(0, spec, Optional.empty(), Optional.of(pin.refusal()), List.of()))
                .orElse(genesisPlan);
    }

    /** The numbers of dropped chains whose data is not all gone yet. */
    List<Integer> leaving() {
        return new ArrayList<>(records(StoreKeys.leaving(0)).keySet());
    }

    /** Whether all chains are open that have their history from this one; a damaged one needs it too. */
    public boolean knowsForks(OpenChain chain) {
        Set<Integer> open = chain.forks().stream().map(OpenChain::number).collect(Collectors.toSet());
        return open.containsAll(forks(chain.number()));
    }

    /** The chains in the store, opened or damaged, that have their history from this one. */
    Set<Integer> forks(int number) {
        Set<Integer> forks = new TreeSet<>();
        records(StoreKeys.parent(0)).forEach((fork, parent) -> {
            boolean here =
                    store.get(ColumnFamily.META, StoreKeys.registered(fork)).isPresent();
            boolean ghost =
                    store.get(ColumnFamily.META, StoreKeys.retained(fork)).isPresent();
            if (StoreKeys.number(parent, 0) == number
                    && (here || (ghost && !forks(fork).isEmpty()))) {
                forks.add(fork);
            }
        });
        return forks;
    }

    /** The values of one kind of rows by chain number. */
    private Map<Integer, byte[]> records(byte[] first) {
        Map<Integer, byte[]> records = new TreeMap<>();
        byte[] key = new byte[first.length];
        try (Store.Scan scan = store.scan(ColumnFamily.META)) {
            for (scan.seek(first); scan.here() && scan.key(key) == key.length && key[0] == first[0]; scan.next()) {
                records.put(StoreKeys.registered(key), scan.value());
            }
        }
        return records;
    }

    private Optional<OpenChain> parent(int number, ChainSpec spec, OpenChains openChains) {
        return spec.fork()
                .map(point -> store.get(ColumnFamily.META, StoreKeys.parent(number))
                        .map(value -> (int) StoreKeys.number(value, 0))
                        .flatMap(openChains::numbered)
                        .orElseThrow(() ->
                                StoreException.corrupt("the fork " + spec.name() + " has lost its parent " + point)));
    }

    /** Opens a chain whose genesis quant is in the store. */
    public OpenChain open(int number, ChainSpec spec, Optional<OpenChain> parent) {
        Optional<ParentHistory> parentHistory = parent.map(chain -> past(number, spec, chain));
        return new OpenChain(
                store, logTailCache, number, spec, rules(spec), parentHistory, start(number, spec, parentHistory));
    }

    private OpenChain retained(int number, ChainSpec spec, Optional<OpenChain> parent) {
        Optional<ParentHistory> parentHistory = parent.map(chain -> past(number, spec, chain));
        Start start = new Start(Tip.genesis(spec), 0, 1, 1, true);
        OpenChain ghost = new OpenChain(store, logTailCache, number, spec, rules(spec), parentHistory, start);
        ghost.close();
        return ghost;
    }

    private ParentHistory past(int number, ChainSpec spec, OpenChain parent) {
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
