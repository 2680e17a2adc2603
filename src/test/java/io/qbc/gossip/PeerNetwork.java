package io.qbc.gossip;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with nodes that call each other on loopback: all of them end with it. */
abstract class PeerNetwork {
    private static final int SMALL_BYTES = 8192;

    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    Path data;

    @BeforeEach
    void patience() {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** Closes this too when the test has ended. */
    final <T extends AutoCloseable> T closing(T each) {
        open.add(each);
        return each;
    }

    /** A running node that knows these peers. */
    final TestNode node(String name, String... peers) {
        return closing(TestNode.start(name, data, peers));
    }

    /** The same with small messages, so that much travels in pieces. */
    final TestNode small(String name, String... peers) {
        return closing(TestNode.start(name, data, g -> TestNode.fast(SMALL_BYTES, g.callTimeout()), peers));
    }
}
