package io.qbc.subscription;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DeadLetters;
import io.qbc.bus.Catalogue.SubscriptionInfo;
import io.qbc.bus.Catalogue.SubscriptionPut;
import io.qbc.bus.Catalogue.Subscriptions;
import io.qbc.config.NodeConfig;
import io.qbc.follow.ChainReader;
import io.qbc.follow.Extent;
import io.qbc.follow.HeadWatch;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.subscription.Subscription.DeliverKind;
import io.qbc.subscription.SubscriptionState.Replay;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stage of the subscriptions: it follows chains for those who want each transaction once told, in order. */
public final class SubscriptionVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionVerticle.class);
    private static final long TICK_MILLIS = 100;
    private static final int SECRET_BYTES = 32;
    private static final int DEAD_PAGE_MAX = 1000;
    private static final int CONSUMERS_SHOWN_MAX = 100;

    private final NodeConfig config;
    private final InstantSource clock;
    private final Duration askTimeout;
    private final Function<Vertx, Map<DeliverKind, Delivery.Maker>> makersOf;
    private Map<DeliverKind, Delivery.Maker> makers = Map.of();
    private final SecureRandom random = new SecureRandom();
    private RunnerContext parts;
    private SubscriptionBook book;
    private HeadWatch watch;

    /**
     * One instance.
     *
     * @param makersOf makes what makes the deliveries that the node begins by itself
     */
    public SubscriptionVerticle(
            NodeConfig config,
            InstantSource clock,
            Duration askTimeout,
            Function<Vertx, Map<DeliverKind, Delivery.Maker>> makersOf) {
        this.config = config;
        this.clock = clock;
        this.askTimeout = askTimeout;
        this.makersOf = makersOf;
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, askTimeout);
        ChainReader reader = new ChainReader(bus);
        parts = new RunnerContext(
                bus, reader, clock, config.subscriptions(), waitMax(), random::nextDouble, new AtomicInteger());
        makers = Map.copyOf(makersOf.apply(vertx));
        book = new SubscriptionBook(parts, makers, this::secret);
        watch = new HeadWatch(vertx, bus, config.subscriptions().poll(), this::moved);
        return watch.start()
                .compose(watching -> bus.follow(Catalogue.CHAIN_CLOSED, event -> book.close(event.chain())))
                .compose(following -> book.load())
                .compose(loaded -> serve(bus))
                .onSuccess(served ->
                        vertx.setPeriodic(TICK_MILLIS, tick -> book.all().forEach(runner -> runner.tick())));
    }

    /** A connection on which nothing moves is closed, so nobody may wait longer than most of that time. */
    private Duration waitMax() {
        Duration idle = config.http().idleTimeout().multipliedBy(4).dividedBy(5);
        Duration most = config.subscriptions().waitMax();
        return most.compareTo(idle) < 0 ? most : idle;
    }

    @Override
    public Future<?> stop() {
        watch.stop();
        return book.closeAll()
                .eventually(() -> Future.all(
                        makers.values().stream().map(Delivery.Maker::close).toList()));
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }

    private void moved(Hash chain) {
        book.of(chain).forEach(SubscriptionRunner::wake);
        book.load(chain).onFailure(cause -> LOG.error("the subscriptions of {} were not read", chain, cause));
    }

    private Future<?> serve(Bus bus) {
        return Future.all(List.of(
                bus.serve(
                        Catalogue.PUT_SUBSCRIPTION,
                        q -> book.put(q)
                                .compose(put -> info(put.runner())
                                        .map(info -> new SubscriptionPut(info, put.created(), put.secret())))),
                bus.serve(
                        Catalogue.FIND_SUBSCRIPTIONS,
                        q -> infos(q.chain().map(book::of).orElseGet(book::all))
                                .map(infos -> new Subscriptions(withDamaged(q.chain(), infos)))),
                bus.serve(Catalogue.FIND_SUBSCRIPTION, q -> info(book.find(q.chain(), q.name()))),
                bus.serve(
                        Catalogue.DROP_SUBSCRIPTION,
                        q -> Optional.ofNullable(book.damaged(q.chain()).get(q.name()))
                                .map(why -> Future.succeededFuture(damaged(q.chain(), q.name(), why)))
                                .orElseGet(() -> info(book.find(q.chain(), q.name())))
                                .compose(info -> book.drop(q.chain(), q.name()).map(info))),
                bus.serve(Catalogue.STEER_SUBSCRIPTION, q -> {
                    SubscriptionRunner runner = book.find(q.chain(), q.name());
                    return book.steer(runner, q.steering())
                            .compose(secret -> info(runner).map(info -> new SubscriptionPut(info, false, secret)));
                }),
                bus.serve(
                        Catalogue.FETCH_EVENTS,
                        q -> book.find(q.chain(), q.name()).fetch(q)),
                bus.serve(Catalogue.COMMIT_OFFSET, q -> {
                    SubscriptionRunner runner = book.find(q.chain(), q.name());
                    return runner.commit(q).compose(committed -> {
                        runner.wake();
                        return info(runner);
                    });
                }),
                bus.serve(Catalogue.ACKNOWLEDGE_EVENTS, q -> {
                    SubscriptionRunner runner = book.find(q.chain(), q.name());
                    return runner.acknowledge(q).compose(acknowledged -> {
                        runner.wake();
                        return info(runner);
                    });
                }),
                bus.serve(Catalogue.RELEASE_SUBSCRIPTION, q -> {
                    SubscriptionRunner runner = book.find(q.chain(), q.name());
                    runner.release(q);
                    return info(runner);
                }),
                bus.serve(Catalogue.FIND_DEAD_LETTERS, q -> {
                    book.find(q.chain(), q.name());
                    return new RowStore(bus, q.chain())
                            .dead(q.name(), q.after(), Math.min(DEAD_PAGE_MAX, q.countMax()))
                            .map(DeadLetters::new);
                }),
                bus.serve(Catalogue.RETRY_DEAD_LETTER, q -> book.retry(book.find(q.chain(), q.name()), q.number()))));
    }

    /** With those that cannot be read, so that nobody takes them for removed ones. */
    private List<SubscriptionInfo> withDamaged(Optional<Hash> of, List<SubscriptionInfo> infos) {
        List<SubscriptionInfo> all = new ArrayList<>(infos);
        Map<Hash, Map<String, String>> damaged =
                of.map(chain -> Map.of(chain, book.damaged(chain))).orElseGet(book::damaged);
        damaged.forEach((chain, names) -> names.forEach((name, why) -> all.add(damaged(chain, name, why))));
        return all;
    }

    private static SubscriptionInfo damaged(Hash chain, String name, String why) {
        return new SubscriptionInfo(
                chain,
                name,
                Bytes.utf8("{}"),
                "",
                "damaged",
                0,
                Optional.empty(),
                OptionalLong.empty(),
                0,
                0,
                0,
                Optional.of(why),
                OptionalLong.empty(),
                0,
                0,
                List.of(),
                0,
                0,
                0);
    }

    private Future<SubscriptionInfo> info(SubscriptionRunner runner) {
        return infos(List.of(runner)).map(infos -> infos.get(0));
    }

    /** How these stand; up to where a chain goes is asked for once. */
    private Future<List<SubscriptionInfo>> infos(Collection<SubscriptionRunner> runners) {
        Map<Hash, Map<Extent, Future<Long>>> ends = new HashMap<>();
        List<Future<SubscriptionInfo>> infos = new ArrayList<>();
        for (SubscriptionRunner runner : runners) {
            Subscription subscription = runner.machine().subscription();
            Future<Long> end = ends.computeIfAbsent(subscription.chain(), none -> new HashMap<>())
                    .computeIfAbsent(
                            subscription.extent(),
                            extent -> parts.reader()
                                    .horizon(subscription.chain(), extent)
                                    .map(ChainReader.Horizon::leaf));
            infos.add(end.compose(leaf -> age(runner, leaf).map(age -> info(runner, leaf, age))));
        }
        return Future.all(infos).map(all -> infos.stream().map(Future::result).toList());
    }

    /** How old the oldest is of what is due. */
    private Future<Long> age(SubscriptionRunner runner, long end) {
        long offset = runner.machine().state().offset().leaf();
        return end <= offset
                ? Future.succeededFuture(0L)
                : parts.reader()
                        .time(runner.machine().subscription().chain(), offset)
                        .map(time -> time.map(made -> Math.max(0, clock.millis() - made))
                                .orElse(0L));
    }

    private OptionalLong due(SubscriptionMachine machine) {
        long due = machine.due(clock.millis());
        return due == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(due);
    }

    private SubscriptionInfo info(SubscriptionRunner runner, long end, long age) {
        Subscription subscription = runner.machine().subscription();
        SubscriptionState state = runner.machine().state();
        return new SubscriptionInfo(
                subscription.chain(),
                subscription.name(),
                SubscriptionWriter.shown(subscription),
                subscription.deliver().kind().name().toLowerCase(Locale.ROOT),
                state.word(),
                state.offset().leaf(),
                state.offset().isBeginning()
                        ? Optional.empty()
                        : Optional.of(state.offset().quant()),
                state.replay()
                        .map(Replay::next)
                        .map(next -> OptionalLong.of(next.leaf()))
                        .orElse(OptionalLong.empty()),
                state.generation(),
                Math.max(0, end - state.offset().leaf()),
                age,
                state.lastError(),
                due(runner.machine()),
                state.attempts(),
                state.failingSince() == 0 ? 0 : Math.max(1, clock.millis() - state.failingSince()),
                runner.machine().consumers(clock.millis()).stream()
                        .filter(holder -> !holder.startsWith("~"))
                        .limit(CONSUMERS_SHOWN_MAX)
                        .toList(),
                state.beyond().count(),
                state.acknowledged(),
                state.dead());
    }
}
