package io.qbc.gossip;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.bus.Catalogue.FindLocator;
import io.qbc.bus.Catalogue.FindNews;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Which;
import io.qbc.bus.Failure;
import io.qbc.gossip.chains.Heads;
import io.qbc.gossip.peers.Setting;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Want;
import io.vertx.core.Future;
import java.util.Optional;

/** Asks this node's other stages what the machines of the talk want of them. */
final class StoreAsks {
    private final Setting setting;
    private final Heads heads;
    private final Outlines outlines;
    private final RangeReader ranges;
    private final Intake intake;

    StoreAsks(Setting setting, Heads heads) {
        this.setting = setting;
        this.heads = heads;
        outlines = new Outlines(setting);
        ranges = new RangeReader(setting);
        intake = new Intake(setting);
    }

    Future<?> ask(Want<?> want) {
        if (want instanceof Want.Append append) {
            return bus().ask(Catalogue.APPEND, Append.foreign(append.chain(), append.outline(), append.supplied()));
        }
        if (want instanceof Want.Admit admit) {
            Hash chain = admit.push().chain();
            return heads.rules(chain)
                    .map(rules -> intake.take(admit.push(), rules))
                    .orElseGet(() -> Future.failedFuture(
                            new Failure(Reason.CHAIN_UNKNOWN, "the chain " + chain + " is not followed")));
        }
        if (want instanceof Want.Refresh) {
            return heads.refresh().map(Done.DONE);
        }
        if (want instanceof Want.Read read) {
            return ranges.read(read.chain(), read.locator());
        }
        if (want instanceof Want.ReadRest read) {
            return ranges.read(read.chain(), read.quant(), read.offset());
        }
        return find(want);
    }

    private Future<?> find(Want<?> want) {
        if (want instanceof Want.FindOutline find) {
            return outlines.find(find.chain(), find.quant());
        }
        if (want instanceof Want.FindQuant find) {
            return quant(find.chain(), new QuantName.ByHash(find.quant())).map(found -> found.map(QuantHead::header));
        }
        if (want instanceof Want.FindAt find) {
            return quant(find.chain(), new QuantName.ByHeight(find.height())).map(found -> found.map(QuantHead::hash));
        }
        if (want instanceof Want.Locate locate) {
            return bus().ask(Catalogue.FIND_LOCATOR, new FindLocator(locate.chain()))
                    .map(locator -> locator.hashes());
        }
        if (want instanceof Want.FindNews find) {
            return bus().ask(
                            Catalogue.FIND_NEWS,
                            new FindNews(
                                    find.chain(), find.after(), setting.gossip().batchIds()))
                    .map(news -> new Want.News(news.ids(), news.upTo()));
        }
        if (want instanceof Want.FindUnknown find) {
            return bus().ask(Catalogue.WHICH_UNKNOWN, new Which(find.chain(), find.ids()))
                    .map(unknown -> unknown.ids());
        }
        if (want instanceof Want.Fetch fetch) {
            return bus().ask(
                            Catalogue.FETCH,
                            new Fetch(
                                    fetch.chain(), fetch.ids(), setting.gossip().batchBytes()))
                    .map(found -> found.transactions());
        }
        throw new IllegalStateException("nobody knows how to do " + want);
    }

    private Future<Optional<QuantHead>> quant(Hash chain, QuantName name) {
        return bus().ask(Catalogue.FIND_QUANT, new FindQuant(chain, name)).map(found -> found.quant());
    }

    private Bus bus() {
        return setting.bus();
    }
}
