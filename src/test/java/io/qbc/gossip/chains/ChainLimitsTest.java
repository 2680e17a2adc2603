package io.qbc.gossip.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The limits of a node beside those of a chain")
class ChainLimitsTest {
    private static final ChainSpec CHAIN = Samples.pow("main");

    @Test
    @DisplayName("suffice as they ship")
    void shipped() {
        assertThat(ChainLimits.shortcoming(with(Map.of()), CHAIN)).isEmpty();
    }

    @Test
    @DisplayName("are named where a quant may need more")
    void below() {
        long needed = 4096
                + CHAIN.limits().transactionBytesMax()
                + 32L * CHAIN.limits().quantTransactionsMax();
        assertThat(ChainLimits.shortcoming(limited(needed), CHAIN)).isEmpty();
        assertThat(ChainLimits.shortcoming(limited(needed - 1), CHAIN))
                .get()
                .asString()
                .contains("gossip.limits.messageBytes", Long.toString(needed), Long.toString(needed - 1));
    }

    private static NodeConfig limited(long bytes) {
        return with(Map.of("QBC_GOSSIP_LIMITS_MESSAGE_BYTES", Long.toString(bytes), "QBC_GOSSIP_BATCH_BYTES", "4096"));
    }

    private static NodeConfig with(Map<String, String> environment) {
        return ConfigReader.read(Path.of("none"), Optional.empty(), environment, List.of());
    }
}
