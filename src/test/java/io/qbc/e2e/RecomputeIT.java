package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.RecomputeScript;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The script of the documents recomputes a node's chains")
@EnabledIf(value = "io.qbc.RecomputeScript#canRun", disabledReason = "there is no python3 on this machine")
class RecomputeIT {
    private static final Map<String, String> ENGINES = Map.of(
            "pow", "'difficulty':500,'spacing':100,'halfLife':200",
            "classic", "'bytes':8",
            "dbc", "'turn':1",
            "poa", "'period':10",
            "pos", "'period':10,'epoch':2",
            "dpos", "'period':10,'epoch':2");
    private static final String RULES = "{'schema':{'properties':{'n':{'multipleOf':0.000001,'maximum':1e21}}}}";

    @Test
    @DisplayName("of every engine, and forks of them, by address and from a saved stream")
    void everyChain(@TempDir Path home) {
        try (NodeProcess node = NodeProcess.start(Plan.in(home).environment("QBC_LEAP_AGE", "0s"))) {
            ENGINES.forEach((engine, parameters) -> {
                post(
                        node,
                        "/v1/chains",
                        "{'name':'%s','consensus':{'engine':'%s',%s},'rules':%s}"
                                .formatted(engine, engine, parameters, RULES));
                grow(node, engine, 6);
                fork(node, engine, 3, engine + "-fork", "");
                fork(node, engine + "-fork", 5, engine + "-two", ",'consensus':{'engine':'classic'}");
                for (String name : List.of(engine, engine + "-fork", engine + "-two")) {
                    recomputed(node, name, home);
                }
            });
        }
    }

    private static void fork(NodeProcess node, String parent, int at, String name, String change) {
        post(node, "/v1/chains/" + parent + "/forks", "{'at':%d,'name':'%s'%s}".formatted(at, name, change));
        grow(node, name, 3);
    }

    private static void grow(NodeProcess node, String name, int quants) {
        ChainClient chain = new ChainClient(node.client(), name);
        for (int i = 0; i < quants; i++) {
            chain.injected("{\"n\":" + i + ".5}");
            chain.leap().expect(201);
        }
    }

    private static void post(NodeProcess node, String path, String body) {
        node.client().post(path, body.replace('\'', '"')).expect(201);
    }

    private static void recomputed(NodeProcess node, String name, Path home) {
        ChainClient chain = new ChainClient(node.client(), name);
        String sound = "sound: chain " + chain.state().get("id").textValue() + ", " + (chain.height() + 1) + " quants";
        String address = node.url() + chain.path();
        RecomputeScript.Result asked = RecomputeScript.run(Redirect.PIPE, address);
        assertThat(asked.said()).as(address).startsWith(sound).contains(chain.headHash());
        RecomputeScript.Result saved = RecomputeScript.run(Redirect.from(saved(chain, home)));
        assertThat(saved).as(address).isEqualTo(asked);
    }

    private static File saved(ChainClient chain, Path home) {
        try {
            return Files.writeString(home.resolve(chain.name() + ".ndjson"), chain.lines())
                    .toFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
