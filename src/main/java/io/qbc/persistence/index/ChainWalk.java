package io.qbc.persistence.index;

import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Criteria;
import io.qbc.bus.Catalogue.ListBounds;
import io.qbc.bus.Catalogue.ListPlace;
import io.qbc.bus.Catalogue.ListTransactions;
import io.qbc.bus.Catalogue.ListedTransactions;
import io.qbc.bus.Catalogue.Located;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.Postings;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.Terms;
import io.qbc.persistence.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One page of a list in the order of the chain, or against it. With a type and an author the two walks go on in turn,
 * each to where the other one is, so that the rarer of them sets the pace; without them it goes from quant to quant.
 */
final class ChainWalk implements AutoCloseable {
    private final OpenChain chain;
    private final Criteria criteria;
    private final boolean newest;
    private final Optional<ListPlace> after;
    private final ListBounds bounds;
    private final List<TermWalk> terms = new ArrayList<>();
    private final List<Located> found = new ArrayList<>();
    private final long low;
    private final long high;
    private long bytes;
    private int steps;
    private Optional<QuantRecord> quant = Optional.empty();
    /** The last spot that is done with, where no more steps may be taken in search of the next one. */
    private Optional<Spot> done = Optional.empty();

    ChainWalk(Store store, OpenChain chain, ListTransactions question, long top) {
        this.chain = chain;
        this.criteria = question.criteria();
        this.newest = question.newest();
        this.after = question.after();
        this.bounds = question.bounds();
        TimeSearch times = new TimeSearch(chain, top);
        low = criteria.from().isPresent() ? times.from(criteria.from().getAsLong()) : 0;
        high = criteria.to().isPresent() ? times.to(criteria.to().getAsLong()) : top;
        criteria.type().ifPresent(type -> terms.add(new TermWalk(store, chain, Postings.TYPES, Terms.term(type))));
        criteria.author()
                .ifPresent(author -> terms.add(new TermWalk(store, chain, Postings.AUTHORS, Terms.term(author))));
    }

    ListedTransactions page() {
        Optional<Spot> at = within(begin());
        while (at.isPresent()) {
            Optional<Spot> candidate = candidate(at.get());
            if (candidate.isEmpty()) {
                return new ListedTransactions(found, done.map(this::place));
            }
            Spot last = look(candidate.get());
            at = within(beyond(last));
            if (found.size() >= bounds.countMax() || bytes >= bounds.bytesMax() || steps >= bounds.stepsMax()) {
                return new ListedTransactions(found, at.map(more -> place(last)));
            }
        }
        return new ListedTransactions(found, Optional.empty());
    }

    private Spot begin() {
        if (after.isEmpty()) {
            return newest ? Spot.end(high) : Spot.begin(low);
        }
        Spot place = new Spot(after.get().height(), after.get().offset());
        Spot beyond = beyond(place);
        Spot bound = newest ? Spot.end(high) : Spot.begin(low);
        boolean inside = newest ? beyond.compareTo(bound) < 0 : beyond.compareTo(bound) > 0;
        return inside ? beyond : bound;
    }

    private Spot beyond(Spot spot) {
        return newest ? spot.previous() : spot.next();
    }

    private Optional<Spot> within(Spot spot) {
        return Optional.of(spot).filter(each -> each.height() >= low && each.height() <= high);
    }

    private ListPlace place(Spot spot) {
        Hash hash = chain.quants().at(spot.height()).orElseThrow(ChainTurned::new);
        return new ListPlace(spot.height(), spot.offset(), hash.a());
    }

    /** The next spot from this one on that all walks have; else {@link #done} says whether there may be more. */
    private Optional<Spot> candidate(Spot from) {
        Spot at = from;
        int agreed = 0;
        for (int i = 0; agreed < terms.size(); i++) {
            if (i > 0 && steps >= bounds.stepsMax()) {
                done = Optional.of(newest ? at.next() : at.previous());
                return Optional.empty();
            }
            TermWalk walk = terms.get(i % terms.size());
            Optional<Spot> next = (newest ? walk.backward(at) : walk.forward(at)).flatMap(this::within);
            steps++;
            if (next.isEmpty()) {
                return Optional.empty();
            }
            agreed = next.get().equals(at) ? agreed + 1 : 1;
            at = next.get();
        }
        return Optional.of(at);
    }

    /** Takes the transaction at a spot if it is wanted, and gives the last spot that is done with. */
    private Spot look(Spot spot) {
        QuantRecord here = quant(spot.height());
        long time = here.header().timestamp();
        boolean inTime = time >= criteria.from().orElse(Long.MIN_VALUE)
                && time < criteria.to().orElse(Long.MAX_VALUE);
        int count = here.header().count();
        if (!inTime || count == 0) {
            return newest ? Spot.begin(spot.height()) : Spot.end(spot.height());
        }
        if (spot.offset() >= count) {
            // From behind the quant to its last transaction, or to the next quant.
            return newest ? new Spot(spot.height(), count) : Spot.end(spot.height());
        }
        steps++;
        Transaction transaction = chain.owner(spot.height()).log().transaction(sequence(here, spot.offset()));
        if (is(criteria.type(), transaction.body().type())
                && is(criteria.author(), transaction.body().author())) {
            long index = here.firstIndex() + spot.offset();
            found.add(new Committed(transaction, here.height(), here.hash(), index));
            bytes += transaction.encoded().size();
        }
        return spot;
    }

    private static boolean is(Optional<Bytes> wanted, Bytes value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private QuantRecord quant(long height) {
        if (quant.isEmpty() || quant.get().height() != height) {
            steps++;
            quant = Optional.of(
                    chain.quants().at(height).flatMap(chain.quants()::find).orElseThrow(ChainTurned::new));
        }
        return quant.get();
    }

    private static long sequence(QuantRecord quant, int offset) {
        int rest = offset;
        for (LogRange range : quant.logRanges()) {
            if (rest < range.count()) {
                return range.from() + rest;
            }
            rest -= range.count();
        }
        throw new ChainTurned();
    }

    @Override
    public void close() {
        terms.forEach(TermWalk::close);
    }
}
