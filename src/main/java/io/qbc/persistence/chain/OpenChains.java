package io.qbc.persistence.chain;

import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The open chains, in the order in which they came. Changed as the store opens and by the commit thread. */
public final class OpenChains {
    private final Map<Hash, OpenChain> byId = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Integer, OpenChain> byNumber = new ConcurrentSkipListMap<>();
    private final Map<Integer, OpenChain> retained = new ConcurrentHashMap<>();
    private final Map<Integer, Broken> broken = new ConcurrentHashMap<>();
    private final Set<Integer> foreign = ConcurrentHashMap.newKeySet();
    private final Set<Integer> unnamed = ConcurrentHashMap.newKeySet();
    /** Who has each name. */
    private final Map<String, Hash> names = new ConcurrentHashMap<>();

    private int highest;

    /** A chain that the store has but cannot open; of its id and name what could still be found out. */
    public record Broken(Hash id, String name, Refusal refusal) {}

    public void add(OpenChain chain) {
        byId.put(chain.id(), chain);
        byNumber.put(chain.number(), chain);
        use(chain.number());
        name(chain.number(), chain.spec().name(), chain.id());
        chain.parentHistory().ifPresent(parentHistory -> parentHistory.parent().join(chain));
    }

    public void remove(OpenChain chain) {
        byId.remove(chain.id(), chain);
        byNumber.remove(chain.number());
        foreign.remove(chain.number());
        unnamed.remove(chain.number());
        names.remove(chain.spec().name(), chain.id());
    }

    /**
     * Notes that a chain came from a peer; before it is added.
     *
     * @param named whether its name stands for it
     */
    public void foreign(int number, boolean named) {
        foreign.add(number);
        if (!named) {
            unnamed.add(number);
        }
    }

    /** Whether a chain came from a peer, and nobody here made it. */
    public boolean isForeign(OpenChain chain) {
        return foreign.contains(chain.number());
    }

    /**
     * Whether a chain came from a peer and can be made this node's own. While another chain has its name, it stays as
     * it is: it would take the name at the next start, as the older one of the two.
     */
    public boolean mayOwn(OpenChain chain) {
        boolean isNameFree = named(chain) || named(chain.spec().name()).isEmpty();
        return isForeign(chain) && isNameFree;
    }

    /** A chain that came from a peer is this node's own now, and has its name, which no other one has. */
    public void own(OpenChain chain) {
        foreign.remove(chain.number());
        unnamed.remove(chain.number());
        name(chain.number(), chain.spec().name(), chain.id());
    }

    /** Takes its name from a chain that came from a peer; it never gets it back by itself. */
    public void unname(OpenChain chain) {
        unnamed.add(chain.number());
        names.remove(chain.spec().name(), chain.id());
    }

    private void name(int number, String name, Hash id) {
        if (!unnamed.contains(number)) {
            names.putIfAbsent(name, id);
        }
    }

    /** Keeps what is left of a dropped chain for its forks. */
    public void retain(OpenChain chain) {
        retained.put(chain.number(), chain);
        use(chain.number());
    }

    public void release(OpenChain chain) {
        retained.remove(chain.number());
        chain.parentHistory().ifPresent(parentHistory -> parentHistory.parent().leave(chain));
    }

    /** Notes a chain that cannot be opened; the others are not concerned. */
    public void damaged(int number, Hash id, String name, Refusal refusal) {
        broken.put(number, new Broken(id, name, refusal));
        use(number);
        name(number, name, id);
    }

    /** Notes that a number is in use. */
    public void use(int number) {
        highest = Math.max(highest, number);
    }

    /** A number that no key of the store has. */
    public int next() {
        return highest + 1;
    }

    public Optional<OpenChain> find(Hash id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** An open chain by number, or what is left of one. */
    public Optional<OpenChain> numbered(int number) {
        return Optional.ofNullable(byNumber.get(number)).or(() -> Optional.ofNullable(retained.get(number)));
    }

    /** Why a chain cannot be opened that the store has. */
    public Optional<Refusal> damage(Hash id) {
        return broken.values().stream()
                .filter(chain -> chain.id().equals(id))
                .map(Broken::refusal)
                .findFirst();
    }

    /** The id under which a name is taken. */
    public Optional<Hash> named(String name) {
        return Optional.ofNullable(names.get(name));
    }

    /** Whether a chain is the one that its name stands for; another one is called by its id alone. */
    public boolean named(OpenChain chain) {
        return named(chain.spec().name()).filter(chain.id()::equals).isPresent();
    }

    /** How many chains the store has, opened or not. */
    public int count() {
        return byNumber.size() + broken.size();
    }

    public Collection<OpenChain> all() {
        return byNumber.values();
    }

    /** What is left of dropped chains. */
    public List<OpenChain> retained() {
        return List.copyOf(retained.values());
    }

    /** The chains that cannot be opened, by number. */
    public Map<Integer, Broken> broken() {
        return broken;
    }
}
