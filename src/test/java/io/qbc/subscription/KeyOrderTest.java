package io.qbc.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.bus.Catalogue.AheadPlace;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.follow.Reading;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.subscription.Delivery.Outcome;
import io.qbc.subscription.SubscriptionMachine.Batch;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.qbc.subscription.SubscriptionMachine.Sync;
import io.qbc.subscription.SubscriptionMachine.Taken;
import io.qbc.subscription.SubscriptionState.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A subscription that consumers share, key by key: by tables, and against a model. */
class KeyOrderTest {
    private static final Hash CHAIN = new Hash(9, 9, 9, 9);
    private static final long NOW = 1_000_000;
    private static final long BYTES = 1 << 20;
    private static final String PULL = "{\"order\":\"key\",\"keyBy\":\"/k\",\"ahead\":%d}";
    private static final String WEBHOOK = "{\"order\":\"key\",\"keyBy\":\"/k\",\"deliver\":{\"kind\":\"webhook\","
            + "\"url\":\"https://a.example/\",\"retry\":[\"PT5S\",\"PT60S\"]%s}}";

    /** A chain whose leaves have these keys, one in each quant. */
    private static Reading.Leaves read(String keys, Position from, int countMax) {
        List<Leaf> leaves = new ArrayList<>();
        Position at = from;
        for (int i = (int) from.leaf(); i < keys.length() && leaves.size() < countMax; i++) {
            Hash quant = new Hash(1, 2, 3, i);
            Body body = new Body(1, CHAIN, 1, Bytes.utf8("i" + i), Bytes.EMPTY, Bytes.EMPTY, 0, Hash.ZERO, 2);
            Bytes payload = Bytes.utf8(keys.charAt(i) == '-' ? "{}" : "{\"k\":\"" + keys.charAt(i) + "\"}");
            leaves.add(new Leaf(i, i, quant, 5, i + 1, quant, body, Optional.of(payload)));
            at = new Position(i + 1, i, quant);
        }
        return new Reading.Leaves(leaves, at, keys.length(), at.leaf() < keys.length());
    }

    private static SubscriptionMachine machine(String document) {
        return new SubscriptionMachine(
                SubscriptionReader.read(CHAIN, "s", Bytes.utf8(document)),
                SubscriptionState.at(Position.BEGINNING),
                BYTES);
    }

    private static SubscriptionMachine restarted(SubscriptionMachine machine) {
        return StateText.read(CHAIN, "s", StateText.write(machine.subscription(), machine.state()), BYTES);
    }

    private static List<Long> fetch(SubscriptionMachine machine, String keys, String holder, int count) {
        return fetch(machine, keys, holder, Optional.empty(), count, NOW);
    }

    private static List<Long> fetch(
            SubscriptionMachine machine, String keys, String holder, Optional<AheadPlace> from, int count, long now) {
        while (true) {
            Next next = machine.next(holder, from, count, now);
            if (next instanceof Next.Ready ready) {
                return indexes(ready.batch());
            }
            boolean more = next instanceof Next.Read read
                    && machine.take(read, read(keys, read.from(), read.countMax())) instanceof Taken.Again;
            if (!more) {
                return List.of();
            }
        }
    }

    private static List<Long> indexes(Batch batch) {
        return batch.events().stream().map(SubscribedEvent::index).toList();
    }

    private static Changed ack(SubscriptionMachine machine, String holder, String... ids) {
        return machine.acknowledge(Optional.of(holder), List.of(ids), OptionalLong.empty(), NOW);
    }

    private static Reason refused(Changed changed) {
        return changed.refusal().orElseThrow().reason();
    }

    private static final Optional<AheadPlace> ONWARD = Optional.of(new AheadPlace(0, 0));

