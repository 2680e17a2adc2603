package io.qbc.persistence;

import io.qbc.bus.Catalogue.BacklogGrew;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.model.Hash;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.commit.CommitEvents;
import io.qbc.persistence.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What followers have to be told when a store was closed and opened again: of a write that failed nobody knows whether
 * it reached the disk, so that there may be more in the store than was ever told.
 */
final class StoreChanges {
    private StoreChanges() {}

    /** The announcements that lead from what was told before to what is there now, in their order. */
    static List<Runnable> between(StoreService before, StoreService now, CommitEvents events) {
        List<Runnable> changes = new ArrayList<>();
        for (OpenChain old : before.openChains().all()) {
            if (now.openChains().find(old.id()).isEmpty()) {
                changes.add(() -> events.chainClosed(new ChainClosed(old.id())));
            }
        }
        for (OpenChain chain : now.openChains().all()) {
            Optional<OpenChain> old = before.openChains().find(chain.id());
            if (old.filter(known -> known.frozen() == chain.frozen()).isEmpty()) {
                ChainOpened opened = new ChainOpened(now.chainAdmin().chain(chain));
                changes.add(() -> events.chainOpened(opened));
            }
            old.filter(known -> !known.tip().head().equals(chain.tip().head()))
                    .map(known -> moved(known, chain))
                    .ifPresent(moved -> changes.add(() -> events.headMoved(moved)));
            BacklogGrew grew = new BacklogGrew(chain.id(), chain.watermark());
            changes.add(() -> events.backlogGrew(grew));
        }
        return changes;
    }

    private static HeadMoved moved(OpenChain old, OpenChain chain) {
        try {
            return path(old, chain);
        } catch (StoreException e) {
            // Who hears that something was undone reads all again.
            chain.metDamage().met(e);
            return new HeadMoved(chain.id(), chain.tip(), 1, List.of());
        }
    }

    private static HeadMoved path(OpenChain old, OpenChain chain) {
        Quants quants = chain.quants();
        Hash at = old.tip().head().hash();
        long height = old.tip().head().height();
        int undone = 0;
        while (quants.at(height).filter(at::equals).isEmpty()) {
            at = quants.known(at).header().previous();
            height--;
            undone++;
        }
        List<Placed> placed = new ArrayList<>();
        while (height < chain.tip().head().height()) {
            height++;
            QuantRecord quant = quants.known(at(quants, height));
            placed.addAll(PlacementIndex.of(quant));
        }
        return new HeadMoved(chain.id(), chain.tip(), undone, placed);
    }

    private static Hash at(Quants quants, long height) {
        return quants.at(height).orElseThrow(() -> StoreException.corrupt("there is no quant at height " + height));
    }
}
