package io.qbc.subscription;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.DeadLetter;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.PutSubscription;
import io.qbc.bus.Catalogue.Steering;
import io.qbc.bus.Failure;
import io.qbc.follow.Extent;
import io.qbc.follow.Position;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.subscription.Subscription.DeliverKind;
import io.qbc.subscription.Subscription.Start;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which subscriptions there are, and what changes them. Used on one context. */
final class SubscriptionBook {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionBook.class);

    private final RunnerContext context;
    private final Map<DeliverKind, Delivery.Maker> makers;
    private final Supplier<String> secrets;
    private final Map<Hash, TreeMap<String, SubscriptionRunner>> runners = new HashMap<>();
    /** What is stored and cannot be read, in words. */
    private final Map<Hash, TreeMap<String, String>> damaged = new HashMap<>();

    /** Chains whose subscriptions could not be read, and why. */
    private final Map<Hash, Refusal> unread = new HashMap<>();

    /** What is being made, and by how many calls. */
    private final Map<Place, Integer> making = new HashMap<>();

    private final Set<Hash> loading = new HashSet<>();

    SubscriptionBook(RunnerContext context, Map<DeliverKind, Delivery.Maker> makers, Supplier<String> secrets) {
        this.context = context;
        this.makers = makers;
        this.secrets = secrets;
    }

    /** What became of a put. */
    record Put(SubscriptionRunner runner, boolean created, Optional<String> secret) {}

    Future<Void> load() {
        return context.bus().ask(Catalogue.FIND_CHAINS, new FindChains()).compose(found -> {
            // One after the other, as the store's readers have others to answer.
            Future<Void> loads = Future.succeededFuture();
            for (Chain chain : found.chains()) {
                loads = loads.compose(before -> load(chain.id()));
            }
            return loads;
        });
    }

    /** Takes up what is stored for a chain, once; one that cannot be read keeps no other from it. */
    Future<Void> load(Hash chain) {
        if (runners.containsKey(chain) || !loading.add(chain)) {
            return Future.succeededFuture();
        }
        return new RowStore(context.bus(), chain)
                .states()
                .onSuccess(rows -> rows.forEach(row -> take(chain, row)))
                .onSuccess(rows -> {
                    runners.computeIfAbsent(chain, none -> new TreeMap<>());
                    unread.remove(chain);
                })
                .<Void>mapEmpty()
                .recover(cause -> {
                    LOG.error("the subscriptions of the chain {} cannot be read: {}", chain, cause.toString());
                    unread.put(chain, Failure.of(cause));
                    return Future.succeededFuture();
                })
                .onComplete(done -> loading.remove(chain));
    }

    private void take(Hash chain, RowStore.Row row) {
        try {
            add(StateText.read(chain, row.name(), row.value(), context.limits().aheadBytes()));
        } catch (StateText.Damaged e) {
            LOG.error("a subscription of the chain {} is damaged", chain, e);
            damaged.computeIfAbsent(chain, none -> new TreeMap<>()).put(row.name(), e.getMessage());
        }
    }

    private SubscriptionRunner add(SubscriptionMachine machine) {
        Subscription subscription = machine.subscription();
        SubscriptionRunner runner = new SubscriptionRunner(
                context, new RowStore(context.bus(), subscription.chain()), machine, delivery(subscription));
        runners.computeIfAbsent(subscription.chain(), none -> new TreeMap<>()).put(subscription.name(), runner);
        runner.wake();
        return runner;
    }

    private Optional<Delivery> delivery(Subscription subscription) {
        return Optional.ofNullable(makers.get(subscription.deliver().kind())).map(maker -> maker.make(subscription));
    }

    /** Lets go of a chain that is no longer here; what was stored went with it. */
    void close(Hash chain) {
        damaged.remove(chain);
        unread.remove(chain);
        Optional.ofNullable(runners.remove(chain))
                .ifPresent(gone -> gone.values().forEach(runner -> {
                    var unused = runner.close(Reason.CHAIN_UNKNOWN, "the chain was dropped");
                }));
    }

    Future<Void> closeAll() {
        List<Future<Void>> closed = new ArrayList<>();
        all().forEach(runner -> closed.add(runner.close(Reason.STOPPING, "the node is stopping")));
        return Future.all(closed).mapEmpty();
    }

    List<SubscriptionRunner> all() {
        List<SubscriptionRunner> all = new ArrayList<>();
        runners.values().forEach(chain -> all.addAll(chain.values()));
        return all;
    }

    Collection<SubscriptionRunner> of(Hash chain) {
        return Optional.ofNullable(runners.get(chain))
                .map(TreeMap::values)
                .<Collection<SubscriptionRunner>>map(List::copyOf)
                .orElse(List.of());
    }

    SubscriptionRunner find(Hash chain, String name) {
        if (unread.containsKey(chain)) {
            throw new Failure(unread.get(chain));
        }
        String damage = damaged.getOrDefault(chain, new TreeMap<>()).get(name);
        if (damage != null) {
            throw new Failure(Reason.CORRUPT, damage + "; remove it to make it anew");
        }
        SubscriptionRunner runner = runners.getOrDefault(chain, new TreeMap<>()).get(name);
        if (runner == null) {
            throw new Failure(Reason.SUBSCRIPTION_UNKNOWN, "the chain has no subscription " + name);
        }
        return runner;
    }

    Future<Put> put(PutSubscription wanted) {
        if (!SubscriptionReader.isName(wanted.name())) {
            throw new Failure(
                    Reason.SUBSCRIPTION_INVALID,
                    "the name must be 1 to 64 of a-z, 0-9 and '-', beginning with a letter");
        }
        Subscription subscription = SubscriptionReader.read(wanted.chain(), wanted.name(), wanted.document());
        check(subscription);
        return load(wanted.chain()).compose(loaded -> put(wanted, subscription));
    }

    private Future<Put> put(PutSubscription wanted, Subscription subscription) {
        Optional.ofNullable(unread.get(wanted.chain())).ifPresent(refusal -> {
            throw new Failure(refusal);
        });
        boolean there = runners.getOrDefault(wanted.chain(), new TreeMap<>()).containsKey(wanted.name())
                || damaged.getOrDefault(wanted.chain(), new TreeMap<>()).containsKey(wanted.name());
        return there
                ? change(find(wanted.chain(), wanted.name()), subscription)
                : limited(subscription).compose(free -> make(subscription));
    }

    /** What was shown is put back: what it hides would take the place of what is known. */
    private static void refuseHidden(Subscription subscription) {
        List<String> pointers = new ArrayList<>();
        subscription
                .deliver()
                .url()
                .filter(SubscriptionWriter::isHidden)
                .ifPresent(url -> pointers.add("/deliver/url"));
        subscription.deliver().headers().entrySet().stream()
                .filter(field -> field.getValue().equals(SubscriptionWriter.HIDDEN))
                .forEach(field -> pointers.add("/deliver/headers/" + JsonTree.escaped(field.getKey())));
        if (!pointers.isEmpty()) {
            throw new Failure(new Refusal(
                    Reason.SUBSCRIPTION_INVALID,
                    String.join(", ", pointers) + " has what is shown of a hidden value; write the value itself",
                    pointers));
        }
    }

    private void check(Subscription subscription) {
        refuseHidden(subscription);
        DeliverKind kind = subscription.deliver().kind();
        Optional<Delivery.Maker> maker = Optional.ofNullable(makers.get(kind));
        Optional<String> problem = kind.pushes() && maker.isEmpty()
                ? Optional.of("/deliver/kind is not available on this node")
                : maker.flatMap(known -> known.problem(subscription));
        problem.ifPresent(text -> {
            int end = text.startsWith("/") ? text.indexOf(' ') : 0;
            List<String> pointers = end > 0 ? List.of(text.substring(0, end)) : List.of();
            throw new Failure(new Refusal(Reason.SUBSCRIPTION_INVALID, text, pointers));
        });
    }

    private Future<Void> limited(Subscription subscription) {
        int limit = count(subscription.chain()) >= context.limits().chainMax()
                ? context.limits().chainMax()
                : all().size() + making.size() >= context.limits().max()
                        ? context.limits().max()
                        : Integer.MAX_VALUE;
        return limit == Integer.MAX_VALUE || making.containsKey(Place.of(subscription))
                ? Future.succeededFuture()
                : Future.failedFuture(
                        new Failure(Reason.SUBSCRIPTIONS_FULL, "there are " + limit + " subscriptions already"));
    }

    private int count(Hash chain) {
        int there = runners.getOrDefault(chain, new TreeMap<>()).size();
        return there
                + (int) making.keySet().stream()
                        .filter(place -> place.chain().equals(chain))
                        .count();
    }

    /** Has its place from now on, so that many at once are not more than there may be. */
    private Future<Put> make(Subscription subscription) {
        Place place = Place.of(subscription);
        making.merge(place, 1, Integer::sum);
        return Future.<Void>succeededFuture()
                .compose(any -> create(subscription))
                .onComplete(done -> making.computeIfPresent(place, (same, calls) -> calls == 1 ? null : calls - 1));
    }

    /** Of a subscription that is being made. */
    private record Place(Hash chain, String name) {
        static Place of(Subscription subscription) {
            return new Place(subscription.chain(), subscription.name());
        }
    }

    private Future<Put> create(Subscription subscription) {
        return start(subscription).compose(at -> {
            // Another call may have made it meanwhile.
            if (runners.getOrDefault(subscription.chain(), new TreeMap<>()).containsKey(subscription.name())) {
                return change(find(subscription.chain(), subscription.name()), subscription);
            }
            SubscriptionMachine machine = new SubscriptionMachine(
                    subscription, SubscriptionState.at(at), context.limits().aheadBytes());
            Optional<String> secret = secret(machine);
            return new RowStore(context.bus(), subscription.chain())
                    .keep(List.of(RowStore.state(machine)))
                    .map(kept -> new Put(
                            Optional.ofNullable(runners.getOrDefault(subscription.chain(), new TreeMap<>())
                                            .get(subscription.name()))
                                    .orElseGet(() -> add(machine)),
                            true,
                            secret));
        });
    }

    private Optional<String> secret(SubscriptionMachine machine) {
        boolean needed = machine.subscription().deliver().kind() == DeliverKind.WEBHOOK
                && machine.state().secrets().isEmpty();
        if (!needed) {
            return Optional.empty();
        }
        String secret = secrets.get();
        var unused = machine.rotate(secret, context.clock().millis());
        return Optional.of(secret);
    }

    private Future<Put> change(SubscriptionRunner runner, Subscription to) {
        Bytes before = SubscriptionWriter.write(runner.machine().subscription());
        if (before.equals(SubscriptionWriter.write(to))) {
            return Future.succeededFuture(new Put(runner, false, Optional.empty()));
        }
        Changed changed = runner.machine().change(to);
        Optional<String> secret = secret(runner.machine());
        runner.deliverBy(delivery(to));
        return runner.apply(changed).map(stored -> {
            runner.wake();
            return new Put(runner, false, secret);
        });
    }

    private Future<Position> start(Subscription subscription) {
        Start from = subscription.from();
        return switch (from.kind()) {
            case OLDEST -> known(subscription.chain());
            case NEWEST -> context.reader().newest(subscription.chain(), subscription.extent());
            case LEAF ->
                context.reader().position(subscription.chain(), from.leaf().getAsLong());
        };
    }

    /** The beginning of a chain, which must be here. */
    private Future<Position> known(Hash chain) {
        return context.reader().horizon(chain, Extent.HEAD).map(Position.BEGINNING);
    }

    /** What is stored of a chain's subscriptions and cannot be read: names, and why. */
    Map<String, String> damaged(Hash chain) {
        return Map.copyOf(damaged.getOrDefault(chain, new TreeMap<>()));
    }

    Map<Hash, Map<String, String>> damaged() {
        return damaged.keySet().stream().collect(Collectors.toMap(chain -> chain, this::damaged));
    }

    Future<Void> drop(Hash chain, String name) {
        if (damaged(chain).containsKey(name)) {
            return new RowStore(context.bus(), chain)
                    .remove(name)
                    .onSuccess(removed ->
                            damaged.getOrDefault(chain, new TreeMap<>()).remove(name));
        }
        SubscriptionRunner runner = find(chain, name);
        return new RowStore(context.bus(), chain).remove(name).map(removed -> {
            runners.getOrDefault(chain, new TreeMap<>()).remove(name, runner);
            runner.deliverBy(Optional.empty());
            var unused = runner.gone();
            return null;
        });
    }

    Future<Optional<String>> steer(SubscriptionRunner runner, Steering steering) {
        Subscription subscription = runner.machine().subscription();
        if (steering instanceof Steering.Seek seek) {
            return place(subscription, seek.place())
                    .compose(at -> applied(runner, runner.machine().seek(at)));
        }
        if (steering instanceof Steering.Replay replay) {
            if (replay.from() >= replay.to()) {
                throw new Failure(Reason.REQUEST_INVALID, "from must be below to");
            }
            return context.reader()
                    .position(subscription.chain(), replay.from())
                    .compose(at -> applied(runner, runner.machine().replay(at, replay.to())));
        }
        if (steering instanceof Steering.Rotate) {
            if (subscription.deliver().kind() != DeliverKind.WEBHOOK) {
                throw new Failure(Reason.SUBSCRIPTION_KIND, "only webhooks are signed");
            }
            String secret = secrets.get();
            return applied(
                            runner,
                            runner.machine().rotate(secret, context.clock().millis()))
                    .map(Optional.of(secret));
        }
        return applied(
                runner,
                steering instanceof Steering.Pause
                        ? runner.machine().pause()
                        : runner.machine().resume());
    }

    private static Future<Optional<String>> applied(SubscriptionRunner runner, Changed changed) {
        return runner.apply(changed).map(stored -> {
            runner.wake();
            return Optional.empty();
        });
    }

    private Future<Position> place(Subscription subscription, String place) {
        if (place.equals("oldest")) {
            return Future.succeededFuture(Position.BEGINNING);
        }
        if (place.equals("newest")) {
            return context.reader().newest(subscription.chain(), subscription.extent());
        }
        if (!place.matches("[0-9]{1,16}")) {
            throw new Failure(Reason.REQUEST_INVALID, "to must be oldest, newest or a leaf index");
        }
        return context.reader().position(subscription.chain(), Long.parseLong(place));
    }

    Future<DeadLetter> retry(SubscriptionRunner runner, long number) {
        Subscription subscription = runner.machine().subscription();
        return new RowStore(context.bus(), subscription.chain())
                .dead(subscription.name(), number - 1, 1)
                .compose(found -> found.stream()
                        .filter(letter -> letter.number() == number)
                        .findFirst()
                        .map(runner::retry)
                        .orElseGet(() -> Future.failedFuture(new Failure(
                                Reason.DEAD_LETTER_UNKNOWN, "the subscription has no dead letter " + number))));
    }
}
