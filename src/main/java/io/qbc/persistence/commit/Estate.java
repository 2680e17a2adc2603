package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Dropped;
import io.qbc.bus.Catalogue.KeepPromise;
import io.qbc.bus.Catalogue.Made;
import io.qbc.bus.Catalogue.NotMade;
import io.qbc.bus.Failure;
import io.qbc.consensus.engine.Promise;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.chain.ChainRecord;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.Shelf;
import io.qbc.persistence.lifecycle.Founding;
import io.qbc.persistence.lifecycle.Registry;
import io.qbc.persistence.lifecycle.Sweeper;
import io.qbc.persistence.store.Keys;
import io.qbc.persistence.store.Space;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.PlainWrite;
import io.qbc.persistence.write.Writer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes, freezes and drops chains, and keeps this node's promises. Used by the ledger's thread alone, so that no chain
 * moves meanwhile; each change is synced before the answer.
 */
public final class Estate {
    private final Store store;
    private final Writer writer;
    private final Registry registry;
    private final Shelf shelf;
    private final Sweeper sweeper;

    public Estate(Store store, Writer writer, Registry registry, Shelf shelf, Sweeper sweeper) {
        this.store = store;
        this.writer = writer;
        this.registry = registry;
        this.shelf = shelf;
        this.sweeper = sweeper;
    }

    /** How a chain is told of. */
    public Chain chain(OpenChain chain) {
        return new Chain(chain.id(), chain.spec(), chain.tip().head(), writer.writable(), chain.frozen());
    }

    Banged bang(ChainSpec spec) {
        Optional<OpenChain> here = shelf.find(spec.id());
        if (here.isPresent()) {
            return new Made(chain(here.get()), false);
        }
        Optional<Hash> named = shelf.named(spec.name());
        if (named.isPresent()) {
            return new NotMade(Reason.CHAIN_NAME_TAKEN.refusal("the name has the chain " + named.get()));
        }
        Optional<Refusal> damage = shelf.damage(spec.id());
        if (damage.isPresent()) {
            return new NotMade(damage.get());
        }
        Founding founding = registry.founding(spec, shelf);
        Optional<Refusal> refused = founding.refusal()
                .or(() -> PlainWrite.through(
                        writer,
                        group -> founding.rows()
                                .forEach(row -> group.put(
                                        row.space(),
                                        row.key().toArray(),
                                        row.value().toArray()))));
        if (refused.isPresent()) {
            return new NotMade(refused.get());
        }
        OpenChain made = registry.open(founding.number(), spec, founding.parent());
        shelf.add(made);
        return new Made(chain(made), true);
    }

    Chain freeze(OpenChain chain, boolean frozen) {
        byte[] key = Keys.frozen(chain.number());
        write(group -> {
            if (frozen) {
                group.put(Space.META, key, new byte[0]);
            } else {
                group.delete(Space.META, key);
            }
        });
        chain.freeze(frozen);
        return chain(chain);
    }

    /** Takes a chain out at once; its data is deleted behind the scenes. */
    Dropped drop(OpenChain chain) {
        int number = chain.number();
        if (!registry.knowsForks(chain)) {
            throw new Failure(Reason.CORRUPT, "a fork of it cannot be opened, and may need its history");
        }
        boolean haunts = !chain.forks().isEmpty();
        write(group -> {
            group.delete(Space.META, Keys.registered(number));
            group.delete(Space.META, Keys.frozen(number));
            group.put(Space.META, Keys.leaving(number), new byte[0]);
            if (haunts) {
                group.put(Space.META, Keys.ghost(number), ChainRecord.encode(chain.spec()));
            }
            chain.close();
        });
        shelf.remove(chain);
        chain.forget();
        if (haunts) {
            shelf.haunt(chain);
        } else {
            chain.past().ifPresent(past -> left(past.parent(), chain));
        }
        sweeper.sweep(chain);
        return new Dropped(chain.id());
    }

    /** A chain needs its parent no more; a parent that was only kept for it goes too. */
    private void left(OpenChain parent, OpenChain fork) {
        parent.leave(fork);
        if (parent.closed() && registry.knowsForks(parent)) {
            if (parent.forks().isEmpty()) {
                shelf.exorcise(parent);
                parent.past().ifPresent(past -> left(past.parent(), parent));
            }
            write(group -> group.put(Space.META, Keys.leaving(parent.number()), new byte[0]));
            sweeper.sweep(parent);
        }
    }

    /** What this node's key has bound itself to in a chain so far. */
    public static Promise promise(Store store, Hash chain) {
        return store.get(Space.META, Keys.promise(chain))
                .map(value -> Promise.decode(Bytes.wrap(value))
                        .orElseThrow(
                                () -> StoreException.corrupt("the promise for the chain " + chain + " is damaged")))
                .orElse(Promise.NONE);
    }

    Promise keep(KeepPromise question) {
        Promise before = promise(store, question.chain());
        if (!before.equals(question.before())) {
            throw new Failure(Reason.BUSY, "the promise is " + before + " by now");
        }
        byte[] value = question.after().encoded().toArray();
        write(group -> group.put(Space.META, Keys.promise(question.chain()), value));
        return question.after();
    }

    private void write(Consumer<Group> change) {
        PlainWrite.through(writer, change).ifPresent(refusal -> {
            throw new Failure(refusal);
        });
    }
}
