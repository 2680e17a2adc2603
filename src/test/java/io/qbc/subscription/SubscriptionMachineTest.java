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
import io.qbc.subscription.Delivery.Outcome;
import io.qbc.subscription.SubscriptionMachine.Batch;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.qbc.subscription.SubscriptionMachine.Sync;
import io.qbc.subscription.SubscriptionMachine.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decisions of one subscription, by tables and against a model. */
class SubscriptionMachineTest {
    private static final Hash CHAIN = new Hash(9, 9, 9, 9);
    private static final long NOW = 1_000_000;

    /** A chain with a leaf in each quant, or none, that can be reorganised. */
    private static final class Chain {
        /** The quant of each height, and how many leaves there are with it. */
        private final List<Hash> quants = new ArrayList<>();

        private final List<Long> sizes = new ArrayList<>();
        private long made;

        void grow(boolean leaf) {
            quants.add(new Hash(1, 2, 3, ++made));
            sizes.add((sizes.isEmpty() ? 0 : sizes.get(sizes.size() - 1)) + (leaf ? 1 : 0));
        }

        void cut(int count) {
            for (int i = 0; i < count && !quants.isEmpty(); i++) {
                quants.remove(quants.size() - 1);
                sizes.remove(sizes.size() - 1);
            }
        }

        boolean has(Position at) {
            return at.isBeginning()
                    || (at.height() < quants.size()
                            && quants.get((int) at.height()).equals(at.quant()));
        }

        /** The last position in common, as heights below a cut never change. */
        Position ancestor(Position at, List<Hash> branch) {
            for (int height = (int) Math.min(at.height(), quants.size() - 1); height >= 0; height--) {
                if (quants.get(height).equals(branch.get(height))) {
                    return new Position(Math.min(at.leaf(), sizes.get(height)), height, quants.get(height));
                }
            }
            return Position.BEGINNING;
        }

        Reading.Leaves read(Position from, int countMax) {
            List<Leaf> leaves = new ArrayList<>();
            Position at = from;
            for (int height = (int) from.height() + 1; height < quants.size() && leaves.size() < countMax; height++) {
                long size = sizes.get(height);
                if (size > at.leaf()) {
                    leaves.add(leaf(at.leaf(), height, quants.get(height), size));
                }
                at = new Position(size, height, quants.get(height));
            }
            long end = sizes.isEmpty() ? 0 : sizes.get(sizes.size() - 1);
            return new Reading.Leaves(leaves, at, end, at.height() < quants.size() - 1);
        }
    }

    private static Leaf leaf(long index, long height, Hash quant, long size) {
        Body body = new Body(
                1, CHAIN, 1, Bytes.utf8("k" + index), Bytes.EMPTY, Bytes.utf8("t" + index % 3), 0, Hash.ZERO, 2);
        return new Leaf(index, height, quant, 5, size, quant, body, Optional.of(Bytes.utf8("{}")));
    }

    private static Subscription subscription(String document) {
        return SubscriptionReader.read(CHAIN, "s", Bytes.utf8(document));
    }

    private static SubscriptionMachine machine(String document) {
        return new SubscriptionMachine(subscription(document), SubscriptionState.at(Position.BEGINNING));
    }

    private static Chain chain(int leaves) {
        Chain chain = new Chain();
        for (int i = 0; i < leaves; i++) {
            chain.grow(true);
        }
        return chain;
    }

    private static Taken read(SubscriptionMachine machine, Chain chain, Next next) {
        Next.Read read = (Next.Read) next;
        return machine.take(read, chain.read(read.from(), read.countMax()));
    }

    private static Batch fetch(SubscriptionMachine machine, Chain chain, String holder, int count) {
        return ((Taken.Ready) read(machine, chain, machine.next(holder, Optional.empty(), count, NOW))).batch();
    }

    private static Changed commit(SubscriptionMachine machine, long offset) {
        return machine.commit(Optional.of("a"), offset, OptionalLong.empty(), NOW);
    }

