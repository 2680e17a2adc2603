package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.BacklogGrew;
import io.qbc.bus.Catalogue.EquivocationFound;
import io.qbc.model.CompactQuant;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.WaitingList;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows from a quant that is stored: what waits now, and what is proven of its producer. */
final class PostCommit {
    private static final Logger LOG = LoggerFactory.getLogger(PostCommit.class);
    /** Chains of tiny quants would else spend their time on looking for what waits. */
    private static final int SKIPPED_MAX = 16;

    private final Store store;
    private final CommitEvents events;
    private int skipped;

    PostCommit(Store store, CommitEvents events) {
        this.store = store;
        this.events = events;
    }

    /** @param last whether no other quant of the chain is under way */
    void stored(CommitPlan commitPlan, boolean last) {
        try {
            watch(commitPlan.chain(), commitPlan.compactQuant());
            if (commitPlan.move().placed()) {
                placed(commitPlan.chain(), last);
            } else if (!commitPlan.resolvedTransactions().fresh().isEmpty()) {
                OpenChain chain = commitPlan.chain();
                events.execute(() -> events.backlogGrew(new BacklogGrew(chain.id(), chain.watermark())));
            }
        } catch (StoreException e) {
            commitPlan.chain().metDamage().met(e);
        }
    }

    /** A valid quant was seen; it may prove that its producer signed two that exclude each other. */
    void watch(OpenChain chain, CompactQuant quant) {
        chain.watch(quant).ifPresent(evidence -> {
            LOG.warn(
                    "{} signed two quants of the chain {} that exclude each other",
                    evidence.producer(),
                    chain.spec().name());
            events.execute(() -> events.equivocationFound(new EquivocationFound(chain.id(), evidence)));
        });
    }

    private void placed(OpenChain chain, boolean last) {
        if (last || ++skipped >= SKIPPED_MAX) {
            skipped = 0;
            try (WaitingList list = new WaitingList(store, chain)) {
                chain.watermark(list.advanced());
            }
        }
    }
}
