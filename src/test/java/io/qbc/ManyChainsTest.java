package io.qbc;

import static io.qbc.bus.Catalogue.BANG;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.config.NodeConfig;
import io.qbc.node.LinkedNodes;
import io.qbc.node.LinkedNodes.Member;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What chains cost in which nothing happens; the processor's part is measured by {@code qbc bench chains}. */
class ManyChainsTest {
    private static final int CHAINS = 1000;
    private static final long MEBI = 1 << 20;
    private static final NodeConfig.Leap POLICY = new NodeConfig.Leap(10_000, 4 << 20, Duration.ofSeconds(10), 64);

    @TempDir
    Path data;

    @Test
    void aThousandIdleChainsCostNextToNothing() {
        try (LinkedNodes nodes = new LinkedNodes()) {
            Member node = nodes.start(data, Samples.SIGNER, POLICY, Samples.pow("main"));
            long before = used();
            List<Future<Banged>> made = new ArrayList<>();
            for (int n = 0; n < CHAINS; n++) {
                made.add(node.bus.ask(BANG, new Bang(Samples.dbc("chain-" + n))));
            }
            LinkedNodes.done(Future.all(made));
            int threads = Thread.activeCount();
            long grown = used() - before;
            assertThat(grown).isLessThan(100 * MEBI);
            assertThat(threads).isLessThan(100);
        }
        try (LinkedNodes nodes = new LinkedNodes()) {
            Member again = nodes.start(data, Samples.SIGNER, POLICY, Samples.pow("main"));
            assertThat(LinkedNodes.done(again.bus.ask(FIND_CHAINS, new FindChains()))
                            .chains())
                    .hasSize(CHAINS + 1);
        }
    }

    private static long used() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