    @Test
    void aKeyIsOneConsumersAtATime() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        assertThat(fetch(machine, "abab", "one", 1)).containsExactly(0L);
        assertThat(fetch(machine, "abab", "two", 9)).containsExactly(1L, 3L);
        assertThat(fetch(machine, "abab", "three", 9)).isEmpty();
        assertThat(machine.consumers(NOW)).containsExactly("one", "two");
        assertThat(fetch(machine, "abab", "one", ONWARD, 9, NOW)).containsExactly(2L);
        // Who begins again has all that it did not acknowledge.
        assertThat(fetch(machine, "abab", "one", 9)).containsExactly(0L, 2L);
    }

    @Test
    void theOffsetIsWhatIsAcknowledgedInARow() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        fetch(machine, "abab", "one", 1);
        fetch(machine, "abab", "two", 9);
        assertThat(ack(machine, "two", "1", "3")).isEqualTo(Changed.NOW);
        assertThat(machine.state().offset().leaf()).isZero();
        assertThat(machine.state().beyond().count()).isEqualTo(2);
        SubscriptionMachine again = restarted(machine);
        assertThat(again.state()).isEqualTo(machine.state());
        assertThat(fetch(again, "abab", "three", 9)).containsExactly(0L, 2L);
        assertThat(ack(again, "three", "0")).isEqualTo(Changed.NOW);
        assertThat(again.state().offset().leaf()).isEqualTo(2);
        ack(again, "three", "2");
        assertThat(again.state().offset().leaf()).isEqualTo(4);
        assertThat(again.state().beyond().isEmpty()).isTrue();
        assertThat(again.state().acknowledged()).isEqualTo(4);
    }

    @Test
    void onlyWhatOneHasCanBeAcknowledgedAndInTheOrderOfItsKey() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        fetch(machine, "aab", "one", 9);
        assertThat(refused(ack(machine, "two", "0"))).isEqualTo(Reason.SUBSCRIPTION_LEASED);
        assertThat(refused(ack(machine, "one", "1"))).isEqualTo(Reason.SUBSCRIPTION_OFFSET);
        assertThat(refused(ack(machine, "one", "7"))).isEqualTo(Reason.SUBSCRIPTION_OFFSET);
        assertThat(refused(ack(machine, "one", "x"))).isEqualTo(Reason.SUBSCRIPTION_OFFSET);
        assertThat(machine.state().acknowledged()).isZero();
        assertThat(ack(machine, "one", "2", "1", "0")).isEqualTo(Changed.NOW);
        // The answer was lost.
        assertThat(ack(machine, "one", "1")).isEqualTo(Changed.NOW);
        assertThat(machine.state().acknowledged()).isEqualTo(3);
        Changed nameless = machine.acknowledge(Optional.empty(), List.of("0"), OptionalLong.empty(), NOW);
        assertThat(refused(nameless)).isEqualTo(Reason.REQUEST_INVALID);
        Changed old = machine.acknowledge(Optional.of("one"), List.of("0"), OptionalLong.of(7), NOW);
        assertThat(refused(old)).isEqualTo(Reason.SUBSCRIPTION_MOVED);
    }

    @Test
    void anOffsetStandsForAllThatOneHasBelowIt() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        fetch(machine, "abab", "one", 1);
        fetch(machine, "abab", "two", 9);
        Changed two = machine.commit(Optional.of("two"), 4, OptionalLong.empty(), NOW);
        assertThat(two).isEqualTo(Changed.NOW);
        assertThat(machine.state().offset().leaf()).isZero();
        assertThat(refused(machine.commit(Optional.of("two"), 4, OptionalLong.empty(), NOW)))
                .isEqualTo(Reason.SUBSCRIPTION_OFFSET);
        machine.commit(Optional.of("one"), 4, OptionalLong.empty(), NOW);
        assertThat(machine.state().offset().leaf()).isEqualTo(2);
    }

    @Test
    void whatADeadConsumerHadGoesToAnotherInOrder() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        fetch(machine, "aaa", "one", 2);
        ack(machine, "one", "0");
        long over = NOW + EventOrder.LEASE_MILLIS;
        assertThat(fetch(machine, "aaa", "two", Optional.empty(), 9, over - 1)).isEmpty();
        assertThat(machine.expire(over)).isTrue();
        assertThat(fetch(machine, "aaa", "two", Optional.empty(), 9, over)).containsExactly(1L, 2L);
        Changed late = machine.acknowledge(Optional.of("one"), List.of("1"), OptionalLong.empty(), over);
        assertThat(refused(late)).isEqualTo(Reason.SUBSCRIPTION_LEASED);
    }

    @Test
    void aLateAcknowledgementCountsWhileNobodyElseHasTheEvent() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        fetch(machine, "aa", "one", 1);
        machine.release("one");
        assertThat(ack(machine, "one", "0")).isEqualTo(Changed.NOW);
        assertThat(refused(ack(machine, "one", "1"))).isEqualTo(Reason.SUBSCRIPTION_OFFSET);
        assertThat(fetch(machine, "aa", "two", 9)).containsExactly(1L);
    }

    private static Optional<Reason> release(SubscriptionMachine machine, String holder, String... events) {
        Optional<List<String>> some = events.length == 0 ? Optional.empty() : Optional.of(List.of(events));
        return machine.release(Optional.of(holder), some).map(Refusal::reason);
    }

    @Test
    void whatIsGivenBackIsGivenToOthersKeyByKey() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        assertThat(fetch(machine, "abab", "one", 9)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(release(machine, "one", "2")).isEmpty();
        assertThat(fetch(machine, "abab", "two", 9)).as("the whole key").containsExactly(0L, 2L);
        assertThat(release(machine, "one", "0", "2"))
                .as("what another one has by now")
                .isEmpty();
        assertThat(fetch(machine, "abab", "three", 9)).isEmpty();
        assertThat(release(machine, "one")).isEmpty();
        assertThat(release(machine, "one")).as("once more").isEmpty();
        assertThat(fetch(machine, "abab", "three", 9)).containsExactly(1L, 3L);
        ack(machine, "three", "1");
        assertThat(release(machine, "three", "1")).as("acknowledged").isEmpty();
        assertThat(release(machine, "three", "9")).contains(Reason.SUBSCRIPTION_OFFSET);
        assertThat(machine.release(Optional.empty(), Optional.empty()).map(Refusal::reason))
                .contains(Reason.REQUEST_INVALID);
        assertThat(machine.consumers(NOW)).containsExactly("two", "three");
    }

    @Test
    void noMoreThanAheadIsReadBehindTheOldestOne() {
        SubscriptionMachine machine = machine(PULL.formatted(3));
        assertThat(fetch(machine, "abcdef", "one", 1)).containsExactly(0L);
        assertThat(fetch(machine, "abcdef", "two", 9)).containsExactly(1L, 2L);
        ack(machine, "two", "1", "2");
        assertThat(fetch(machine, "abcdef", "two", 9)).isEmpty();
        assertThat(fetch(restarted(machine), "abcdef", "two", 9)).containsExactly(0L);
        ack(machine, "one", "0");
        assertThat(fetch(machine, "abcdef", "two", 9)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void eventsWithoutAKeyHaveOneInCommon() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        assertThat(fetch(machine, "-a-", "one", 1)).containsExactly(0L);
        assertThat(fetch(machine, "-a-", "two", 9)).containsExactly(1L);
    }

    @Test
    void whatIsUndoneIsToldToOneBeforeAnythingElse() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        assertThat(fetch(machine, "abc", "one", 1)).containsExactly(0L);
        assertThat(fetch(machine, "abc", "two", 9)).containsExactly(1L, 2L);
        ack(machine, "two", "2");
        Next.Read read = (Next.Read) machine.next("three", Optional.empty(), 9, NOW);
        Position ancestor = new Position(1, 0, new Hash(1, 2, 3, 0));
        assertThat(machine.take(read, new Reading.Reverted(ancestor)).sync()).isEqualTo(Sync.NOW);
        assertThat(machine.state().beyond().isEmpty()).isTrue();
        Next first = machine.next("three", Optional.empty(), 9, NOW);
        SubscribedEvent reverted = ((Next.Ready) first).batch().events().get(0);
        assertThat(reverted.reverted()).isTrue();
        assertThat(machine.next("one", Optional.empty(), 9, NOW)).isInstanceOf(Next.Full.class);
        assertThat(refused(ack(machine, "one", "0"))).isEqualTo(Reason.SUBSCRIPTION_OFFSET);
        assertThat(ack(machine, "three", reverted.id())).isEqualTo(Changed.NOW);
        assertThat(fetch(machine, "abc", "one", 9)).containsExactly(0L, 1L, 2L);
    }

    private static Batch offer(SubscriptionMachine machine, String keys, long now) {
        while (true) {
            Next next = machine.offer("~", 1, now);
            if (next instanceof Next.Ready ready) {
                return ready.batch();
            }
            Next.Read read = (Next.Read) next;
            assertThat(machine.take(read, read(keys, read.from(), read.countMax())))
                    .isInstanceOf(Taken.Again.class);
        }
    }

    @Test
    void otherKeysGoOnWhileOneIsTriedAgain() {
        SubscriptionMachine machine = machine(WEBHOOK.formatted(""));
        Batch a = offer(machine, "aabb", NOW);
        Batch b = offer(machine, "aabb", NOW);
        assertThat(indexes(a)).containsExactly(0L);
        assertThat(indexes(b)).containsExactly(2L);
        assertThat(machine.take((Next.Read) machine.offer("~", 1, NOW), read("aabb", place(4), 9)))
                .isInstanceOf(Taken.Nothing.class);
        machine.outcome(Outcome.retry("500", Optional.empty()), a, 0, NOW);
        assertThat(machine.state().word()).isEqualTo("retrying");
        assertThat(machine.due(NOW)).isEqualTo(NOW + 5000);
        machine.outcome(new Outcome(1, new Delivery.Then.GoOn()), b, 0, NOW);
        assertThat(machine.state().offset().leaf()).isZero();
        assertThat(indexes(offer(machine, "aabb", NOW))).containsExactly(3L);
        SubscriptionMachine again = restarted(machine);
        assertThat(indexes(offer(again, "aabb", NOW))).containsExactly(3L);
        Batch second = offer(again, "aabb", NOW + 5000);
        assertThat(indexes(second)).containsExactly(0L);
        assertThat(again.attempts(second)).isEqualTo(1);
        again.outcome(new Outcome(1, new Delivery.Then.GoOn()), second, 0, NOW);
        assertThat(again.state().word()).isEqualTo("active");
        assertThat(again.state().lastError()).isEmpty();
        assertThat(again.state().offset().leaf()).isEqualTo(1);
    }

    private static Position place(int leaf) {
        return new Position(leaf, leaf - 1, new Hash(1, 2, 3, leaf - 1));
    }

    @Test
    void aPauseThatIsAskedForIsForAllKeys() {
        SubscriptionMachine machine = machine(WEBHOOK.formatted(""));
        Batch a = offer(machine, "ab", NOW);
        machine.outcome(Outcome.retry("503", Optional.of(Duration.ofSeconds(20))), a, 0, NOW);
        assertThat(machine.offer("~", 1, NOW + 19_999)).isInstanceOf(Next.Full.class);
        assertThat(machine.due(NOW)).isEqualTo(NOW + 20_000);
        assertThat(indexes(offer(machine, "ab", NOW + 20_000))).containsExactly(0L);
    }

    @Test
    void oneThatIsGivenUpStopsAllOrIsPutAside() {
        SubscriptionMachine stops = machine(WEBHOOK.formatted(""));
        SubscriptionMachine goesOn = machine(WEBHOOK.formatted(",\"onFailure\":\"dead\""));
        Changed last = Changed.NOTHING;
        for (int i = 0; i < 3; i++) {
            long now = NOW + i * 100_000L;
            stops.outcome(Outcome.retry("500", Optional.empty()), offer(stops, "a", now), 0, now);
            last = goesOn.outcome(Outcome.retry("500", Optional.empty()), offer(goesOn, "aa", now), 0, now);
        }
        assertThat(stops.state().standing()).isEqualTo(Standing.DISABLED);
        assertThat(stops.state().offset().leaf()).isZero();
        assertThat(last.dead()).singleElement().satisfies(letter -> {
            assertThat(letter.index()).isZero();
            assertThat(letter.attempts()).isEqualTo(3);
        });
        assertThat(indexes(offer(goesOn, "aa", NOW))).containsExactly(1L);
        stops.resume();
        assertThat(stops.attempts(offer(stops, "a", NOW))).isZero();
    }

    @Test
    void aReplayLeavesWhatIsAcknowledgedBehindTheOffset() {
        SubscriptionMachine machine = machine(PULL.formatted(100));
        fetch(machine, "abcde", "one", 3);
        fetch(machine, "abcde", "two", 9);
        ack(machine, "one", "0", "1");
        ack(machine, "two", "4");
        machine.replay(Position.BEGINNING, 2);
        assertThat(fetch(machine, "abcde", "one", 9)).containsExactly(0L, 1L);
        ack(machine, "one", "1");
        ack(machine, "one", "0");
        assertThat(machine.state().replay()).isEmpty();
        assertThat(fetch(machine, "abcde", "one", 9)).containsExactly(2L, 3L);
    }

    /** Consumers that die, acknowledge in any order and are told twice, and nodes that start again. */
    @Test
    void nothingIsLostAndEachKeyIsInOrder() {
        for (long seed = 0; seed < 300; seed++) {
            new Model(seed).run();
        }
    }

    private static final class Model {
        private final long seed;
        private final Random random;
        private final StringBuilder keys = new StringBuilder();
        private final Map<String, TreeMap<Long, Character>> consumers = new LinkedHashMap<>();
        /** What was acknowledged, as consumers know it. */
        private final Set<Long> done = new TreeSet<>();

        private SubscriptionMachine machine = machine(PULL.formatted(12));
        private SubscriptionMachine stored = machine;
        private long now = NOW;
        private int names;

        Model(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> keys.append((char) ('a' + random.nextInt(4)));
                    case 3 -> die();
                    case 4 -> now += random.nextInt(20_000);
                    case 5 -> restart();
                    case 6, 7, 8 -> acknowledge();
                    default -> consume(consumer());
                }
                check();
            }
            now += EventOrder.LEASE_MILLIS;
            consumers.clear();
            for (int step = 0; step < 1000 && machine.state().offset().leaf() < keys.length(); step++) {
                consume("last");
                acknowledge();
            }
            assertThat(machine.state().offset().leaf()).as("seed %d", seed).isEqualTo(keys.length());
            assertThat(done).as("seed %d", seed).hasSize(keys.length());
        }

        private String consumer() {
            List<String> known = List.copyOf(consumers.keySet());
            return known.size() < 3 ? "c" + ++names : known.get(random.nextInt(known.size()));
        }

        private void die() {
            consumers.keySet().stream().findFirst().ifPresent(consumers::remove);
        }

        private void restart() {
            machine = restarted(stored);
            stored = machine;
            // Nobody has anything any more; what they got may come once more, to another one too.
            consumers.clear();
        }

        private void consume(String name) {
            TreeMap<Long, Character> has = consumers.computeIfAbsent(name, none -> new TreeMap<>());
            boolean again = random.nextInt(3) == 0;
            Optional<AheadPlace> from = again
                    ? Optional.empty()
                    : Optional.of(new AheadPlace(0, machine.state().generation()));
            for (long leaf : fetch(machine, keys.toString(), name, from, 1 + random.nextInt(4), now)) {
                char key = keys.charAt((int) leaf);
                assertThat(done).as("seed %d", seed).doesNotContain(leaf);
                // All before it of its key is acknowledged, or has been given to this consumer.
                for (long before = 0; before < leaf; before++) {
                    if (keys.charAt((int) before) == key) {
                        assertThat(done.contains(before) || has.containsKey(before))
                                .as("seed %d, %d before %d", seed, before, leaf)
                                .isTrue();
                    }
                }
                has.put(leaf, key);
            }
        }

        private void acknowledge() {
            List<String> known = List.copyOf(consumers.keySet());
            if (known.isEmpty()) {
                return;
            }
            String name = known.get(random.nextInt(known.size()));
            List<Long> has = new ArrayList<>(consumers.get(name).keySet());
            if (has.isEmpty()) {
                return;
            }
            long leaf = has.get(random.nextInt(has.size()));
            Changed changed =
                    machine.acknowledge(Optional.of(name), List.of(Long.toString(leaf)), OptionalLong.empty(), now);
            if (changed.refusal().isEmpty()) {
                done.add(leaf);
                stored = restarted(machine);
                consumers.get(name).remove(leaf);
            } else if (refused(changed) == Reason.SUBSCRIPTION_LEASED) {
                consumers.get(name).remove(leaf);
            }
        }

        private void check() {
            long offset = machine.state().offset().leaf();
            for (long leaf = 0; leaf < offset; leaf++) {
                assertThat(done).as("seed %d", seed).contains(leaf);
            }
            assertThat(machine.state().beyond().count()).as("seed %d", seed).isLessThanOrEqualTo(12);
            machine.state().beyond().ranges().forEach(range -> {
                for (long leaf = range.begin(); leaf < range.end(); leaf++) {
                    assertThat(done).as("seed %d", seed).contains(leaf);
                }
            });
        }
    }
}
