package io.qbc.persistence.chain;

import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The open chains, in the order in which they came. Changed as the store opens and by the commit thread. */
public final class OpenChains {
    private final Map<Hash, OpenChain> byId = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Integer, OpenChain> byNumber = new ConcurrentSkipListMap<>();
    private final Map<Integer, OpenChain> retained = new ConcurrentHashMap<>();
    private final Map<Integer, Broken> broken = new ConcurrentHashMap<>();
    private int highest;

    /** A chain that the store has but cannot open; of its id and name what could still be found out. */
    public record Broken(Hash id, String name, Refusal refusal) {}

    public void add(OpenChain chain) {
        byId.put(chain.id(), chain);
        byNumber.put(chain.number(), chain);
        use(chain.number());
        chain.parentHistory().ifPresent(parentHistory -> parentHistory.parent().join(chain));
    }

    public void remove(OpenChain chain) {
        byId.remove(chain.id(), chain);
        byNumber.remove(chain.number());
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
        return all().stream()
                .filter(chain -> chain.spec().name().equals(name))
                .map(OpenChain::id)
                .findFirst()
                .or(() -> broken.values().stream()
                        .filter(chain -> chain.name().equals(name))
                        .map(Broken::id)
                        .findFirst());
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
