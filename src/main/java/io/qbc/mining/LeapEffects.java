package io.qbc.mining;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.FIND_FOLLOWING;
import static io.qbc.bus.Catalogue.FIND_PEERS;
import static io.qbc.bus.Catalogue.FIND_SIGNING_RECORD;
import static io.qbc.bus.Catalogue.FIND_TIP;
import static io.qbc.bus.Catalogue.FIND_WAITING;
import static io.qbc.bus.Catalogue.KEEP_SIGNING_RECORD;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Known;
import io.qbc.bus.Failure;
import io.qbc.ledger.leap.LeapEffect;
import io.qbc.ledger.leap.LeapInput;
import io.qbc.ledger.leap.LeapMachine;
import io.qbc.ledger.leap.LeapRunner;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.tracing.TraceNames;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what a chain's {@link LeapMachine} decides: on the bus, on the threads that seal, and by a timer. */
final class LeapEffects implements LeapEffect.Performer {
    private static final Logger LOG = LoggerFactory.getLogger(LeapEffects.class);
    private static final int PAGE_ENTRIES = 10_000;
    /** A clock that is set meanwhile is noticed after that time. */
    private static final long TIMER_MILLIS_MAX = 30_000;

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Bus bus;
    private final InstantSource clock;
    private final Hash chain;
    private final Sealer sealer;
    private final OwnOperations ownOperations;
    private final ChainTraces traces;
    private final Runnable announcer;
    private final LeapRunner runner;
    private final Map<Long, Promise<Catalogue.Leaped>> requests = new HashMap<>();
    private Optional<Promise<Void>> loading = Optional.empty();
    private long requestNumber = LeapEffect.BY_ITSELF;
    private long timer = NO_TIMER;
    private boolean stopped;

    /** @param announcer tells others that something new waits */
    LeapEffects(
            MiningContext context,
            Hash chain,
            LeapMachine machine,
            Sealer sealer,
            OwnOperations ownOperations,
            ChainTraces traces,
            Runnable announcer) {
        this.vertx = context.vertx();
        this.bus = context.bus();
        this.clock = context.clock();
        this.chain = chain;
        this.sealer = sealer;
        this.ownOperations = ownOperations;
        this.traces = traces;
        this.announcer = announcer;
        this.runner = new LeapRunner(machine, clock::millis, this);
    }

    /** Tells the machine that something happened. */
    void step(LeapInput input) {
        runner.step(input);
    }

    /** Asks for a leap; fails with the refusal. */
    Future<Catalogue.Leaped> leap(Optional<Hash> on) {
        Promise<Catalogue.Leaped> promise = Promise.promise();
        requests.put(++requestNumber, promise);
        step(new LeapInput.Asked(requestNumber, on));
        return promise.future();
    }

    /** Fills the pool from the store. */
    Future<Void> load() {
        Promise<Void> promise = Promise.promise();
        loading = Optional.of(promise);
        step(new LeapInput.Load());
        return promise.future();
    }

    void stop() {
        stopped = true;
        step(new LeapInput.Stop());
        vertx.cancelTimer(timer);
    }

    /** Tells the machine what came of an effect. */
    private <T> void answer(LeapEffect effect, Future<T> coming, Function<? super T, LeapInput> input) {
        coming.onSuccess(value -> step(input.apply(value)))
                .onFailure(cause -> step(new LeapInput.Failed(effect, Failure.of(cause))));
    }

    @Override
    public void readTip(LeapEffect.ReadTip effect) {
        answer(effect, bus.ask(FIND_TIP, new Catalogue.FindTip(chain)), LeapInput.TipRead::new);
    }

    @Override
    public void readSigningRecord(LeapEffect.ReadSigningRecord effect) {
        answer(
                effect,
                bus.ask(FIND_SIGNING_RECORD, new Catalogue.FindSigningRecord(chain)),
                LeapInput.SigningRecordRead::new);
    }

    @Override
    public void keepSigningRecord(LeapEffect.KeepSigningRecord effect) {
        Future<Boolean> kept = bus.ask(
                        KEEP_SIGNING_RECORD, new Catalogue.KeepSigningRecord(chain, effect.before(), effect.after()))
                .map(true)
                .recover(e ->
                        Failure.of(e).reason() == Reason.BUSY ? Future.succeededFuture(false) : Future.failedFuture(e));
        answer(effect, traces.step(TraceNames.SIGNING_RECORD, kept), LeapInput.SigningRecordKept::new);
    }

