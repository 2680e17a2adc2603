package io.qbc.mining;

import static io.qbc.bus.Catalogue.ADMITTED;
import static io.qbc.bus.Catalogue.FIND_WAITING;
import static io.qbc.bus.Catalogue.FORWARD_LEAP;
import static io.qbc.bus.Catalogue.KEEP;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Admitted;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.FindNews;
import io.qbc.bus.Catalogue.FindWaiting;
import io.qbc.bus.Catalogue.ForwardLeap;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Catalogue.News;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Catalogue.Waiting;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Evidence;
import io.qbc.ledger.Pool;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One chain's pool: what comes in is made durable, then waits; what the chain takes goes out. */
final class ChainMiner {
    private static final Logger LOG = LoggerFactory.getLogger(ChainMiner.class);
    private static final int PAGE = 10_000;
    private static final int TRANSACTIONS_MAX = 10_000_000;

    private final Bus bus;
    private final Hash chain;
    private final Pool pool;
    private final InstantSource clock;
    private final Leaps leaps;
    private final AutoLeap auto;
    private final Duties duties;
    private final BacklogNotifier backlogNotifier;
    private final boolean signs;
    /** Raised by every move of the head, so that a reload notices what it may have missed. */
    private long moves;

    private boolean loading;
    private final boolean delegated;

    /** @param miners what all chains' miners share */
    ChainMiner(Vertx vertx, Bus bus, Chain chain, Miners miners) {
        ChainSpec spec = chain.spec();
        NodeConfig config = miners.config();
        this.bus = bus;
        this.chain = chain.id();
        this.clock = miners.clock();
        this.delegated = spec.consensus().engine().equals("dbc");
        this.pool = new Pool(config.pool().transactions(), config.pool().bytes());
        Engine engine = Engines.of(spec.consensus())
                .orElseThrow(() -> new IllegalStateException(
                        "no engine " + spec.consensus().engine()));
        this.signs = miners.signs().test(spec);
        Sealer sealer = new Sealer(spec, engine, miners.signer(), signs, miners.threads());
        SlashingProtection slashingProtection =
                new SlashingProtection(bus, this.chain, engine, clock, miners.listening(spec), miners.alone(spec));
        Pause pause = new Pause(vertx);
        NodeConfig.Leap policy = policy(config.leap(), spec.leap());
        this.leaps = new Leaps(bus, spec, policy.queue(), pool, sealer, slashingProtection, pause, clock, this::load);
        this.auto = new AutoLeap(vertx, policy, pool, leaps, clock);
        this.backlogNotifier = new BacklogNotifier(vertx, () -> bus.tell(ADMITTED, new Admitted(this.chain)));
        this.duties = new Duties(bus, this.chain, sealer, miners.signer(), slashingProtection, clock, this::order);
        freeze(chain.frozen());
    }

    /** What the chain's makers said goes before what the node says. */
    private static NodeConfig.Leap policy(NodeConfig.Leap node, ChainSpec.LeapHints chain) {
        return new NodeConfig.Leap(
                chain.transactions() < 0 ? node.transactions() : (int) Math.min(TRANSACTIONS_MAX, chain.transactions()),
                chain.bytes() < 0 ? node.bytes() : chain.bytes(),
                chain.ageMs() < 0 ? node.age() : Duration.ofMillis(chain.ageMs()),
                node.queue());
    }

    /** Stops or lets through what this stage does by itself; what others ask for the store judges. */
    void freeze(boolean frozen) {
        leaps.freeze(frozen);
        auto.freeze(frozen);
    }

    private Future<?> order(Transaction transaction) {
        Submission submission = new Submission(transaction, Optional.empty());
        return inject(new Inject(chain, List.of(submission), Origin.CLIENT));
    }

    /** Brings evidence into the chain, if this node takes part in it. */
    void accuse(Evidence evidence) {
        if (signs) {
            duties.accuse(evidence);
        }
    }

    /** Fills the pool from the store; again from the start if the head moves meanwhile. */
    Future<Void> load() {
        if (loading) {
            return Future.succeededFuture();
        }
        loading = true;
        leaps.pause();
        pool.clear();
        return page(0, moves).eventually(() -> {
            loading = false;
            leaps.resume();
            auto.look();
            return Future.succeededFuture();
        });
    }

