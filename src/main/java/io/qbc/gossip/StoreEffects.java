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
import io.qbc.gossip.chains.LocalChains;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerConduct;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Verdict;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.tracing.TraceContext;
import io.vertx.core.Future;
import java.util.Optional;

/** An interpreter of those effects that concern the store and the pool: asks this node's other stages over the bus. */
final class StoreEffects {
    private final GossipContext gossipContext;
    private final LocalChains chains;
    private final CompactQuantCache compactQuants;
    private final RangeReader ranges;
    private final TransactionAdmitter admitter;
    private final PeerConduct conduct;
    private final GossipTraces traces;

    /** @param conduct hears who brought what no honest peer brings */
    StoreEffects(GossipContext gossipContext, LocalChains chains, PeerConduct conduct, GossipTraces traces) {
        this.conduct = conduct;
        this.traces = traces;
        this.gossipContext = gossipContext;
        this.chains = chains;
        compactQuants = new CompactQuantCache(gossipContext);
        ranges = new RangeReader(gossipContext);
        admitter = new TransactionAdmitter(gossipContext, conduct);
    }

    /** @param trace of the flow that wants it */
    Future<?> ask(Effect<?> effect, TraceContext trace) {
        if (effect instanceof Effect.Append append) {
            return traces.committing(trace, append, () -> append(append))
                    .onSuccess(verdict ->
                            Misbehaviour.of(verdict).ifPresent(what -> conduct.report(append.source(), what)));
        }
        if (effect instanceof Effect.Admit admit) {
            Hash chain = admit.push().chain();
            return chains.rules(chain)
                    .map(rules -> admitter.admit(admit, rules, trace))
                    .orElseGet(() -> Future.failedFuture(
                            new Failure(Reason.CHAIN_UNKNOWN, "the chain " + chain + " is not followed")));
        }
        if (effect instanceof Effect.Refresh) {
            return chains.refresh().map(Done.DONE);
        }
        if (effect instanceof Effect.Read read) {
            return ranges.read(read.chain(), read.locator());
        }
        if (effect instanceof Effect.ReadRest read) {
            return ranges.read(read.chain(), read.quant(), read.offset());
        }
        return find(effect);
    }

    private Future<Verdict> append(Effect.Append append) {
        return bus().ask(
                        Catalogue.APPEND,
                        Append.foreign(append.source(), append.chain(), append.compactQuant(), append.supplied()));
    }

    private Future<?> find(Effect<?> effect) {
        if (effect instanceof Effect.FindCompactQuant find) {
            return compactQuants.find(find.chain(), find.quant());
        }
        if (effect instanceof Effect.FindQuant find) {
            return quant(find.chain(), new QuantName.ByHash(find.quant())).map(found -> found.map(QuantHead::header));
        }
        if (effect instanceof Effect.FindAt find) {
            return quant(find.chain(), new QuantName.ByHeight(find.height())).map(found -> found.map(QuantHead::hash));
        }
        if (effect instanceof Effect.Locate locate) {
            return bus().ask(Catalogue.FIND_LOCATOR, new FindLocator(locate.chain()))
                    .map(locator -> locator.hashes());
        }
        if (effect instanceof Effect.FindPending find) {
            return bus().ask(
                            Catalogue.FIND_NEWS,
                            new FindNews(
                                    find.chain(),
                                    find.after(),
                                    gossipContext.gossip().batchIds()))
                    .map(news -> new Effect.PendingIds(news.ids(), news.upTo()));
        }
        if (effect instanceof Effect.FindUnknown find) {
            return bus().ask(Catalogue.WHICH_UNKNOWN, new Which(find.chain(), find.ids()))
                    .map(unknown -> unknown.ids());
        }
        if (effect instanceof Effect.Fetch fetch) {
            return bus().ask(
                            Catalogue.FETCH,
                            new Fetch(
                                    fetch.chain(),
                                    fetch.ids(),
                                    gossipContext.gossip().batchBytes()))
                    .map(found -> found.transactions());
        }
        throw new IllegalStateException("no interpreter for the effect " + effect);
    }

    private Future<Optional<QuantHead>> quant(Hash chain, QuantName name) {
        return bus().ask(Catalogue.FIND_QUANT, new FindQuant(chain, name)).map(found -> found.quant());
    }

    private Bus bus() {
        return gossipContext.bus();
    }
}