    @Test
    void anEmptyPageIsNotAnEndAndChangesNothing() {
        SubscriptionMachine machine = machine("{}");
        SubscriptionState before = machine.state();
        Taken taken = read(machine, new Chain(), machine.next("a", Optional.empty(), 10, NOW));
        assertThat(taken).isInstanceOf(Taken.Nothing.class);
        assertThat(taken.sync()).isEqualTo(Sync.NONE);
        assertThat(machine.state()).isEqualTo(before);
        assertThat(fetch(machine, chain(2), "a", 10).events()).hasSize(2);
    }

    @Test
    void onlyWhatWasFetchedCanBeCommitted() {
        SubscriptionMachine machine = machine("{}");
        assertThat(fetch(machine, chain(5), "a", 3).offset()).isEqualTo(3);
        assertThat(commit(machine, 4).refusal().orElseThrow().reason()).isEqualTo(Reason.SUBSCRIPTION_OFFSET);
        assertThat(commit(machine, 2)).isEqualTo(Changed.NOW);
        assertThat(commit(machine, 1).refusal()).isPresent();
        assertThat(machine.state().offset().leaf()).isEqualTo(2);
        assertThat(commit(machine, 3).refusal()).isEmpty();
        // A commit whose answer was lost is repeated.
        assertThat(commit(machine, 3).refusal()).isEmpty();
    }

    @Test
    void aheadGoesOnUpToItsLimit() {
        SubscriptionMachine machine = machine("{\"ahead\":4}");
        Chain chain = chain(9);
        Batch first = fetch(machine, chain, "a", 3);
        Optional<AheadPlace> ahead = Optional.of(new AheadPlace(first.offset(), first.generation()));
        Batch second = ((Taken.Ready) read(machine, chain, machine.next("a", ahead, 3, NOW))).batch();
        assertThat(second.events()).extracting(SubscribedEvent::index).containsExactly(3L);
        Optional<AheadPlace> full = Optional.of(new AheadPlace(4, 0));
        assertThat(machine.next("a", full, 3, NOW)).isInstanceOf(Next.Full.class);
        commit(machine, 4);
        assertThat(machine.state().offset().leaf()).isEqualTo(4);
    }

    @Test
    void aLeaseKeepsOthersOutForAWhile() {
        SubscriptionMachine machine = machine("{}");
        Chain chain = chain(3);
        fetch(machine, chain, "a", 1);
        Next other = machine.next("b", Optional.empty(), 1, NOW + EventOrder.LEASE_MILLIS - 1);
        assertThat(((Next.Refused) other).refusal().reason()).isEqualTo(Reason.SUBSCRIPTION_LEASED);
        assertThat(machine.next("b", Optional.empty(), 1, NOW + EventOrder.LEASE_MILLIS))
                .isInstanceOf(Next.Read.class);
    }

    @Test
    void anAcknowledgementOfBeforeASeekIsStale() {
        SubscriptionMachine machine = machine("{}");
        Chain chain = chain(4);
        Batch batch = fetch(machine, chain, "a", 4);
        machine.seek(Position.BEGINNING);
        Changed stale = machine.commit(Optional.of("a"), 4, OptionalLong.of(batch.generation()), NOW);
        assertThat(stale.refusal().orElseThrow().reason()).isEqualTo(Reason.SUBSCRIPTION_MOVED);
        Optional<AheadPlace> old = Optional.of(new AheadPlace(4, batch.generation()));
        Batch again = ((Taken.Ready) read(machine, chain, machine.next("a", old, 4, NOW))).batch();
        assertThat(again.events()).hasSize(4);
        assertThat(again.generation()).isGreaterThan(batch.generation());
    }

