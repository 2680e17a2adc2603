package io.qbc.gossip.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.config.PeerAddress;
import io.qbc.gossip.peers.AddressBook.Answerer;
import io.qbc.gossip.peers.AddressBook.Contact;
import io.qbc.model.Bytes;
import io.qbc.protocol.peer.Backoff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulated attempts to have a node hear of nothing but what an attacker tells it: ten thousand addresses, each with a
 * node that signs its challenge, are named again and again, and then the node is started anew.
 * {@code -Dqbc.eclipse.seeds} says how many times.
 */
class EclipseTest {
    private static final Logger LOG = LoggerFactory.getLogger(EclipseTest.class);
    private static final int SEEDS = Integer.getInteger("qbc.eclipse.seeds", 20);
    private static final int FAKES = 10_000;
    private static final int PLACES = 64;
    private static final int HONEST = 8;
    private static final int STEPS = 360;
    private static final int STEPS_AFTER = 60;
    private static final long STEP_MILLIS = 5_000;
    private static final Backoff BACKOFF = new Backoff(500, 30_000);

    /** A node, honest or not, as it answers. */
    private record Node(Answerer answerer) {
        static Node at(String ip) {
            PeerAddress address = new PeerAddress(false, ip, 5000);
            Bytes key = Bytes.wrap(Samples.seed(ip));
            return new Node(new Answerer(address, key, true, false, NetworkGroup.of(address)));
        }

        PeerAddress address() {
            return answerer.address();
        }
    }

    private static List<Node> fakes(int networks) {
        List<Node> fakes = new ArrayList<>();
        for (int i = 0; i < FAKES; i++) {
            int host = i / networks;
            fakes.add(Node.at("30." + i % networks + "." + host / 250 + "." + (host % 250 + 1)));
        }
        return fakes;
    }

    /** How a run ended: live peers that are honest, and those that are the attacker's. */
    private record End(long honest, long fake) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 50})
    void aRestartAmongTenThousandFakeAddressesFindsAnHonestPeer(int networks) {
        List<Long> eclipsed = new ArrayList<>();
        List<Node> nodes = fakes(networks);
        long fakes = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            End end = new Run(seed, nodes, HONEST).end();
            if (end.honest() == 0) {
                eclipsed.add(seed);
            }
            fakes += end.fake();
            long most = networks == 1 ? PLACES / 2 : PLACES - HONEST / 2;
            assertThat(end.fake()).as("seed %d", seed).isBetween(1L, most);
        }
        LOG.info(
                "{} fake networks: {} of {} restarts among {} fake addresses were eclipsed; {} of {} places were fake",
                networks,
                eclipsed.size(),
                SEEDS,
                FAKES,
                fakes / SEEDS,
                PLACES);
        assertThat(eclipsed).isEmpty();
    }

    /** Without honest nodes there is none to be found: the measure can tell. */
    @Test
    void whereNobodyIsHonestThereIsNoHonestPeer() {
        assertThat(new Run(1, fakes(50), 0).end().honest()).isZero();
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final List<Node> fakes;
        private final Map<PeerAddress, Node> honest = new LinkedHashMap<>();
        private final Map<PeerAddress, Node> all = new HashMap<>();
        private AddressBook book;
        private long now;

        Run(long seed, List<Node> fakes, int honestCount) {
            this.seed = seed;
            this.fakes = fakes;
            random = new Random(seed);
            for (int i = 0; i < honestCount; i++) {
                Node node = Node.at("20." + i + ".0.1");
                honest.put(node.address(), node);
            }
            all.putAll(honest);
            fakes.forEach(node -> all.put(node.address(), node));
            book = book();
        }

        private AddressBook book() {
            AddressBook.Settings settings = new AddressBook.Settings(
                    Bytes.wrap(Samples.seed("self")),
                    "",
                    Bytes.wrap(Samples.seed("salt" + seed)),
                    PLACES,
                    STEP_MILLIS,
                    BACKOFF,
                    60);
            return new AddressBook(settings, random);
        }

        End end() {
            honest.values().forEach(node -> book.handshaken(node.answerer(), now));
            attack(STEPS);
            List<Contact> known = book.contacts();
            book = book();
            for (Contact each : known) {
                PeerFile.Stored stored =
                        new PeerFile.Stored(each.address().text(), each.key(), each.since(), each.seenAt());
                book.restore(stored, each.address(), now);
            }
            attack(STEPS_AFTER);
            List<Contact> live = book.contacts().stream().filter(Contact::live).toList();
            long good = live.stream()
                    .filter(contact -> honest.containsKey(contact.address()))
                    .count();
            return new End(good, live.size() - good);
        }

        /** Within so many steps each fake is named once at least. */
        private void attack(int steps) {
            int named = FAKES / steps + 1;
            for (int step = 0; step < steps; step++) {
                now += STEP_MILLIS;
                for (int i = step * named; i < (step + 1) * named; i++) {
                    name(fakes.get(i % FAKES));
                }
                honest.values().stream()
                        .filter(node -> random.nextInt(6) == 0)
                        .forEach(node -> introduce(node.answerer()));
                book.due(now).forEach(this::call);
            }
        }

        /** A fake names itself, or another one does so. */
        private void name(Node fake) {
            if (random.nextBoolean()) {
                introduce(fake.answerer());
            } else {
                String source = fakes.get(random.nextInt(FAKES)).answerer().group();
                book.learned(fake.address(), Bytes.EMPTY, source, now);
            }
        }

        private void introduce(Answerer node) {
            book.learned(node.address(), node.key(), node.group(), now);
        }

        /** An honest node is away now and then, a fake never. */
        private void call(Contact contact) {
            if (honest.containsKey(contact.address()) && random.nextInt(5) == 0) {
                book.unanswered(contact.address(), random.nextBoolean(), now);
            } else {
                book.handshaken(all.get(contact.address()).answerer(), now);
            }
        }
    }
}
