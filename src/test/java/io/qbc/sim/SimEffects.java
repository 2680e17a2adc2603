package io.qbc.sim;

import io.qbc.bus.Catalogue.Append;
import io.qbc.ledger.Pool;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.SimLedger;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.effect.FlowRunner;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.PeerMethod;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The interpreter of the effects of one run of a node. What is asked of the store is answered in order, after the
 * present turn, and now and then only after others had theirs.
 */
final class SimEffects {
    private static final int BATCH_IDS = 20;
    private static final int RANGE_QUANTS = 16;

    private final World world;
    private final SimNode node;
    private final SimGossip simGossip;
    private final Deque<Runnable> asked = new ArrayDeque<>();
    private boolean busy;

    SimEffects(World world, SimNode node, SimGossip simGossip) {
        this.world = world;
        this.node = node;
        this.simGossip = simGossip;
    }

    void begin(Effects effects) {
        effects.flows()
                .forEach(flow -> run(
                        flow,
                        outcome -> outcome.fold(
                                next -> {
                                    begin(next);
                                    return Done.DONE;
                                },
                                fault -> Done.DONE)));
    }

    <R> void run(Flow<R> flow, Consumer<Outcome<R>> then) {
        resume(new FlowRunner<>(flow), new Outcome.Succeeded<>(Done.DONE), then);
    }

    private <R> void resume(FlowRunner<R> flowRunner, Outcome<?> came, Consumer<Outcome<R>> then) {
        flowRunner.on(came);
        if (flowRunner.effect().isPresent()) {
            perform(flowRunner.effect().get(), outcome -> resume(flowRunner, outcome, then));
        } else {
            then.accept(flowRunner.outcome().orElseThrow());
        }
    }

    private void perform(Effect<?> effect, Consumer<Outcome<?>> then) {
        if (effect instanceof Effect.Call<?, ?> call) {
            simGossip.call(call, then);
        } else if (effect instanceof Effect.CallRest call) {
            simGossip.call(new Effect.Call<>(call.peer(), PeerMethod.REST, call.question()), then);
        } else if (effect instanceof Effect.Wait pause) {
            world.schedule()
                    .in(pause.millis(), "pause", node.later(() -> then.accept(new Outcome.Succeeded<>(Done.DONE))));
        } else if (effect instanceof Effect.Begin beside) {
            begin(beside.effects());
            then.accept(new Outcome.Succeeded<>(Done.DONE));
        } else {
            asked.add(() -> then.accept(answer(effect)));
            if (!busy) {
                busy = true;
                workLater();
            }
        }
    }

    private void workLater() {
        world.schedule().in(world.random().nextInt(8) == 0 ? 4 : 0, "ask", node.later(this::work));
    }

    private void work() {
        try {
            do {
                asked.remove().run();
            } while (!asked.isEmpty() && world.random().nextInt(8) != 0);
        } finally {
            busy = !asked.isEmpty();
            if (busy) {
                workLater();
            }
        }
    }

    private Outcome<?> answer(Effect<?> effect) {
        try {
            return new Outcome.Succeeded<>(find(effect));
        } catch (Absent e) {
            return new Outcome.Failed<>(Fault.own(Reason.CHAIN_UNKNOWN.refusal("the chain is not here")));
        } catch (RuntimeException e) {
            node.rotten(e);
            return new Outcome.Failed<>(Fault.own(Reason.CORRUPT.refusal("the disk is damaged")));
        }
    }

    /** A chain is asked for that this node does not have. */
    private static final class Absent extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private SimChain post(Hash chain) {
        return node.post(chain).orElseThrow(Absent::new);
    }

    private SimLedger ledger(Hash chain) {
        return post(chain).ledger();
    }

    private Object find(Effect<?> effect) {
        if (effect instanceof Effect.Append append) {
            return append(append);
        }
        if (effect instanceof Effect.Admit admit) {
            return post(admit.push().chain()).take(admit.push().transactions());
        }
        if (effect instanceof Effect.Refresh) {
            simGossip.refresh();
            return Done.DONE;
        }
        if (effect instanceof Effect.Locate locate) {
            return ledger(locate.chain()).locator();
        }
        if (effect instanceof Effect.FindCompactQuant find) {
            return ledger(find.chain()).outline(find.quant());
        }
        if (effect instanceof Effect.FindQuant find) {
            return ledger(find.chain()).outline(find.quant()).map(CompactQuant::header);
        }
        if (effect instanceof Effect.FindAt find) {
            return ledger(find.chain()).at(find.height());
        }
        if (effect instanceof Effect.FindPending find) {
            Pool.News pending = post(find.chain()).pool().after(find.after(), BATCH_IDS);
            return new Effect.PendingIds(pending.ids(), pending.upTo());
        }
        if (effect instanceof Effect.FindUnknown find) {
            return ledger(find.chain()).unknown(find.ids());
        }
        if (effect instanceof Effect.Fetch fetch) {
            return ledger(fetch.chain()).fetch(fetch.ids());
        }
        if (effect instanceof Effect.ReadRest rest) {
            return rest(rest);
        }
        return read((Effect.Read) effect);
    }

    /** Now and then no more than one fits. */
    private List<Transaction> rest(Effect.ReadRest effect) {
        SimLedger ledger = ledger(effect.chain());
        List<Hash> ids = ledger.outline(effect.quant()).map(CompactQuant::ids).orElse(List.of());
        List<Transaction> all = ledger.fetch(ids.subList(Math.min(effect.offset(), ids.size()), ids.size()));
        return all.subList(0, Math.min(all.size(), world.random().nextBoolean() ? 1 : all.size()));
    }

    private Verdict append(Effect.Append append) {
        Verdict verdict = post(append.chain())
                .append(Append.foreign(append.source(), append.chain(), append.compactQuant(), append.supplied()));
        if (verdict instanceof Verdict.Missing) {
            world.mark(Mark.INCOMPLETE);
        } else if (verdict instanceof Verdict.Orphan) {
            world.mark(Mark.ORPHANED);
            simGossip.orphaned();
        }
        return verdict;
    }

    /** Now and then a quant is too large for a range, and stands alone and cut in it. */
    private List<Part> read(Effect.Read read) {
        SimLedger ledger = ledger(read.chain());
        List<Part> parts = new ArrayList<>();
        for (Hash hash : ledger.after(read.locator(), RANGE_QUANTS)) {
            CompactQuant compactQuant = ledger.outline(hash).orElseThrow();
            List<Transaction> transactions = ledger.fetch(compactQuant.ids());
            boolean cut =
                    parts.isEmpty() && transactions.size() > 1 && world.random().nextInt(4) == 0;
            if (cut) {
                world.mark(Mark.CUT);
                return List.of(new Part(compactQuant, transactions.subList(0, transactions.size() / 2)));
            }
            parts.add(new Part(compactQuant, transactions));
        }
        return parts;
    }
}
