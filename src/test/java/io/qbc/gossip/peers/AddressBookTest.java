package io.qbc.gossip.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.config.PeerAddress;
import io.qbc.gossip.peers.AddressBook.Contact;
import io.qbc.gossip.peers.AddressBook.Outcome;
import io.qbc.model.Bytes;
import io.qbc.protocol.peer.Backoff;
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
    private final AddressBook book = new AddressBook(SELF, "http://me:1", 2, HEARTBEAT, backoff, new Random(1));

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
    void aCandidateIsTriedAFewTimesAndThenShunned() {
        book.learned(A, Bytes.EMPTY, 0);
        long now = 0;
        int tries = 0;
        while (!book.due(now).isEmpty()) {
            book.unanswered(A, true, now);
            now += 1601;
            tries++;
        }
        assertThat(tries).isEqualTo(4);
        book.learned(A, Bytes.EMPTY, now - 1600);
        assertThat(book.due(now)).isEmpty();
        book.learned(A, Bytes.EMPTY, now + 1600);
        assertThat(book.due(now + 1600)).hasSize(1);
    }

    @Test
    void threeFailuresOrTwoRefusedConnectionsEndAPeersLife() {
        assertThat(book.handshaken(A, KEY, true, 0)).isEqualTo(Outcome.JOINED);
        assertThat(book.failed(KEY, false, 1)).isFalse();
        assertThat(book.failed(KEY, false, 2)).isFalse();
        book.answered(KEY, 3);
        assertThat(book.failed(KEY, false, 4)).isFalse();
        assertThat(book.failed(KEY, false, 5)).isFalse();
        assertThat(book.failed(KEY, false, 6)).isTrue();
        assertThat(book.live(KEY)).isEmpty();
        assertThat(book.due(6 + 100)).extracting(Contact::address).containsExactly(A);
        assertThat(book.handshaken(A, KEY, true, 200)).isEqualTo(Outcome.JOINED);
        assertThat(book.failed(KEY, true, 201)).isFalse();
        assertThat(book.failed(KEY, true, 202)).isTrue();
    }

    @Test
    void aLivePeerHasAHandshakeAtEveryHeartbeat() {
        book.handshaken(A, KEY, true, 0);
        assertThat(book.due(799)).isEmpty();
        assertThat(book.due(1201)).hasSize(1);
        assertThat(book.handshaken(A, KEY, true, 1201)).isEqualTo(Outcome.STAYED);
    }

    @Test
    void theNodeItselfIsNoPeer() {
        book.learned(new PeerAddress(false, "me", 1), Bytes.EMPTY, 0);
        assertThat(book.due(0)).isEmpty();
        assertThat(book.handshaken(A, SELF, false, 0)).isEqualTo(Outcome.SELF);
        assertThat(book.contacts()).isEmpty();
    }

    @Test
    void aPeerHasOneAddress() {
        book.handshaken(A, KEY, false, 0);
        assertThat(book.handshaken(B, KEY, false, 0)).isEqualTo(Outcome.SECOND_NAME);
        assertThat(book.live(KEY).orElseThrow().address()).isEqualTo(A);
        assertThat(book.handshaken(C, KEY, true, 0)).isEqualTo(Outcome.STAYED);
        assertThat(book.live(KEY).orElseThrow().address()).isEqualTo(C);
        assertThat(book.contacts()).hasSize(1);
    }

    @Test
    void aDeadPeerMayComeBackElsewhere() {
        book.handshaken(A, KEY, true, 0);
        book.failed(KEY, true, 1);
        book.failed(KEY, true, 2);
        assertThat(book.handshaken(B, KEY, false, 3)).isEqualTo(Outcome.JOINED);
        assertThat(book.contacts()).extracting(Contact::address).containsExactly(B);
    }

    @Test
    void peersAreBoundedAndOnlyALongDeadOneMakesRoom() {
        book.handshaken(A, key("1"), true, 0);
        book.handshaken(B, key("2"), true, 0);
        assertThat(book.handshaken(C, key("3"), true, 0)).isEqualTo(Outcome.FULL);
        for (int i = 0; i < 8; i++) {
            book.unanswered(A, false, i);
        }
        assertThat(book.handshaken(C, key("3"), true, 10)).isEqualTo(Outcome.JOINED);
        assertThat(book.contacts()).extracting(Contact::address).containsExactly(B, C);
    }

    @Test
    void aPeerThatCallsIsNotLeftToWait() {
        book.handshaken(A, KEY, true, 0);
        for (int i = 0; i < 6; i++) {
            book.unanswered(A, false, 0);
        }
        assertThat(book.due(1)).isEmpty();
        book.learned(A, Bytes.EMPTY, 1);
        assertThat(book.due(1)).isEmpty();
        book.learned(A, KEY, 1);
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
        book.learned(B, Bytes.EMPTY, 0);
        assertThat(book.unusable(A, "refused")).isTrue();
        assertThat(book.unusable(A, "refused")).isFalse();
        assertThat(book.unusable(A, "too slow")).isTrue();
        assertThat(book.unusable(A, "refused")).isFalse();
        assertThat(book.unusable(B, "refused")).as("nobody configured it").isFalse();
        assertThat(book.at(A).orElseThrow().lastError()).isEqualTo("refused");
        book.handshaken(A, KEY, true, 0);
        assertThat(book.at(A).orElseThrow().lastError()).isEmpty();
        assertThat(book.unusable(A, "refused")).as("it was of use meanwhile").isTrue();
    }
}
