package io.qbc.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.HeadsDigest;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.Status;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeerStateTest {
    private static final int LIST_MAX = 10_000;
    private static final Mark MARK = new Mark(1, 1);

    private final PeerState peer = new PeerState(Bytes.utf8("peer"));

    /** A whole list of so many chains, each with the longest name and weight. */
    private static Status whole(int chains) {
        List<Listing> listings = new ArrayList<>();
        TreeMap<Hash, Hash> heads = new TreeMap<>();
        for (int i = 0; i < chains; i++) {
            Hash chain = chain(i);
            Claim claim = new Claim(chain, new Hash(7, 7, 7, i), 1, BigInteger.ONE.shiftLeft(510));
            listings.add(new Listing(claim, "n".repeat(255)));
            heads.put(chain, claim.hash());
        }
        return new Status(MARK, 0, HeadsDigest.of(heads), listings, List.of());
    }

    private static Hash chain(int number) {
        return new Hash(0, 0, 0, number);
    }

    @Test
    void aListThatHasRoomIsKeptAsAWhole() {
        assertThat(peer.apply(whole(1000), chain -> false)).isTrue();
        assertThat(peer.listings()).hasSize(1000);
        assertThat(peer.mark()).isEqualTo(MARK);
    }

    @Test
    void ofChainsThatAreNotHereNoMoreIsKeptThanThereIsRoomFor() {
        Hash last = chain(LIST_MAX - 1);
        assertThat(peer.apply(whole(LIST_MAX), last::equals)).isTrue();
        assertThat(peer.listings()).hasSizeBetween(1000, 2000);
        assertThat(peer.follows(chain(0))).isTrue();
        assertThat(peer.follows(last)).isTrue();
        assertThat(peer.mark()).isEqualTo(Mark.NONE);
    }

    @Test
    void allOfChainsThatAreHereIsKept() {
        assertThat(peer.apply(whole(LIST_MAX), chain -> true)).isTrue();
        assertThat(peer.listings()).hasSize(LIST_MAX);
        assertThat(peer.mark()).isEqualTo(MARK);
    }
}
