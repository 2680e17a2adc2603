package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A signer that is killed under load and loses its disk but for its key")
class WipedSignerIT {
    private static final String CHAIN = "main";
    private static final String KEY = "identity.key";
    private static final int SIGNERS = 3;
    private static final int VICTIM = 2;
    /** Longer than a node listens to a chain before it signs for the first time. */
    private static final long ALONE_SECONDS = 5;

    @Test
    @DisplayName("signs nothing against what it signed before, and takes part again")
    void signsOnce(@TempDir Path home) {
        String spec = spec(home).toString();
        UnaryOperator<Plan> change = plan -> plan.environment("QBC_CHAIN", spec).environment("QBC_LEAP_AGE", "150ms");
        try (Network network = Network.start(home, SIGNERS, change)) {
            String key = network.key(VICTIM);
            try (Watch watch = new Watch(network.chains(CHAIN), key)) {
                losesItsDisk(network, watch, home.resolve("lost"));
                comesBackAlone(network, home.resolve("lost-too"));
                watch.assertHonest();
            }
            for (ChainClient chain : network.chains(CHAIN)) {
                assertThat(chain.consensus().get("offences")).isEmpty();
            }
            network.verify(1, 1, 1);
        }
    }

    /** A chain that all know of from their configuration, so that it is there as soon as a node starts. */
    private static Path spec(Path home) {
        String keys = IntStream.range(0, SIGNERS)
                .mapToObj(node -> Plan.in(home.resolve("node" + node)))
                .map(plan -> Jar.run(plan, "keys", "new", "--data", plan.data().toString())
                        .output()
                        .strip())
                .map(key -> '"' + key + '"')
                .collect(Collectors.joining(","));
        return Chains.spec(
                home,
                "{\"engine\":\"poa\",\"period\":%d,\"delay\":%d,\"participants\":[%s]}"
                        .formatted(Patience.stretchMillis(600), Patience.stretchMillis(350), keys),
                "{}");
    }

    /** Its clients write while it is killed; it comes back with nothing while the clients of the others write. */
    private static void losesItsDisk(Network network, Watch watch, Path lost) {
        NodeProcess victim = network.node(VICTIM);
        try (Load load = Load.on(network.chains(CHAIN).subList(0, VICTIM))) {
            try (Load own = Load.on(List.of(network.chain(VICTIM, CHAIN)))) {
                awaitPart(network);
                own.awaitMore(5);
                victim.kill9();
            }
            wipe(victim.plan().data(), lost.resolve("data"));
            victim.restart();
            awaitPart(network);
            Set<String> acknowledged = load.end();
            network.awaitQuiet(CHAIN);
            assertThat(network.chain(VICTIM, CHAIN).ids())
                    .doesNotHaveDuplicates()
                    .containsAll(acknowledged);
        }
        Plan silent = Plan.in(lost)
                .environment("QBC_CHAIN", lost.resolveSibling("chain.json").toString())
                .environment("QBC_CONSENSUS_SIGN", "none");
        try (NodeProcess old = NodeProcess.start(silent)) {
            new ChainClient(old.client(), CHAIN).quants().forEach(watch::seen);
        }
    }

    /** It is back with nothing before any of the others is, and its own client has it leap all the time. */
    private static void comesBackAlone(Network network, Path lost) {
        NodeProcess victim = network.node(VICTIM);
        ChainClient own = network.chain(VICTIM, CHAIN);
        network.stop();
        wipe(victim.plan().data(), lost);
        victim.restart();
        String id = own.injected("\"alone\"");
        Await.until(
                "it has been alone for long",
                () -> own.client().get("/v1/node").json().get("uptime").longValue() >= ALONE_SECONDS);
        assertThat(own.height()).isZero();
        network.restart(0, VICTIM);
        try (Load load = Load.on(network.chains(CHAIN).subList(0, VICTIM))) {
            awaitPart(network);
            load.end();
        }
        network.awaitQuiet(CHAIN);
        assertThat(network.chain(0, CHAIN).ids()).contains(id);
    }

    /** Waits until the signer made quants after now, and one of them is final at every node. */
    private static void awaitPart(Network network) {
        String key = network.key(VICTIM);
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
