package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Damage;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.Dropped;
import io.qbc.bus.Catalogue.KeepSigningRecord;
import io.qbc.bus.Failure;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.model.AuditChain;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.chain.ChainRecord;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.lifecycle.DroppedChainSweeper;
import io.qbc.persistence.lifecycle.GenesisPlan;
import io.qbc.persistence.lifecycle.Registry;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.PlainWrite;
import io.qbc.persistence.write.WritePort;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes, freezes and drops chains, and keeps this node's signing records. Changes are made by the commit thread alone,
 * so that no chain moves meanwhile; each is synced before the answer.
 */
public final class ChainAdmin {
    private final Store store;
    private final WritePort writePort;
    private final Registry registry;
    private final OpenChains openChains;
    private final DroppedChainSweeper droppedChainSweeper;

    public ChainAdmin(
            Store store,
            WritePort writePort,
            Registry registry,
            OpenChains openChains,
            DroppedChainSweeper droppedChainSweeper) {
        this.store = store;
        this.writePort = writePort;
        this.registry = registry;
        this.openChains = openChains;
        this.droppedChainSweeper = droppedChainSweeper;
    }

    /** A chain as it stands. */
    public Chain chain(OpenChain chain) {
        return new Chain(
                chain.id(),
                chain.spec(),
                chain.tip().head(),
                writePort.writable(),
                chain.frozen(),
                openChains.named(chain));
    }

    public Chains chains() {
        return new Chains(openChains.all().stream().map(this::chain).toList());
    }

    /**
     * The chains that the store has and cannot open, and those in which damage was met while they were open.
     *
     * @param configured the chains that the node's configuration names
     * @param store what is damaged of the store as a whole
     */
    public Damage damage(List<ChainSpec> configured, Optional<Refusal> store) {
        List<DamagedChain> closed = openChains.broken().values().stream()
                .map(broken -> damaged(broken.id(), broken.name(), broken.refusal(), configured))
                .toList();
        List<DamagedChain> met = openChains.all().stream()
                .flatMap(chain -> chain
                        .metDamage()
                        .first()
                        .map(refusal -> damaged(chain.id(), chain.spec().name(), refusal, configured))
                        .stream())
                .toList();
        return new Damage(closed, met, store);
    }

    private static DamagedChain damaged(Hash id, String name, Refusal refusal, List<ChainSpec> configured) {
        boolean named = configured.stream()
                .anyMatch(spec -> spec.id().equals(id) || spec.name().equals(name));
        return new DamagedChain(id, name, refusal, named);
    }

    /**
     * Makes a chain.
     *
     * @param foreign whether it comes from a peer: names are this node's own, and it has its name only if no other
     *     chain has it, and as long as nobody here wants it for another one
     */
    public Banged bang(ChainSpec spec, boolean foreign) {
        Optional<OpenChain> here = openChains.find(spec.id());
        if (here.isPresent()) {
            if (!foreign) {
                own(here.get());
            }
            return new Banged(chain(here.get()), false);
        }
        refuseTrail(spec);
        Optional<Hash> named = openChains.named(spec.name());
        Optional<OpenChain> gives =
                named.flatMap(openChains::find).filter(chain -> !foreign && openChains.isForeign(chain));
        if (!foreign && named.isPresent() && gives.isEmpty()) {
            throw new Failure(Reason.CHAIN_NAME_TAKEN, "the name has the chain " + named.get());
        }
        if (registry.full(openChains)) {
            throw new Failure(Reason.CHAINS_FULL, "the node has as many chains as chains.max permits");
        }
        Optional<Refusal> damage = openChains.damage(spec.id());
        if (damage.isPresent()) {
            throw new Failure(damage.get());
        }
        GenesisPlan genesisPlan = registry.founding(spec, openChains);
        Optional<Refusal> refused = genesisPlan
                .refusal()
                .or(writePort::refusal)
                .or(() -> PlainWrite.through(writePort, group -> {
                    genesisPlan.rows().forEach(row -> put(group, row));
                    gives.map(Registry::unnamed).ifPresent(row -> put(group, row));
                    if (foreign) {
                        put(group, genesisPlan.foreign(named.isEmpty()));
                    }
                }));
        if (refused.isPresent()) {
            throw new Failure(refused.get());
        }
        gives.ifPresent(openChains::unname);
        OpenChain made = registry.open(genesisPlan);
        if (foreign) {
            openChains.foreign(made.number(), named.isEmpty());
        }
        openChains.add(made);
        return new Banged(chain(made), true);
    }

    private static void put(Group group, Registry.Row row) {
        group.put(row.columnFamily(), row.key().toArray(), row.value().toArray());
    }

