package io.qbc.persistence.index;

import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Criteria;
import io.qbc.bus.Catalogue.ListPlace;
import io.qbc.bus.Catalogue.ListTransactions;
import io.qbc.bus.Catalogue.ListedTransactions;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.model.Bytes;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.InheritedPlaces;
import io.qbc.persistence.chain.InheritedPlaces.Ancestor;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.ScopeWalk;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One page of the transactions of a scope, in the order in which the node took them in: one at most that is committed,
 * and those that wait. One that another stands for is left out, since that one is there.
 */
final class ScopeList {
    private final Store store;
    private final OpenChain chain;
    private final ListTransactions question;
    private final Criteria criteria;

    /**
     * An entry of a log.
     *
     * @param above how many of the chain's ancestors are above the one whose log it is
     */
    private record Entry(int above, long sequence) {
        static final Comparator<Entry> ORDER =
                Comparator.comparingInt(Entry::above).thenComparingLong(Entry::sequence);
    }

    ScopeList(Store store, OpenChain chain, ListTransactions question) {
        this.store = store;
        this.chain = chain;
        this.question = question;
        this.criteria = question.criteria();
    }

    ListedTransactions page() {
        List<Ancestor> ancestors = new InheritedPlaces(chain).ancestors();
        List<Located> found = new ArrayList<>();
        int steps = 0;
        for (Entry entry : entries(ancestors)) {
            steps++;
            Optional<Located> located = entry.above() == ancestors.size()
                    ? own(entry.sequence())
                    : inherited(ancestors.get(ancestors.size() - 1 - entry.above()), entry.sequence());
            located.filter(this::isWanted).ifPresent(found::add);
            if (found.size() >= question.bounds().countMax()
                    || steps >= question.bounds().stepsMax()) {
                return new ListedTransactions(found, Optional.of(new ListPlace(entry.sequence(), entry.above(), 0)));
            }
        }
        return new ListedTransactions(found, Optional.empty());
    }

    /** All that are behind the place, the farthest ancestor's first, or last. */
    private List<Entry> entries(List<Ancestor> ancestors) {
        List<Entry> entries = new ArrayList<>();
        for (int above = 0; above <= ancestors.size(); above++) {
            OpenChain owner = above == ancestors.size()
                    ? chain
                    : ancestors.get(ancestors.size() - 1 - above).owner();
            try (ScopeWalk walk = new ScopeWalk(store, owner.number())) {
                for (long sequence : walk.entries(criteria.scope().orElseThrow())) {
                    entries.add(new Entry(above, sequence));
                }
            }
        }
        if (question.newest()) {
            Collections.reverse(entries);
        }
        question.after().map(place -> new Entry(place.offset(), place.height())).ifPresent(after -> {
            int sign = question.newest() ? -1 : 1;
            entries.removeIf(entry -> sign * Entry.ORDER.compare(entry, after) <= 0);
        });
        return entries;
    }

    private Optional<Located> own(long sequence) {
        Transaction transaction = chain.log().transaction(sequence);
        try (PlacementIndex places = new PlacementIndex(store, chain.number())) {
            Optional<Placed> placed = places.of(sequence);
            if (placed.isPresent()) {
                return placed.map(place -> committed(transaction, place, sequence));
            }
        }
        boolean superseded = store.get(ColumnFamily.SUPERSEDED, StoreKeys.numbered(chain.number(), sequence))
                .isPresent();
        return superseded ? Optional.empty() : Optional.of(new Pending(transaction));
    }

    private Optional<Located> inherited(Ancestor ancestor, long sequence) {
        try (PlacementIndex places = new PlacementIndex(store, ancestor.owner().number())) {
            return new InheritedPlaces(chain)
                    .of(ancestor, sequence, places::of)
                    .map(place -> committed(ancestor.owner().log().transaction(sequence), place, sequence));
        }
    }

    private static Committed committed(Transaction transaction, Placed place, long sequence) {
        long index = place.index() + sequence - place.logRange().from();
        return new Committed(transaction, place.height(), place.quant(), index);
    }

    private boolean isWanted(Located located) {
        boolean timed = criteria.from().isPresent() || criteria.to().isPresent();
        if (located instanceof Committed committed) {
            return committed.height() <= question.heightMax()
                    && is(committed.transaction())
                    && (!timed || isInTime(committed));
        }
        boolean asOf = question.heightMax() != Long.MAX_VALUE;
        return located instanceof Pending pending && !timed && !asOf && is(pending.transaction());
    }

    private boolean isInTime(Committed committed) {
        // A quant that is on no branch any more has left the chain since.
        Optional<QuantRecord> quant = chain.quants().find(committed.quant());
        if (quant.isEmpty()) {
            return false;
        }
        long time = quant.get().header().timestamp();
        return time >= criteria.from().orElse(Long.MIN_VALUE)
                && time < criteria.to().orElse(Long.MAX_VALUE);
    }

    private boolean is(Transaction transaction) {
        return is(criteria.type(), transaction.body().type())
                && is(criteria.author(), transaction.body().author());
    }

    private static boolean is(Optional<Bytes> wanted, Bytes value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }
}