    @Test
    void attemptsFollowTheScheduleAndThenItStops() {
        SubscriptionMachine machine =
                machine("{\"deliver\":{\"kind\":\"webhook\",\"url\":\"https://a.example/\",\"retry\":[\"PT5S\"]}}");
        Chain chain = chain(2);
        Batch batch = fetch(machine, chain, "~", 1);
        machine.outcome(Outcome.retry("503", Optional.of(Duration.ofSeconds(60))), batch, 0, NOW);
        assertThat(machine.state().word()).isEqualTo("retrying");
        assertThat(machine.state().nextAttempt()).isEqualTo(NOW + 60_000);
        batch = fetch(machine, chain, "~", 1);
        machine.outcome(Outcome.retry("503", Optional.empty()), batch, 0, NOW);
        assertThat(machine.state().word()).isEqualTo("disabled");
        assertThat(machine.state().offset().leaf()).isZero();
        machine.resume();
        batch = fetch(machine, chain, "~", 1);
        machine.outcome(new Outcome(1, new Delivery.Then.GoOn()), batch, 0, NOW);
        assertThat(machine.state().offset().leaf()).isEqualTo(1);
        assertThat(machine.state().lastError()).isEmpty();
    }

    @Test
    void whatCannotBeDeliveredIsPutAsideIfThatIsWished() {
        SubscriptionMachine machine = machine("{\"deliver\":{\"kind\":\"webhook\",\"url\":\"https://a.example/\","
                + "\"retry\":[],\"onFailure\":\"dead\"}}");
        Chain chain = chain(2);
        Batch batch = fetch(machine, chain, "~", 1);
        Changed changed = machine.outcome(Outcome.retry("500", Optional.empty()), batch, 0, NOW);
        assertThat(changed.dead()).singleElement().satisfies(letter -> {
            assertThat(letter.index()).isZero();
            assertThat(letter.number()).isEqualTo(1);
        });
        assertThat(fetch(machine, chain, "~", 1).events())
                .extracting(SubscribedEvent::index)
                .containsExactly(1L);
    }

