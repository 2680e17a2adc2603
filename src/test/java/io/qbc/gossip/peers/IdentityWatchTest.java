package io.qbc.gossip.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A watch for identities that several nodes show")
class IdentityWatchTest {
    private static final Bytes SELF = Bytes.utf8("self");
    private static final Bytes OTHER = Bytes.utf8("other");
    private static final Bytes NONCE = Bytes.utf8("nonce");
    private static final String A = "http://a:1";
    private static final String B = "http://b:1";
    private static final long TOLD_MILLIS = 600_000;

    private final IdentityWatch watch = new IdentityWatch(SELF);

    @Test
    @DisplayName("knows this node by its own challenge, under whatever address it reached itself")
    void itself() {
        watch.asked(NONCE);
        watch.called(NONCE, A, 0);
        assertThat(watch.over(NONCE)).isTrue();
        assertThat(watch.found(0)).isEmpty();
    }

    @Test
    @DisplayName("finds a caller with this node's identity that is not this node, and tells of it for a while")
    void called() {
        watch.asked(NONCE);
        watch.called(Bytes.utf8("another"), A, 0);
        assertThat(watch.over(NONCE)).isFalse();
        assertThat(watch.found(TOLD_MILLIS)).singleElement().asString().contains("this node's identity", A);
        assertThat(watch.found(TOLD_MILLIS + 1)).isEmpty();
    }

    @Test
    @DisplayName("takes a peer that moved, or started anew, for one node")
    void moved() {
        watch.met(OTHER, A, 1, 0);
        watch.met(OTHER, B, 1, 0);
        watch.met(OTHER, B, 2, 0);
        watch.met(OTHER, A, 2, 0);
        watch.met(OTHER, A, 3, 0);
        assertThat(watch.found(0)).isEmpty();
    }

    @Test
    @DisplayName("finds two peers by a session that comes back")
    void two() {
        watch.met(OTHER, A, 1, 0);
        watch.met(OTHER, B, 2, 0);
        assertThat(watch.found(0)).isEmpty();
        watch.met(OTHER, A, 1, 0);
        watch.met(OTHER, B, 2, 0);
        assertThat(watch.found(0))
                .containsExactly("two nodes show the identity " + OTHER.hex() + ", at " + A + " and " + B);
    }
}
