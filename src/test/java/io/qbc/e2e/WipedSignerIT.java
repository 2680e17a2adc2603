package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A signer that is killed under load and loses its disk but for its key")
class WipedSignerIT {
    private static final String CHAIN = "ledger";
    private static final String KEY = "identity.key";
    private static final int VICTIM = 3;
    private static final int TIMES = 2;

    @Test
    @DisplayName("signs nothing against what it signed before, and takes part again")
    void signsOnce(@TempDir Path home) {
        try (Network network = Network.start(home, 4, plan -> plan.environment("QBC_LEAP_AGE", "150ms"))) {
            network.make(
                    CHAIN,
                    "{\"engine\":\"poa\",\"period\":300,\"delay\":200,\"participants\":[" + network.keys() + "]}");
            String key = network.key(VICTIM);
            try (Watch watch = new Watch(network.chains(CHAIN), key);
                    Load load = Load.on(network.chains(CHAIN).subList(0, VICTIM))) {
                for (int i = 0; i < TIMES; i++) {
                    lose(network, watch, home.resolve("lost" + i), key);
                }
                Set<String> acknowledged = load.end();
                network.awaitQuiet(CHAIN);
                assertThat(network.chain(VICTIM, CHAIN).ids())
                        .doesNotHaveDuplicates()
                        .containsAll(acknowledged);
                watch.assertHonest();
            }
            for (ChainClient chain : network.chains(CHAIN)) {
                assertThat(chain.consensus().get("offences")).isEmpty();
            }
            network.verify(2, 2, 2, 2);
        }
    }

    /** One life of the signer's disk: it takes part, is killed while its clients write, and comes back with nothing. */
    private static void lose(Network network, Watch watch, Path lost, String key) {
        NodeProcess victim = network.node(VICTIM);
        try (Load own = Load.on(List.of(network.chain(VICTIM, CHAIN)))) {
            awaitPart(network, key);
            own.awaitMore(5);
            victim.kill9();
        }
        wipe(victim.plan().data(), lost.resolve("data"));
        long before = network.chain(0, CHAIN).height();
        victim.restart();
        Await.until(
                "the chain is there again", () -> network.chain(VICTIM, CHAIN).isHere());
        awaitPart(network, key);
        assertThat(network.chain(0, CHAIN).height()).isGreaterThan(before);
        Plan plan = Plan.in(lost).environment("QBC_CONSENSUS_SIGN", "none").environment("QBC_CHAINS_FOLLOW", "none");
        try (NodeProcess old = NodeProcess.start(plan)) {
            new ChainClient(old.client(), CHAIN).quants().forEach(watch::seen);
        }
    }

    /** Waits until the signer made quants after now, and one of them is final at every node. */
    private static void awaitPart(Network network, String key) {
        long before = network.chain(0, CHAIN).height();
        Await.until("the signer takes part after height " + before, () -> {
            for (ChainClient chain : network.chains(CHAIN)) {
                JsonNode consensus = chain.consensus();
                long last = consensus.get("finality").longValue();
                if (last <= before || !made(chain, key, before, last)) {
                    return false;
                }
            }
            return true;
        });
    }

    private static boolean made(ChainClient chain, String key, long after, long upTo) {
        JsonNode page = chain.client()
                .get(chain.path() + "/quants?from=" + (after + 1) + "&limit=" + (upTo - after))
                .expect(200)
                .json();
        for (JsonNode quant : page.get("quants")) {
            if (quant.get("producer").textValue().equals(key)) {
                return true;
            }
        }
        return false;
    }

    /** Moves all but the key away; what was there has a copy of the key, so that a node can read it. */
    private static void wipe(Path data, Path lost) {
        try {
            Files.createDirectories(lost.getParent());
            Files.move(data, lost);
            Files.createDirectories(data);
            Files.copy(lost.resolve(KEY), data.resolve(KEY), StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
