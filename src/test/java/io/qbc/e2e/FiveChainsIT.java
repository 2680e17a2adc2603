package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Five chains of five engines on three nodes")
class FiveChainsIT {
    private static final List<String> WITH_FINALITY = List.of("poa", "pos", "dpos");
    private static final int MANY = 60;

    private final Map<String, Load> loads = new LinkedHashMap<>();

    @Test
    @DisplayName("are the same at every node after clients injected into all of them at all nodes at once")
    void agree(@TempDir Path home) {
        try (Network network = Network.start(home, 3, plan -> plan.environment("QBC_LEAP_AGE", "200ms"))) {
            Map<String, String> engines = engines(network.keys());
            engines.forEach(network::make);
            Map<String, Set<String>> acknowledged = load(network, engines.keySet());
            engines.keySet().forEach(name -> {
                network.awaitQuiet(name);
                same(network.chains(name), acknowledged.get(name));
            });
            WITH_FINALITY.forEach(
                    name -> assertThat(network.chain(2, name).consensus().get("offences"))
                            .as(name)
                            .isEmpty());
            network.verify(6, 6, 6);
        } finally {
            loads.values().forEach(Load::close);
        }
    }

    private static Map<String, String> engines(String keys) {
        Map<String, String> engines = new LinkedHashMap<>();
        engines.put("pow", "{'engine':'pow','difficulty':5000}");
        engines.put("dbc", "{'engine':'dbc','turn':1,'timeout':2000,'participants':[%s]}".formatted(keys));
        engines.put(
                "poa",
                "{'engine':'poa','period':%d,'delay':%d,'participants':[%s]}"
                        .formatted(Patience.stretchMillis(1_000), Patience.stretchMillis(600), keys));
        // Long beside what a quant's way to the others takes on a machine that the clients keep busy: else it comes when
        // its turn is over, and what is final moves on by luck.
        long period = Patience.stretchMillis(800);
        engines.put("pos", "{'engine':'pos','period':%d,'epoch':4,'participants':[%s]}".formatted(period, keys));
        engines.put(
                "dpos",
                "{'engine':'dpos','period':%d,'epoch':4,'delegates':3,'participants':[%s]}".formatted(period, keys));
        engines.replaceAll((name, consensus) -> consensus.replace('\'', '"'));
        return engines;
    }

    /** Injects until enough is in each chain, and what is final has moved on where the engine makes things final. */
    private Map<String, Set<String>> load(Network network, Set<String> names) {
        names.forEach(name -> loads.put(name, Load.on(network.chains(name))));
        loads.values().forEach(load -> load.awaitMore(MANY));
        WITH_FINALITY.forEach(name -> {
            long first = awaitFinality(network, name, 0);
            awaitFinality(network, name, first);
        });
        Map<String, Set<String>> acknowledged = new LinkedHashMap<>();
        loads.forEach((name, load) -> acknowledged.put(name, load.end()));
        return acknowledged;
    }

    /** The height that is final at every node once it is above this one. */
    private static long awaitFinality(Network network, String name, long above) {
        Await.asserted(
                "the chain " + name + " is final above " + above,
                () -> assertThat(network.chains(name))
                        .allSatisfy(chain -> assertThat(chain.finality()).isGreaterThan(above)));
        return network.chain(0, name).finality();
    }

    private static void same(List<ChainClient> chains, Set<String> acknowledged) {
        ChainClient first = chains.get(0);
        String json = legacy(first);
        for (ChainClient other : chains) {
            assertThat(other.state().get("head"))
                    .as(other.name())
                    .isEqualTo(first.state().get("head"));
            assertThat(legacy(other)).as(other.name()).isEqualTo(json);
        }
        List<String> ids = first.ids();
        assertThat(ids).as(first.name()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    private static String legacy(ChainClient chain) {
        return chain.client()
                .get("/json-chain?chain=" + chain.name())
                .expect(200)
                .text();
    }
}