    private Future<Void> page(long from, long movesBefore) {
        return bus.ask(FIND_WAITING, new FindWaiting(chain, from, PAGE))
                .compose(waiting -> loaded(waiting, movesBefore));
    }

    private Future<Void> loaded(Waiting waiting, long movesBefore) {
        if (moves != movesBefore) {
            pool.clear();
            return page(0, moves);
        }
        long now = clock.millis();
        waiting.entries().forEach(e -> pool.add(e.sequence(), e.id(), e.bytes(), Math.min(now, e.timestamp()), false));
        return waiting.next().map(next -> page(next, movesBefore)).orElseGet(Future::succeededFuture);
    }

    void stop() {
        auto.stop();
        leaps.stop();
        backlogNotifier.stop();
    }

    /** Makes the submissions durable, those for which there is room, and answers when they are. */
    Future<Injected> inject(Inject inject) {
        List<Submission> roomy = new ArrayList<>(inject.submissions().size());
        for (Submission submission : inject.submissions()) {
            if (pool.reserve(size(submission))) {
                roomy.add(submission);
            } else {
                break;
            }
        }
        if (roomy.isEmpty() && !inject.submissions().isEmpty()) {
            return Future.succeededFuture(fill(inject, List.of()));
        }
        return bus.ask(KEEP, new Keep(chain, roomy))
                .onComplete(done -> roomy.forEach(submission -> pool.release(size(submission))))
                .map(kept -> {
                    admit(roomy, kept.admissions(), inject.origin());
                    return roomy.size() == inject.submissions().size() ? kept : fill(inject, kept.admissions());
                });
    }

    private void admit(List<Submission> submissions, List<Admission> admissions, Origin origin) {
        long now = clock.millis();
        boolean quiet = origin == Origin.QUIET;
        boolean news = false;
        Iterator<Submission> each = submissions.iterator();
        for (Admission admission : admissions) {
            Submission submission = each.next();
            if (admission instanceof Accepted accepted) {
                pool.add(accepted.sequence(), accepted.id(), size(submission), now, quiet);
                news = true;
            }
        }
        if (news) {
            auto.look();
            if (!quiet) {
                backlogNotifier.news();
            }
        }
    }

    private Injected fill(Inject inject, List<Admission> kept) {
        List<Admission> all = new ArrayList<>(kept);
        Admission full = new Declined(Reason.POOL_FULL.refusal(
                pool.transactions() + " transactions, " + pool.bytes() + " bytes wait for a leap"));
        while (all.size() < inject.submissions().size()) {
            all.add(full);
        }
        return new Injected(all);
    }

    /** Leaps, or has a delegate among the peers leap where this node's key may not. */
    Future<Leaped> leap(Leap ask) {
        Future<Leaped> own = leaps.request(ask.on());
        return ask.forwarded() || !delegated ? own : own.recover(this::orForward);
    }

    private Future<Leaped> orForward(Throwable cause) {
        return Failure.of(cause).reason() == Reason.PRODUCER_NOT_PERMITTED
                ? bus.ask(FORWARD_LEAP, new ForwardLeap(chain))
                : Future.failedFuture(cause);
    }

    PoolState state() {
        return new PoolState(pool.transactions(), pool.bytes(), pool.oldest());
    }

    Future<News> news(FindNews find) {
        Pool.News news = pool.after(find.after(), find.countMax());
        return Future.succeededFuture(new News(news.ids(), news.upTo()));
    }

    /** Follows the chain; after a reorganisation only the store knows what waits again. */
    void headMoved(HeadMoved moved) {
        moves++;
        leaps.headMoved(moved.head());
        if (signs) {
            duties.look();
        }
        if (moved.undone() > 0) {
            load().onFailure(e -> LOG.error("the pool of {} could not be filled again", chain, e));
        } else {
            moved.done().forEach(placed -> pool.remove(placed.logRange()));
        }
    }

    /** Takes in what came with a quant aside; what the head moves meanwhile takes is read again. */
    void stocked(long from) {
        page(from, moves)
                .onSuccess(done -> {
                    auto.look();
                    backlogNotifier.news();
                })
                .onFailure(e -> LOG.error("the pool of {} could not be completed", chain, e));
    }

    private static int size(Submission submission) {
        return submission.transaction().encoded().size();
    }
}
