package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerConduct;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.Hash;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.tracing.TraceContext;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Admission of the transactions that a peer pushes: checks them and injects the valid ones. Of a chain one push is
 * checked after the other, so that a chain whose rules cost much leaves a worker thread for the others.
 */
final class TransactionAdmitter {
    /** Pushes of one chain that are checked or wait for it; for more the peer is told to come again. */
    private static final int WAITING_MAX = 16;

    private final GossipContext gossipContext;
    private final PeerConduct conduct;
    private final Map<Hash, Line> lines = new LinkedHashMap<>();

    /** The pushes of one chain in their order. */
    private static final class Line {
        private Future<?> last = Future.succeededFuture();
        private int waiting;
    }

    TransactionAdmitter(GossipContext gossipContext, PeerConduct conduct) {
        this.gossipContext = gossipContext;
        this.conduct = conduct;
    }

    /** @param trace of the push, which is that of its transaction if it has one alone */
    Future<Taken> admit(Effect.Admit effect, TransactionRules rules, TraceContext trace) {
        Push push = effect.push();
        if (effect.unasked()) {
            conduct.report(effect.source(), Misbehaviour.UNASKED_DATA);
        }
        Line line = lines.computeIfAbsent(push.chain(), chain -> new Line());
        if (line.waiting >= WAITING_MAX) {
            return Future.succeededFuture(new Taken(0, true));
        }
        line.waiting++;
        Future<List<Submission>> checked =
                line.last.transform(before -> gossipContext.compute(() -> valid(push, rules, trace)));
        line.last = checked;
        return checked.onComplete(done -> {
                    if (--line.waiting == 0) {
                        lines.remove(push.chain());
                    }
                })
                .compose(submissions -> {
                    if (submissions.size() < push.transactions().size()) {
                        conduct.report(effect.source(), Misbehaviour.INVALID_TRANSACTION);
                    }
                    return inject(push.chain(), submissions);
                });
    }

    private Future<Taken> inject(Hash chain, List<Submission> submissions) {
        if (submissions.isEmpty()) {
            return Future.succeededFuture(new Taken(0, false));
        }
        return gossipContext
                .bus()
                .ask(Catalogue.INJECT, new Inject(chain, submissions, Origin.PEER))
                .map(TransactionAdmitter::taken);
    }

    private static List<Submission> valid(Push push, TransactionRules rules, TraceContext trace) {
        TraceContext own = push.transactions().size() == 1 ? trace : TraceContext.NONE;
        return push.transactions().stream()
                .filter(transaction -> rules.check(transaction).isEmpty())
                // The store itself sees to it that an author's key is used once, whoever brings it.
                .map(transaction -> new Submission(transaction, false, own))
                .toList();
    }

    private static Taken taken(Injected injected) {
        int count = 0;
        boolean busy = false;
        for (Admission admission : injected.admissions()) {
            if (admission instanceof Declined declined) {
                busy |= declined.refusal().reason().retryable();
            } else {
                count++;
            }
        }
        return new Taken(count, busy);
    }
}