    @Test
    void aBatchIsTriedAgainAsItWas() {
        SubscriptionMachine machine =
                machine("{\"deliver\":{\"kind\":\"webhook\",\"url\":\"https://a.example/\",\"batch\":10,"
                        + "\"retry\":[\"PT5S\",\"PT5S\"]}}");
        Chain chain = chain(3);
        Batch batch = fetch(machine, chain, "~", 10);
        machine.outcome(Outcome.retry("503", Optional.empty()), batch, 0, NOW);
        chain.grow(true);
        SubscriptionMachine read =
                StateText.read(CHAIN, "s", StateText.write(machine.subscription(), machine.state()), 1 << 20);
        Batch again = fetch(read, chain, "~", 10);
        assertThat(again.events()).isEqualTo(batch.events());
        assertThat(again.more()).isTrue();
        read.outcome(Outcome.retry("503", Optional.empty()), again, 0, NOW);
        read.pause();
        read.resume();
        again = fetch(read, chain, "~", 10);
        assertThat(again.events()).isEqualTo(batch.events());
        read.outcome(new Outcome(3, new Delivery.Then.GoOn()), again, 0, NOW);
        assertThat(fetch(read, chain, "~", 10).events())
                .extracting(SubscribedEvent::index)
                .containsExactly(3L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a*", "*", "a*c", "a.*.c", "**", "abc"})
    void patternsAreThoseOfRegularExpressions(String pattern) {
        String expression = ("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E");
        for (String text : List.of("", "a", "abc", "ac", "a.b.c", "abcabc", "b")) {
            assertThat(Filter.matches(pattern, text)).as(pattern + " " + text).isEqualTo(text.matches(expression));
        }
    }

    @Test
    void whatIsStoredIsReadAgain() {
        SubscriptionMachine machine = machine("{\"from\":7,\"at\":\"head\",\"filter\":{\"types\":[\"a*\"],"
                + "\"pointer\":\"/a\",\"equal\":null},\"data\":true}");
        fetch(machine("{\"at\":\"head\"}"), chain(3), "a", 2);
        machine.rotate("whsec_x", NOW);
        machine.seek(new Position(3, 2, CHAIN));
        SubscriptionMachine read =
                StateText.read(CHAIN, "s", StateText.write(machine.subscription(), machine.state()), 1 << 20);
        assertThat(read.state()).isEqualTo(machine.state());
        assertThat(read.subscription()).isEqualTo(machine.subscription());
    }

    /** A consumer at the head that is told of everything has what the chain has, whatever happens between. */
    @Test
    void aConsumerFollowsEveryReorganisation() {
        for (long seed = 0; seed < 300; seed++) {
            new Model(seed).run();
        }
    }

    /** A chain, a consumer that does as it is told, and what goes wrong between them. */
    private static final class Model {
        private final long seed;
        private final Random random;
        private final Chain chain = new Chain();
        private final List<Hash> had = new ArrayList<>();
        private SubscriptionMachine machine = machine("{\"at\":\"head\"}");
        private Bytes stored = StateText.write(machine.subscription(), machine.state());
        private final List<List<Hash>> branches = new ArrayList<>();

        Model(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> chain.grow(random.nextInt(3) > 0);
                    case 2 -> reorganise();
                    case 3 -> machine = StateText.read(CHAIN, "s", stored, 1 << 20);
                    default -> consume(random.nextInt(4) > 0);
                }
            }
            for (int step = 0; step < 500; step++) {
                consume(true);
            }
            List<Hash> expected = new ArrayList<>();
            for (int i = 0; i < chain.quants.size(); i++) {
                if (chain.sizes.get(i) > (i == 0 ? 0 : chain.sizes.get(i - 1))) {
                    expected.add(chain.quants.get(i));
                }
            }
            assertThat(had).as("seed " + seed).isEqualTo(expected);
            assertThat(machine.state().offset().leaf()).as("seed " + seed).isEqualTo(expected.size());
        }

        private void reorganise() {
            branches.add(List.copyOf(chain.quants));
            int depth = random.nextInt(4);
            chain.cut(depth);
            for (int i = 0; i < depth + random.nextInt(2); i++) {
                chain.grow(random.nextBoolean());
            }
        }

        private List<Hash> branchOf(Position at) {
            return branches.stream()
                    .filter(branch -> at.height() < branch.size()
                            && branch.get((int) at.height()).equals(at.quant()))
                    .findFirst()
                    .orElseThrow();
        }

        private void consume(boolean acknowledge) {
            Next next = machine.next("a", Optional.empty(), 1 + random.nextInt(3), NOW);
            if (next instanceof Next.Ready ready) {
                take(ready.batch(), acknowledge);
                return;
            }
            Next.Read read = (Next.Read) next;
            Position given = read.check().filter(at -> !chain.has(at)).orElse(read.from());
            Reading reading = chain.has(given)
                    ? chain.read(read.from(), read.countMax())
                    : new Reading.Reverted(chain.ancestor(given, branchOf(given)));
            Taken taken = machine.take(read, reading);
            store(taken.sync());
            if (taken instanceof Taken.Ready ready) {
                take(ready.batch(), acknowledge);
            }
        }

        private void store(Sync sync) {
            if (sync == Sync.NOW || (sync == Sync.LATER && random.nextBoolean())) {
                stored = StateText.write(machine.subscription(), machine.state());
            }
        }

        private void take(Batch batch, boolean acknowledge) {
            for (SubscribedEvent event : batch.events()) {
                int index = (int) event.index();
                if (event.reverted()) {
                    while (had.size() > index) {
                        had.remove(had.size() - 1);
                    }
                } else if (index < had.size()) {
                    assertThat(had.get(index)).as("seed " + seed).isEqualTo(event.quant());
                } else {
                    assertThat(index).as("seed " + seed).isEqualTo(had.size());
                    had.add(event.quant());
                }
            }
            if (acknowledge) {
                store(machine.commit(Optional.of("a"), batch.offset(), OptionalLong.of(batch.generation()), NOW)
                        .sync());
            }
        }
    }
}
