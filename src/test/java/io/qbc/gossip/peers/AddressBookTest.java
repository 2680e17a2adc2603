package io.qbc.gossip.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.config.PeerAddress;
import io.qbc.gossip.peers.AddressBook.Answerer;
import io.qbc.gossip.peers.AddressBook.Contact;
import io.qbc.gossip.peers.AddressBook.Outcome;
import io.qbc.model.Bytes;
import io.qbc.protocol.peer.Backoff;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class AddressBookTest {
    private static final long HEARTBEAT = 1000;
    private static final PeerAddress A = new PeerAddress(false, "a", 1);
    private static final PeerAddress B = new PeerAddress(false, "b", 1);
    private static final PeerAddress C = new PeerAddress(false, "c", 1);
    private static final Bytes SELF = key("self");
    private static final Bytes KEY = key("key");

    private final Backoff backoff = new Backoff(100, 1600);
    private final AddressBook book = book(2);

    private AddressBook book(int peersMax) {
        AddressBook.Settings settings =
                new AddressBook.Settings(SELF, "http://me:1", key("salt"), peersMax, HEARTBEAT, backoff, 1000);
        return new AddressBook(settings, new Random(1));
    }

    /** Somebody on this machine answers at an address. */
    private static Answerer at(PeerAddress address, Bytes key, boolean canonical) {
        return new Answerer(address, key, canonical, true, NetworkGroup.LOOPBACK);
    }

    private static Answerer remote(int network, int host) {
        String ip = network / 256 + 1 + "." + network % 256 + ".0." + host;
        PeerAddress address = new PeerAddress(false, ip, 5000);
        return new Answerer(address, key(ip), true, false, NetworkGroup.of(address));
    }

    @Test
    void aSeedIsTriedForGood() {
        book.seed(A, 0);
        long now = 0;
        for (int i = 0; i < 50; i++) {
            assertThat(book.due(now)).extracting(Contact::address).containsExactly(A);
            assertThat(book.due(now)).isEmpty();
            book.unanswered(A, false, now);
            now += 1601;
        }
    }

    @Test
    void anAddressThatIsNamedIsTriedOnceEachTimeWithGrowingPauses() {
        long now = 0;
        for (int failures = 1; failures <= 8; failures++) {
            book.learned(A, Bytes.EMPTY, "names", now);
            assertThat(book.due(now)).extracting(Contact::address).containsExactly(A);
            book.unanswered(A, true, now);
            assertThat(book.due(now + 100_000)).isEmpty();
            long least = Math.min(1600, 100L << (failures - 1)) / 2;
            book.learned(A, Bytes.EMPTY, "names", now + least - 1);
            assertThat(book.due(now + least - 1)).isEmpty();
            now += 1601;
        }
    }

    @Test
    void introductionsAreRationed() {
        AddressBook.Settings settings =
                new AddressBook.Settings(SELF, "http://me:1", key("salt"), 64, HEARTBEAT, backoff, 3);
        AddressBook rationed = new AddressBook(settings, new Random(1));
        for (int i = 0; i < 200; i++) {
            rationed.learned(remote(i, 1).address(), Bytes.EMPTY, "names", 0);
        }
        assertThat(rationed.due(0)).hasSize(3);
        assertThat(rationed.due(1)).isEmpty();
        assertThat(rationed.due(20_001)).hasSize(1);
    }

    @Test
    void whoNamesManyAddressesCrowdsOutFew() {
        AddressBook large = book(64);
        for (int i = 0; i < 10_000; i++) {
            large.learned(remote(i % 500, i % 250).address(), Bytes.EMPTY, "one network", 0);
        }
        PeerAddress honest = remote(700, 1).address();
        large.learned(honest, Bytes.EMPTY, "another network", 0);
        assertThat(large.at(honest)).isPresent();
    }

    @Test
    void oneNetworkHasHalfOfThePlacesAtMost() {
        AddressBook large = book(8);
        for (int host = 1; host <= 4; host++) {
            assertThat(large.handshaken(remote(1, host), host)).isEqualTo(Outcome.JOINED);
        }
        assertThat(large.handshaken(remote(1, 5), 5)).isEqualTo(Outcome.FULL);
        for (int network = 2; network <= 5; network++) {
            assertThat(large.handshaken(remote(network, 1), 6)).isEqualTo(Outcome.JOINED);
        }
        // Full by now: a network that has none yet takes a place from the one that has most, the youngest first.
        assertThat(large.handshaken(remote(6, 1), 7)).isEqualTo(Outcome.JOINED);
        assertThat(large.contacts())
                .hasSize(8)
                .extracting(Contact::address)
                .contains(remote(1, 3).address())
                .doesNotContain(remote(1, 4).address());
        assertThat(large.handshaken(remote(1, 6), 8)).isEqualTo(Outcome.FULL);
    }

    @Test
    void anchorsComeBackAfterARestartAndKeepTheirPlaces() {
        AddressBook large = book(8);
        PeerAddress old = remote(1, 1).address();
        large.handshaken(remote(1, 1), 1);
        List<PeerFile.Stored> stored = large.contacts().stream()
                .map(contact ->
                        new PeerFile.Stored(contact.address().text(), contact.key(), contact.since(), contact.seenAt()))
                .toList();
        AddressBook later = book(8);
        stored.forEach(each -> later.restore(each, old, 1000));
        assertThat(later.due(1000)).extracting(Contact::address).containsExactly(old);
        for (int i = 0; i < 20; i++) {
            later.unanswered(old, false, 1000);
        }
        for (int network = 2; network < 40; network++) {
            later.handshaken(remote(network, 1), 2000 + network);
        }
        assertThat(later.contacts()).hasSize(8).extracting(Contact::address).contains(old);
    }

    @Test
    void whatPassesTheChallengeOnIsNotListedUnderAnotherOnesKey() {
        Answerer relay = new Answerer(A, KEY, false, false, "0a00");
        assertThat(book.handshaken(relay, 0)).isEqualTo(Outcome.ELSEWHERE);
        assertThat(book.contacts()).isEmpty();
        assertThat(book.handshaken(new Answerer(B, KEY, true, false, "0a00"), 0))
                .isEqualTo(Outcome.JOINED);
        assertThat(book.handshaken(relay, 1)).isEqualTo(Outcome.SECOND_NAME);
    }

    @Test
    void whoIsDismissedLeavesAtOnceAndComesBackOnlyIfConfigured() {
        book.seed(A, 0);
        book.handshaken(at(A, KEY, true), 0);
        book.handshaken(at(B, key("b"), true), 0);
        book.dismiss(KEY, 1);
        book.dismiss(key("b"), 1);
        assertThat(book.live(KEY)).isEmpty();
        assertThat(book.contacts()).extracting(Contact::address).containsExactly(A);
        assertThat(book.due(1600)).isEmpty();
        assertThat(book.due(1602)).extracting(Contact::address).containsExactly(A);
    }

    @Test
    void threeFailuresOrTwoRefusedConnectionsEndAPeersLife() {
        assertThat(book.handshaken(at(A, KEY, true), 0)).isEqualTo(Outcome.JOINED);
        assertThat(book.failed(KEY, false, 1)).isFalse();
        assertThat(book.failed(KEY, false, 2)).isFalse();
        book.answered(KEY, 3);
        assertThat(book.failed(KEY, false, 4)).isFalse();
        assertThat(book.failed(KEY, false, 5)).isFalse();
        assertThat(book.failed(KEY, false, 6)).isTrue();
        assertThat(book.live(KEY)).isEmpty();
        assertThat(book.due(6 + 100)).extracting(Contact::address).containsExactly(A);
        assertThat(book.handshaken(at(A, KEY, true), 200)).isEqualTo(Outcome.JOINED);
        assertThat(book.failed(KEY, true, 201)).isFalse();
        assertThat(book.failed(KEY, true, 202)).isTrue();
    }

    @Test
    void aLivePeerHasAHandshakeAtEveryHeartbeat() {
        book.handshaken(at(A, KEY, true), 0);
        assertThat(book.due(799)).isEmpty();
        assertThat(book.due(1201)).hasSize(1);
        assertThat(book.handshaken(at(A, KEY, true), 1201)).isEqualTo(Outcome.STAYED);
    }

    @Test
    void theNodeItselfIsNoPeer() {
        book.learned(new PeerAddress(false, "me", 1), Bytes.EMPTY, "names", 0);
        assertThat(book.due(0)).isEmpty();
        assertThat(book.handshaken(at(A, SELF, false), 0)).isEqualTo(Outcome.SELF);
        assertThat(book.contacts()).isEmpty();
    }

    @Test
    void aPeerHasOneAddress() {
        book.handshaken(at(A, KEY, false), 0);
        assertThat(book.handshaken(at(B, KEY, false), 0)).isEqualTo(Outcome.SECOND_NAME);
        assertThat(book.live(KEY).orElseThrow().address()).isEqualTo(A);
        assertThat(book.handshaken(at(C, KEY, true), 0)).isEqualTo(Outcome.STAYED);
        assertThat(book.live(KEY).orElseThrow().address()).isEqualTo(C);
        assertThat(book.contacts()).hasSize(1);
    }

    @Test
    void aDeadPeerMayComeBackElsewhere() {
        book.handshaken(at(A, KEY, true), 0);
        book.failed(KEY, true, 1);
        book.failed(KEY, true, 2);
        assertThat(book.handshaken(at(B, KEY, false), 3)).isEqualTo(Outcome.JOINED);
        assertThat(book.contacts()).extracting(Contact::address).containsExactly(B);
    }

    @Test
    void peersAreBoundedAndOnlyALongDeadOneMakesRoom() {
        book.handshaken(at(A, key("1"), true), 0);
        book.handshaken(at(B, key("2"), true), 0);
        assertThat(book.handshaken(at(C, key("3"), true), 0)).isEqualTo(Outcome.FULL);
        for (int i = 0; i < 8; i++) {
            book.unanswered(A, false, i);
        }
        assertThat(book.handshaken(at(C, key("3"), true), 10)).isEqualTo(Outcome.JOINED);
        assertThat(book.contacts()).extracting(Contact::address).containsExactly(B, C);
    }

    @Test
    void aPeerThatCallsIsNotLeftToWait() {
        book.handshaken(at(A, KEY, true), 0);
        for (int i = 0; i < 6; i++) {
            book.unanswered(A, false, 0);
        }
        assertThat(book.due(1)).isEmpty();
        book.learned(A, Bytes.EMPTY, "names", 1);
        assertThat(book.due(1)).isEmpty();
        book.learned(A, KEY, "names", 1);
        assertThat(book.due(1)).hasSize(1);
    }

    @RepeatedTest(20)
    void pausesGrowWithinTheirBounds() {
        long seed = new Random().nextLong();
        Random chance = new Random(seed);
        for (int failures = 1; failures < 100; failures++) {
            long step = Math.min(1600, 100L << Math.min(10, failures - 1));
            assertThat(backoff.pause(failures, chance.nextDouble()))
                    .as("seed %d", seed)
                    .isBetween(step / 2, step);
        }
    }

    private static Bytes key(String name) {
        return Bytes.wrap(Samples.seed(name));
    }

    @Test
    void aConfiguredAddressIsToldOfOnceForEachReason() {
        book.seed(A, 0);
        book.learned(B, Bytes.EMPTY, "names", 0);
        assertThat(book.unusable(A, "refused")).isTrue();
        assertThat(book.unusable(A, "refused")).isFalse();
        assertThat(book.unusable(A, "too slow")).isTrue();
        assertThat(book.unusable(A, "refused")).isFalse();
        assertThat(book.unusable(B, "refused")).as("nobody configured it").isFalse();
        assertThat(book.at(A).orElseThrow().lastError()).isEqualTo("refused");
        book.handshaken(at(A, KEY, true), 0);
        assertThat(book.at(A).orElseThrow().lastError()).isEmpty();
        assertThat(book.unusable(A, "refused")).as("it was of use meanwhile").isTrue();
    }
}
