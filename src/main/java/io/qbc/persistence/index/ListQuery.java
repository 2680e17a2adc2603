package io.qbc.persistence.index;

import io.qbc.bus.Catalogue.ListPlace;
import io.qbc.bus.Catalogue.ListTransactions;
import io.qbc.bus.Catalogue.ListedTransactions;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Reason;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.ParentHistory;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.store.Store;
import java.util.Optional;

/** Lists transactions of one chain; on a reader's thread. */
public final class ListQuery {
    private static final int TRIES_MAX = 3;

    private final Store store;
    private final OpenChain chain;

    public ListQuery(Store store, OpenChain chain) {
        this.store = store;
        this.chain = chain;
    }

    public ListedTransactions list(ListTransactions question) {
        if (question.criteria().scope().isPresent()) {
            return new ScopeList(store, chain, question).page();
        }
        requireIndex(question);
        for (int i = 0; i < TRIES_MAX; i++) {
            Optional<ListedTransactions> page = attempt(question);
            if (page.isPresent()) {
                return page.get();
            }
        }
        throw new Failure(Reason.BUSY, "the chain goes another way again and again");
    }

    /** Where rows are missing the list would be short without a word. */
    private void requireIndex(ListTransactions question) {
        boolean needed = question.criteria().type().isPresent()
                || question.criteria().author().isPresent()
                || question.criteria().from().isPresent()
                || question.criteria().to().isPresent();
        Optional<OpenChain> at = Optional.of(chain).filter(here -> needed);
        while (at.isPresent()) {
            if (!at.get().indexState().isComplete()) {
                throw new Failure(
                        Reason.INDEX_INCOMPLETE,
                        "quants below the height "
                                + at.get().indexState().progress().height()
                                + " are in the index so far; by key, and without any criterion, lists are whole");
            }
            at = at.get().parentHistory().map(ParentHistory::parent);
        }
    }

    /** A page of the chain up to its head; nothing if that is not in the chain any more, once all was read. */
    private Optional<ListedTransactions> attempt(ListTransactions question) {
        Head head = chain.tip().head();
        question.after().ifPresent(place -> requireAnchor(place, question));
        try (ChainWalk walk = new ChainWalk(store, chain, question, Math.min(head.height(), question.heightMax()))) {
            ListedTransactions page = walk.page();
            return chain.quants().onChain(record(head)) ? Optional.of(page) : Optional.empty();
        } catch (ChainTurned e) {
            return Optional.empty();
        }
    }

    private QuantRecord record(Head head) {
        return chain.quants().find(head.hash()).orElseThrow(ChainTurned::new);
    }

    /** All up to the place is as it was only if its quant is still in the chain. */
    private void requireAnchor(ListPlace place, ListTransactions question) {
        Optional<Hash> there = chain.quants().at(place.height()).filter(hash -> hash.a() == place.anchor());
        if (there.isEmpty() || place.height() > question.heightMax()) {
            throw new Failure(
                    Reason.CURSOR_STALE,
                    "the quant at the height " + place.height() + " is another one now; begin the list anew");
        }
    }
}