    /** Somebody here made a chain that came from a peer before. */
    private void own(OpenChain chain) {
        if (openChains.mayOwn(chain)) {
            write(group -> group.delete(ColumnFamily.META, StoreKeys.foreign(chain.number())));
            openChains.own(chain);
        }
    }

    /** No chain is given the name of audit trails, and none is made of one, which peers could be told of. */
    private void refuseTrail(ChainSpec spec) {
        if (spec.name().equals(AuditChain.NAME)) {
            throw new Failure(
                    Reason.CHAIN_RESERVED,
                    "the name " + AuditChain.NAME + " is kept for the audit trail of a node (access.audit)");
        }
        spec.fork()
                .flatMap(point -> openChains.find(point.chain()))
                .filter(parent -> AuditChain.is(parent.spec()))
                .ifPresent(parent -> {
                    throw new Failure(Reason.CHAIN_RESERVED, "an audit trail is not forked");
                });
    }

    /** While the audit trail is kept, nobody ends it. */
    private void requireEndable(OpenChain chain) {
        if (registry.audits() && AuditChain.is(chain.spec())) {
            throw new Failure(
                    Reason.CHAIN_RESERVED, "the audit trail is neither frozen nor removed while access.audit is true");
        }
    }

    Chain freeze(OpenChain chain, boolean frozen) {
        if (frozen) {
            requireEndable(chain);
        }
        byte[] key = StoreKeys.frozen(chain.number());
        write(group -> {
            if (frozen) {
                group.put(ColumnFamily.META, key, new byte[0]);
            } else {
                group.delete(ColumnFamily.META, key);
            }
        });
        chain.freeze(frozen);
        return chain(chain);
    }

    /** Takes a chain out at once; its data is deleted behind the scenes. */
    Dropped drop(OpenChain chain) {
        requireEndable(chain);
        int number = chain.number();
        if (!registry.knowsForks(chain)) {
            throw new Failure(Reason.CORRUPT, "a fork of it cannot be opened, and may need its history");
        }
        boolean retained = !chain.forks().isEmpty();
        write(group -> {
            group.delete(ColumnFamily.META, StoreKeys.registered(number));
            group.delete(ColumnFamily.META, StoreKeys.frozen(number));
            group.delete(ColumnFamily.META, StoreKeys.foreign(number));
            group.put(ColumnFamily.META, StoreKeys.leaving(number), new byte[0]);
            if (retained) {
                group.put(ColumnFamily.META, StoreKeys.retained(number), ChainRecord.encode(chain.spec()));
            }
            chain.close();
        });
        openChains.remove(chain);
        chain.forget();
        if (retained) {
            openChains.retain(chain);
        } else {
            chain.parentHistory().ifPresent(parentHistory -> left(parentHistory.parent(), chain));
        }
        droppedChainSweeper.sweep(chain);
        return new Dropped(chain.id());
    }

    /** A chain needs its parent no more; a parent that was only kept for it goes too. */
    private void left(OpenChain parent, OpenChain fork) {
        parent.leave(fork);
        if (parent.closed() && registry.knowsForks(parent)) {
            if (parent.forks().isEmpty()) {
                openChains.release(parent);
                parent.parentHistory().ifPresent(parentHistory -> left(parentHistory.parent(), parent));
            }
            write(group -> group.put(ColumnFamily.META, StoreKeys.leaving(parent.number()), new byte[0]));
            droppedChainSweeper.sweep(parent);
        }
    }

    /** What this node's key has bound itself to in a chain so far. */
    public static SigningRecord signingRecord(Store store, Hash chain) {
        return store.get(ColumnFamily.META, StoreKeys.signingRecord(chain))
                .map(value -> SigningRecord.decode(Bytes.wrap(value))
                        .orElseThrow(
                                () -> StoreException.corrupt("the promise for the chain " + chain + " is damaged")))
                .orElse(SigningRecord.NONE);
    }

    public SigningRecord keep(KeepSigningRecord question) {
        SigningRecord before = signingRecord(store, question.chain());
        if (!before.equals(question.before())) {
            throw new Failure(Reason.BUSY, "the promise is " + before + " by now");
        }
        writePort.refusal().ifPresent(refusal -> {
            throw new Failure(refusal);
        });
        byte[] value = question.after().encoded().toArray();
        write(group -> group.put(ColumnFamily.META, StoreKeys.signingRecord(question.chain()), value));
        return question.after();
    }

    private void write(Consumer<Group> change) {
        PlainWrite.through(writePort, change).ifPresent(refusal -> {
            throw new Failure(refusal);
        });
    }
}
