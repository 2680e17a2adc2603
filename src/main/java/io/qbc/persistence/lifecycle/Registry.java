package io.qbc.persistence.lifecycle;

import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.AuditChain;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.persistence.chain.ChainRecord;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.store.ColumnFamily;
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
    static final long FORMAT = 2;
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    /** The mark of a chain without a name. */
    static final byte[] UNNAMED = {1};

    private final Store store;
    private final NodeConfig config;
    private final Signatures signatures;
    private final DataRules.Reader rules;
    private final ChainOpener chainOpener;

    public Registry(Store store, NodeConfig config, Signatures signatures, DataRules.Reader rules) {
        this.store = store;
        this.config = config;
        this.signatures = signatures;
        this.rules = rules;
        this.chainOpener = new ChainOpener(store, config, signatures, rules);
    }

    /** A registry of another store, read by the same rules. */
    public Registry of(Store other) {
        return new Registry(other, config, signatures, rules);
    }

    /** Whether this node keeps an audit trail. */
    public boolean audits() {
        return config.access().audit();
    }

    /** A row of the store. */
    public record Row(ColumnFamily columnFamily, Bytes key, Bytes value) {
        static Row of(ColumnFamily columnFamily, byte[] key, byte[] value) {
            return new Row(columnFamily, Bytes.wrap(key), Bytes.wrap(value));
        }
    }

    /** Refuses a store of another format; a store that has nothing yet is given this one. */
    public void settleFormat() {
        if (hasRows()) {
            requireFormat();
            return;
        }
        write(List.of(Row.of(ColumnFamily.META, StoreKeys.format(), StoreKeys.number(FORMAT))));
    }

    /** Refuses a store of another format, or without one. */
    public void requireFormat() {
        checkFormat(store.get(ColumnFamily.META, StoreKeys.format())
                .orElseThrow(() -> StoreException.corrupt("the store has no format version")));
    }

    private boolean hasRows() {
        byte[] key = new byte[1];
        try (Store.Scan scan = store.scan(ColumnFamily.META)) {
            scan.seek(new byte[0]);
            return scan.here() && scan.key(key) > 0 && !StoreKeys.own(key);
        }
    }

    private static void checkFormat(byte[] stored) {
        long format = StoreKeys.number(stored, 0);
        if (format != FORMAT) {
            throw new StoreException(
                    Reason.INTERNAL,
                    "the store has format " + format + ", this version of QBC reads format " + FORMAT
                            + "; begin with a new data directory, or use the version that made this one");
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
            takeName(spec, openChains);
            Optional<Hash> known = openChains.named(spec.name());
            boolean other = known.filter(id -> !id.equals(spec.id())).isPresent();
            if (other && AuditChain.is(spec)) {
                throw new ConfigException("access.audit is true but the chain " + spec.name()
                        + " in the data directory is another one, or of another identity of this node; remove that"
                        + " chain first, while access.audit is false");
            }
            if (other) {
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
                openChains.add(open(genesisPlan));
            }
        }
    }

    /** A peer's chain gives its name to one that somebody here wants, or is that one and becomes this node's own. */
    private void takeName(ChainSpec spec, OpenChains openChains) {
        openChains
                .named(spec.name())
                .flatMap(openChains::find)
                .filter(chain -> openChains.isForeign(chain) && !chain.id().equals(spec.id()))
                .ifPresent(chain -> {
                    write(List.of(unnamed(chain)));
                    openChains.unname(chain);
                });
        openChains.find(spec.id()).ifPresent(chain -> own(chain, openChains));
    }

    /** The row by which a chain that came from a peer has no name. */
    public static Row unnamed(OpenChain chain) {
        return Row.of(ColumnFamily.META, StoreKeys.foreign(chain.number()), UNNAMED);
    }

    /** A chain that came from a peer is one of this node's own from now on. */
    private void own(OpenChain chain, OpenChains openChains) {
        if (openChains.mayOwn(chain)) {
            try (Store.Batch batch = store.batch()) {
                batch.delete(ColumnFamily.META, StoreKeys.foreign(chain.number()));
                store.write(batch);
            }
            openChains.own(chain);
        }
    }

    /** Whether the node has as many chains as it may have. */
    public boolean full(OpenChains openChains) {
        return openChains.count() >= config.chains().max();
    }

    /** Opens a chain that was begun as planned. */
    public OpenChain open(GenesisPlan genesisPlan) {
        return chainOpener.open(genesisPlan.number(), genesisPlan.spec(), genesisPlan.parent());
    }

    /** Opens every chain in the store. */
    public OpenChains open() {
        OpenChains openChains = new OpenChains();
        Map<Integer, byte[]> retained = records(StoreKeys.retained(0));
        Map<Integer, byte[]> all = new TreeMap<>(retained);
        all.putAll(records(StoreKeys.registered(0)));
        records(StoreKeys.leaving(0)).keySet().forEach(openChains::use);
        records(StoreKeys.foreign(0)).forEach((number, value) -> openChains.foreign(number, value.length == 0));
        all.forEach((number, record) -> {
            openChains.use(number);
            try {
                open(number, ChainRecord.decode(record), retained.containsKey(number), openChains);
            } catch (RuntimeException e) {
                // Whatever is wrong with one chain is no reason to do without the others.
                UnreadableChain unreadableChain = UnreadableChain.of(store, number, record);
                if (retained.containsKey(number)) {
                    // The forks that need it tell of it themselves.
                    LOG.warn(
                            "what is left of the dropped chain {} cannot be read: {}", unreadableChain.name(), said(e));
                } else {
                    LOG.error("the chain {} cannot be opened, the others go on: {}", unreadableChain.name(), said(e));
                    LOG.debug("the chain {} cannot be opened", unreadableChain.name(), e);
                    openChains.damaged(number, unreadableChain.id(), unreadableChain.name(), refusal(e));
                }
            }
        });
        return openChains;
    }

    /** Damage is told in words; anything else is nothing that we know of. */
    private static String said(RuntimeException e) {
        return refusal(e).detail();
    }

    private static Refusal refusal(RuntimeException e) {
        return e instanceof StoreException fault ? fault.refusal() : Reason.CORRUPT.refusal(e.toString());
    }

    private void open(int number, ChainSpec spec, boolean dropped, OpenChains openChains) {
        Optional<OpenChain> parent = parent(number, spec, openChains);
        if (dropped) {
            OpenChain retained = chainOpener.retained(number, spec, parent);
            retained.parentHistory()
                    .ifPresent(parentHistory -> parentHistory.parent().join(retained));
            openChains.retain(retained);
        } else {
            openChains.add(chainOpener.open(number, spec, parent));
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
            boolean retained =
                    store.get(ColumnFamily.META, StoreKeys.retained(fork)).isPresent();
            if (StoreKeys.number(parent, 0) == number
                    && (here || (retained && !forks(fork).isEmpty()))) {
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
}