    /** Asks what the peers have; while the stage that knows them does not answer, that is nothing. */
    @Override
    public void askPeers(LeapEffect.AskPeers effect) {
        Future<Catalogue.Following> heard = bus.ask(FIND_FOLLOWING, new Catalogue.FindFollowing())
                .otherwise(new Catalogue.Following(List.of(), List.of()));
        answer(effect, heard.map(this::ahead), LeapInput.PeersHeard::new);
    }

    private Optional<Boolean> ahead(Catalogue.Following following) {
        return following.known().stream()
                .filter(known -> known.id().equals(chain))
                .findFirst()
                .map(Known::ahead);
    }

    @Override
    public void askReachable(LeapEffect.AskReachable effect) {
        Future<Boolean> reachable = bus.ask(FIND_PEERS, new Catalogue.FindPeers())
                .map(peers -> peers.peers().stream()
                        .anyMatch(peer -> peer.live() && effect.keys().contains(peer.key())))
                .otherwise(false);
        answer(effect, reachable, any -> new LeapInput.Reachable(effect.keys(), any));
    }

    @Override
    public void readWaiting(LeapEffect.ReadWaiting effect) {
        answer(
                effect,
                bus.ask(FIND_WAITING, new Catalogue.FindWaiting(chain, effect.from(), PAGE_ENTRIES)),
                page -> new LeapInput.WaitingRead(page.entries(), page.next()));
    }

    @Override
    public void makeDraft(LeapEffect.MakeDraft effect) {
        traces.begin(effect.plan());
        answer(effect, traces.step(TraceNames.DRAFT, sealer.draft(effect.plan())), LeapInput.Drafted::new);
    }

    @Override
    public void seal(LeapEffect.Seal effect) {
        answer(
                effect,
                traces.step(TraceNames.SEAL, sealer.seal(effect.round(), effect.draft())),
                LeapInput.Sealed::new);
    }

    @Override
    public void makeQuant(LeapEffect.MakeQuant effect) {
        traces.begin(effect.plan());
        answer(effect, traces.step(TraceNames.SEAL, sealer.make(effect.round(), effect.plan())), LeapInput.Sealed::new);
    }

    @Override
    public void cancel(LeapEffect.Cancel effect) {
        sealer.cancel(effect.round());
    }

    @Override
    public void append(LeapEffect.Append effect) {
        Catalogue.Append own = Catalogue.Append.own(chain, effect.quant(), effect.logRanges());
        answer(effect, traces.append(effect.quant(), () -> bus.ask(APPEND, own)), LeapInput.Judged::new);
    }

    @Override
    public void leaped(LeapEffect.Leaped effect) {
        Optional.ofNullable(requests.remove(effect.request()))
                .ifPresent(promise ->
                        promise.complete(new Catalogue.Leaped(effect.head(), effect.quants(), effect.count())));
    }

    @Override
    public void refuse(LeapEffect.Refuse effect) {
        Refusal refusal = effect.refusal();
        Optional.ofNullable(requests.remove(effect.request()))
                .ifPresentOrElse(
                        promise -> promise.fail(new Failure(refusal)),
                        () -> LOG.debug(
                                "no leap by itself: {} ({})", refusal.reason().code(), refusal.detail()));
    }

    @Override
    public void wakeAt(LeapEffect.WakeAt effect) {
        vertx.cancelTimer(timer);
        if (!stopped) {
            long delay = Math.min(TIMER_MILLIS_MAX, effect.at() - clock.millis());
            timer = vertx.setTimer(Math.max(1, delay), id -> step(new LeapInput.Tick()));
        }
    }

    @Override
    public void poolLoaded(LeapEffect.PoolLoaded effect) {
        Optional<Promise<Void>> asked = loading;
        loading = Optional.empty();
        effect.failure()
                .ifPresentOrElse(refusal -> notLoaded(asked, refusal), () -> asked.ifPresent(Promise::complete));
    }

    private void notLoaded(Optional<Promise<Void>> asked, Refusal refusal) {
        asked.ifPresentOrElse(
                promise -> promise.fail(new Failure(refusal)),
                () -> LOG.error("the pool of {} could not be filled: {}", chain, refusal));
    }

    @Override
    public void announce(LeapEffect.Announce effect) {
        announcer.run();
    }

    @Override
    public void vote(LeapEffect.Vote effect) {
        ownOperations.vote(effect.duty());
    }

    @Override
    public void notVoted(LeapEffect.NotVoted effect) {
        LOG.warn("a vote for the chain {} was not cast: {}", chain, effect.refusal());
    }

    @Override
    public void broken(LeapEffect.Broken effect) {
        LOG.error("the leaps of the chain {} failed", chain, effect.cause());
    }
}
