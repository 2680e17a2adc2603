package io.qbc.gossip.chains;

import io.qbc.config.Choice;
import io.qbc.config.NodeConfig;
import io.qbc.model.Hash;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The policy which chains this node follows: decisions only. What somebody joined or left at run time wins over the
 * configuration; what is here is followed until it is left. Chains are named by name or id, as they may not be here
 * yet.
 */
public final class FollowedChains {
    private static final int COUNT_MAX = 10_000;

    private final NodeConfig.Chains choice;
    private final Set<String> joined = new LinkedHashSet<>();
    private final List<Left> left = new ArrayList<>();
    private boolean changed;

    public FollowedChains(NodeConfig.Chains choice) {
        this.choice = choice;
    }

    /** A chain that was left: by its id, or by its name alone if nothing else was known of it. */
    record Left(String id, String name) {
        boolean means(String chain) {
            return chain.equals(id) || chain.equals(name);
        }
    }

    /** What is stored. */
    public record Stored(List<String> joined, List<Left> left) {
        public static final Stored NOTHING = new Stored(List.of(), List.of());

        public Stored {
            joined = List.copyOf(joined);
            left = List.copyOf(left);
        }
    }

    public void restore(Stored stored) {
        joined.addAll(stored.joined());
        left.addAll(stored.left());
    }

    /** What is to be stored, if that changed since this was asked last. */
    public Optional<Stored> unsaved() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        return Optional.of(new Stored(List.copyOf(joined), left));
    }

    /** It could not be stored, and is to be stored later. */
    public void lost() {
        changed = true;
    }

    /** Whether somebody had this chain left. */
    boolean left(Hash id, String name) {
        if (left.isEmpty()) {
            return false;
        }
        String hex = id.hex();
        return left.stream()
                .anyMatch(each -> each.id().isEmpty()
                        ? each.name().equals(name)
                        : each.id().equals(hex));
    }

    /**
     * Whether a peer's chain is to be taken over.
     *
     * @param free whether no chain here has the name, which then may mean this one
     */
    boolean wants(Hash id, String name, boolean free) {
        return !left(id, name) && (choice.follow() == Choice.ALL || named(id, name, free));
    }

    /** Whether somebody here named the chain, rather than whatever peers have. */
    boolean named(Hash id, String name, boolean free) {
        String hex = id.hex();
        boolean listed = choice.follow() == Choice.LISTED;
        return joined.contains(hex)
                || (listed && choice.listed().contains(hex))
                || (free && (joined.contains(name) || (listed && choice.listed().contains(name))));
    }

    /** Follows from now on; the id is that of the chain so called, as far as one is known. */
    public void join(String chain, Optional<Hash> id) {
        changed = true;
        left.removeIf(each -> each.means(chain)
                || id.filter(hash -> hash.hex().equals(each.id())).isPresent());
        joined.remove(chain);
        joined.add(chain);
        if (joined.size() > COUNT_MAX) {
            joined.remove(joined.iterator().next());
        }
    }

    /** Follows no more; id and name as far as they are known. */
    public void leave(String chain, Optional<Hash> id, Optional<String> name) {
        changed = true;
        String hex = id.map(Hash::hex).orElse("");
        String called = name.orElse(hex.isEmpty() ? chain : "");
        joined.removeIf(each -> each.equals(chain) || each.equals(hex) || each.equals(called));
        Left gone = new Left(hex, called);
        left.remove(gone);
        left.add(gone);
        if (left.size() > COUNT_MAX) {
            left.remove(0);
        }
    }

    /** Somebody made the chain here, whatever was said of it before. */
    public void made(Hash id, String name) {
        changed |= left.removeIf(each -> each.id().equals(id.hex())
                || (each.id().isEmpty() && each.name().equals(name)));
    }

    /** What was joined by name or id. */
    public List<String> joined() {
        return List.copyOf(joined);
    }
}
