package io.qbc.sim;

import io.qbc.bus.Catalogue.Append;
import io.qbc.ledger.Pool;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.SimLedger;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.effect.Run;
import io.qbc.protocol.effect.Step;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Message.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Carries out what the machines of one life decide. What is asked of the store is answered in order, after the present
 * turn, and now and then only after others had theirs.
 */
final class SimHands {
    private static final int IDS = 20;
    private static final int QUANTS = 16;

    private final World world;
    private final SimNode node;
    private final Voice voice;
    private final Deque<Runnable> asked = new ArrayDeque<>();
    private boolean busy;

    SimHands(World world, SimNode node, Voice voice) {
        this.world = world;
        this.node = node;
        this.voice = voice;
    }

    void begin(Step step) {
        step.tasks()
                .forEach(task -> carry(
                        task,
                        outcome -> outcome.fold(
                                next -> {
                                    begin(next);
                                    return Done.DONE;
                                },
                                fault -> Done.DONE)));
    }

    <R> void carry(Task<R> task, Consumer<Outcome<R>> then) {
        goOn(new Run<>(task), new Outcome.Came<>(Done.DONE), then);
    }

    private <R> void goOn(Run<R> run, Outcome<?> came, Consumer<Outcome<R>> then) {
        run.on(came);
        if (run.want().isPresent()) {
            perform(run.want().get(), outcome -> goOn(run, outcome, then));
        } else {
            then.accept(run.outcome().orElseThrow());
        }
    }

    private void perform(Want<?> want, Consumer<Outcome<?>> then) {
        if (want instanceof Want.Call<?> call) {
            voice.call(call, then);
        } else if (want instanceof Want.CallRest call) {
            voice.call(new Want.Call<>(call.peer(), Errand.REST, call.question()), then);
        } else if (want instanceof Want.Wait pause) {
            world.schedule().in(pause.millis(), "pause", node.later(() -> then.accept(new Outcome.Came<>(Done.DONE))));
        } else if (want instanceof Want.Begin beside) {
            begin(beside.step());
            then.accept(new Outcome.Came<>(Done.DONE));
        } else {
            asked.add(() -> then.accept(answer(want)));
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

    private Outcome<?> answer(Want<?> want) {
        try {
            return new Outcome.Came<>(find(want));
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

    private Post post(Hash chain) {
        return node.post(chain).orElseThrow(Absent::new);
    }

    private SimLedger ledger(Hash chain) {
        return post(chain).ledger();
    }

    private Object find(Want<?> want) {
        if (want instanceof Want.Append append) {
            return append(append);
        }
        if (want instanceof Want.Admit admit) {
            return post(admit.push().chain()).take(admit.push().transactions());
        }
        if (want instanceof Want.Refresh) {
            voice.refresh();
            return Done.DONE;
        }
        if (want instanceof Want.Locate locate) {
            return ledger(locate.chain()).locator();
        }
        if (want instanceof Want.FindOutline find) {
            return ledger(find.chain()).outline(find.quant());
        }
        if (want instanceof Want.FindQuant find) {
            return ledger(find.chain()).outline(find.quant()).map(Outline::header);
        }
        if (want instanceof Want.FindAt find) {
            return ledger(find.chain()).at(find.height());
        }
        if (want instanceof Want.FindNews find) {
            Pool.News news = post(find.chain()).pool().after(find.after(), IDS);
            return new Want.News(news.ids(), news.upTo());
        }
        if (want instanceof Want.FindUnknown find) {
            return ledger(find.chain()).unknown(find.ids());
        }
        if (want instanceof Want.Fetch fetch) {
            return ledger(fetch.chain()).fetch(fetch.ids());
        }
        if (want instanceof Want.ReadRest rest) {
            return rest(rest);
        }
        return read((Want.Read) want);
    }

    /** Now and then no more than one fits. */
    private List<Transaction> rest(Want.ReadRest want) {
        SimLedger ledger = ledger(want.chain());
        List<Hash> ids = ledger.outline(want.quant()).map(Outline::ids).orElse(List.of());
        List<Transaction> all = ledger.fetch(ids.subList(Math.min(want.offset(), ids.size()), ids.size()));
        return all.subList(0, Math.min(all.size(), world.random().nextBoolean() ? 1 : all.size()));
    }

    private Verdict append(Want.Append append) {
        Verdict verdict =
                post(append.chain()).append(Append.foreign(append.chain(), append.outline(), append.supplied()));
        if (verdict instanceof Verdict.Missing) {
            world.mark(Mark.INCOMPLETE);
        } else if (verdict instanceof Verdict.Orphan) {
            world.mark(Mark.ORPHANED);
            voice.orphaned();
        }
        return verdict;
    }

    /** Now and then a quant is too large for a range, and stands alone and cut in it. */
    private List<Part> read(Want.Read read) {
        SimLedger ledger = ledger(read.chain());
        List<Part> parts = new ArrayList<>();
        for (Hash hash : ledger.after(read.locator(), QUANTS)) {
            Outline outline = ledger.outline(hash).orElseThrow();
            List<Transaction> transactions = ledger.fetch(outline.ids());
            boolean cut =
                    parts.isEmpty() && transactions.size() > 1 && world.random().nextInt(4) == 0;
            if (cut) {
                world.mark(Mark.CUT);
                return List.of(new Part(outline, transactions.subList(0, transactions.size() / 2)));
            }
            parts.add(new Part(outline, transactions));
        }
        return parts;
    }
}
