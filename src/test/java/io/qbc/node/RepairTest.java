package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.api.access.ApiKeyFile;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.cli.AskedNode;
import io.qbc.cli.VerifyCommand.Verdict;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Transaction;
import io.qbc.spec.ChainSpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged directories, a peer that has their chains, and the files that no peer has. */
class RepairTest {
    private static final ChainSpec SPEC = ChainSpecReader.read(
            Bytes.utf8("{\"name\":\"main\",\"genesisTime\":0,\"consensus\":{\"engine\":\"pow\",\"difficulty\":1}}"),
            "test");
    private static final String NO_PEER = "no peer has";

    @TempDir
    Path home;

    private Path data;
    private Node peer;
    private Optional<AskedNode> asked;

    @BeforeEach
    void begin() throws IOException {
        NodeConfig config = Addresses.withPort(Samples.config(home.resolve("peer"), 0));
        peer = started(config);
        asked = Optional.of(new AskedNode("--repair-from", Addresses.local(config), Optional.empty()));
        Transaction transaction = Samples.transaction(SPEC, 1);
        Patience.get(peer.bus()
                .ask(Catalogue.INJECT, new Inject(SPEC.id(), List.of(new Submission(transaction)), Origin.CLIENT)));
        Patience.get(peer.bus().ask(Catalogue.LEAP, new Leap(SPEC.id())));
        data = home.resolve("data");
        KeyFile.open(data.resolve(Identity.FILE));
        Patience.get(started(Addresses.withPort(Samples.config(data, 0))).close());
    }

    @AfterEach
    void end() {
        Patience.get(peer.close());
    }

    private static Node started(NodeConfig config) {
        NodeParts parts = new NodeParts(config, List.of(SPEC), Samples.SIGNER, Addresses.advertised(config));
        Node node = Node.of(Node.vertx(), Wiring.of(parts));
        Patience.get(node.start());
        return node;
    }

    private Verdict repaired() {
        return Verification.run(data, asked, line -> {});
    }

    private void damageStore() throws IOException {
        Files.delete(data.resolve("store").resolve("CURRENT"));
    }

    private List<String> beside() throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("data"))
                    .toList();
        }
    }

    @Test
    void theStoreComesFromThePeerAndTheRestFromTheDirectory() throws IOException {
        byte[] key = Files.readAllBytes(data.resolve(Identity.FILE));
        new ApiKeyFile(data)
                .add(new ApiKey.Request("a", List.of(Grant.parse("admin").orElseThrow()), OptionalLong.empty()), 1);
        byte[] callers = Files.readAllBytes(data.resolve(ApiKeyFile.NAME));
        damageStore();
        Verdict verdict = repaired();
        assertThat(verdict.sound()).as(verdict.toString()).isTrue();
        assertThat(verdict.checked())
                .startsWith("1 chains, 2 quants, 1 transactions")
                .contains("mended from ");
        assertThat(Files.readAllBytes(data.resolve(Identity.FILE))).isEqualTo(key);
        assertThat(Files.readAllBytes(data.resolve(ApiKeyFile.NAME))).isEqualTo(callers);
        assertThat(Files.getPosixFilePermissions(data.resolve(ApiKeyFile.NAME))).hasSize(2);
        assertThat(beside()).hasSize(2).doesNotContain("data.repair");
    }

    @Test
    void aDamagedListOfChainsIsLeftOutWithWords() throws IOException {
        Files.writeString(data.resolve("following.json"), "{\"joined\":[");
        damageStore();
        Verdict verdict = repaired();
        assertThat(verdict.sound()).as(verdict.toString()).isTrue();
        assertThat(verdict.findings())
                .singleElement()
                .asString()
                .startsWith("left out: ")
                .contains("following.json is damaged", "chains.follow");
        assertThat(data.resolve("following.json")).doesNotExist();
    }

    @Test
    void aListOfChainsThatWereLeftKeepsNoneFromBeingMended() throws IOException {
        Files.writeString(
                data.resolve("following.json"),
                "{\"joined\":[],\"left\":[{\"id\":\"" + SPEC.id() + "\",\"name\":\"main\"}]}");
        damageStore();
        Verdict verdict = repaired();
        assertThat(verdict.sound()).as(verdict.toString()).isTrue();
        assertThat(data.resolve("following.json")).exists();
    }

    @Test
    void anotherIdentityIsNotMendedButTold() throws IOException {
        Files.writeString(
                data.resolve(Identity.PUBLIC_FILE), Samples.OTHER.key().hex() + "\n");
        damageStore();
        Verdict verdict = repaired();
        assertThat(verdict.sound()).isFalse();
        assertThat(verdict.checked()).startsWith("nothing was changed").contains(NO_PEER);
        assertThat(verdict.findings())
                .singleElement()
                .asString()
                .contains(data.resolve(Identity.FILE) + " does not belong to");
        assertThat(beside()).containsExactly("data");
    }

    @Test
    void aDirectoryWithoutItsKeyStaysWithout() throws IOException {
        Files.delete(data.resolve(Identity.FILE));
        byte[] known = Files.readAllBytes(data.resolve(Identity.PUBLIC_FILE));
        damageStore();
        Verdict verdict = repaired();
        assertThat(verdict.sound()).as(verdict.toString()).isTrue();
        assertThat(data.resolve(Identity.FILE)).doesNotExist();
        assertThat(Files.readAllBytes(data.resolve(Identity.PUBLIC_FILE))).isEqualTo(known);
    }

    @Test
    void whatIsDamagedBesideASoundStoreIsTold() throws IOException {
        Files.writeString(data.resolve("following.json"), "{}x");
        Files.writeString(data.resolve(ApiKeyFile.NAME), "[]");
        Verdict checked = Verification.run(data, Optional.empty(), line -> {});
        assertThat(checked.sound()).isFalse();
        assertThat(checked.findings()).hasSize(2).anyMatch(line -> line.contains("following.json is damaged"));
        Verdict verdict = repaired();
        assertThat(verdict.findings()).isEqualTo(checked.findings());
        assertThat(verdict.checked()).contains("nothing was changed", NO_PEER);
        assertThat(beside()).containsExactly("data");
    }

    @Test
    void withoutAnAnswerNothingIsChanged() throws IOException {
        Patience.get(peer.close());
        damageStore();
        Verdict verdict = repaired();
        assertThat(verdict.sound()).isFalse();
        assertThat(verdict.checked()).startsWith("nothing was changed: no node answers at ");
        assertThat(beside()).containsExactly("data");
    }
}
