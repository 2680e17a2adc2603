package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Samples;
import io.qbc.consensus.Engines;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import io.qbc.spec.ChainSpecReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("POST /add-block")
class AddBlockIT {
    private static final String LIMITS = "{\"transactionBytes\":2000,\"quantBytes\":10000,\"quantTransactions\":8}";

    @Test
    @DisplayName("answers each broken rule with its own code, and nothing changes")
    void rules(@TempDir Path home) throws Exception {
        Path file = Chains.spec(home, "{\"engine\":\"pow\",\"difficulty\":16}", LIMITS);
        ChainSpec spec = ChainSpecReader.read(Bytes.wrap(Files.readAllBytes(file)), "test");
        try (NodeProcess node =
                NodeProcess.start(Plan.in(home.resolve("n")).environment("QBC_CHAIN", file.toString()))) {
            Client client = node.client();
            Transaction committed = Samples.transaction(spec, 0);
            Quant first = Samples.quant(spec, Tip.genesis(spec), List.of(committed), System.currentTimeMillis());
            client.post("/add-block", Forms.quant(first)).expect(200);
            Tip tip = tip(spec, first);
            BrokenQuants broken = new BrokenQuants(spec, tip, committed, System.currentTimeMillis());
            Map<Reason, String> cases = broken.cases();
            refused(client, cases);
            client.post("/add-block", Forms.quant(broken.good(List.of(Samples.transaction(spec, 1)))))
                    .expect(200);
            assertThat(client.headHeight()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("refuses a producer that the chain does not list, and a seal that is not the producer's")
    void seals(@TempDir Path home) throws Exception {
        Path file = Chains.spec(
                home,
                "{\"engine\":\"dbc\",\"participants\":[\""
                        + Samples.SIGNER.key().hex() + "\"]}",
                "{}");
        ChainSpec spec = ChainSpecReader.read(Bytes.wrap(Files.readAllBytes(file)), "test");
        try (NodeProcess node =
                NodeProcess.start(Plan.in(home.resolve("n")).environment("QBC_CHAIN", file.toString()))) {
            Quant good = Samples.quant(spec, Tip.genesis(spec), List.of(), System.currentTimeMillis());
            Header h = good.header();
            Header stranger = new Header(
                    h.version(),
                    h.chain(),
                    h.height(),
                    h.timestamp(),
                    h.previous(),
                    h.treeSize(),
                    h.root(),
                    h.count(),
                    Samples.OTHER.key(),
                    h.consensus(),
                    h.proof());
            Seal forged = new Seal(Samples.SIGNER.key(), Samples.SIGNER.sign(new byte[9]));
            refused(
                    node.client(),
                    Map.of(
                            Reason.PRODUCER_NOT_PERMITTED, Forms.quant(new Quant(stranger, good.seals(), List.of())),
                            Reason.SEAL_INVALID, Forms.quant(new Quant(h, List.of(forged), List.of())),
                            Reason.PROOF_INVALID,
                                    Forms.quant(new Quant(h.withProof(Bytes.hex("00")), good.seals(), List.of()))));
            node.client().post("/add-block", Forms.quant(good)).expect(200);
        }
    }

    private static void refused(Client client, Map<Reason, String> cases) {
        JsonNode before = client.chain();
        SoftAssertions all = new SoftAssertions();
        cases.forEach((reason, quant) -> {
            Answer answer = client.post("/add-block", quant);
            all.assertThat(answer.status()).as("%s: %s", reason, answer).isBetween(400, 499);
            all.assertThat(answer.json().path("code").asText()).as("%s", answer).isEqualTo(reason.code());
            all.assertThat(client.chain()).as("after %s", reason).isEqualTo(before);
        });
        all.assertAll();
    }

    /** The tip that a quant on the genesis quant makes. */
    static Tip tip(ChainSpec spec, Quant quant) {
        QuantRules rules = new QuantRules(spec, Engines.of(spec.consensus()).orElseThrow(), Ed25519.VERIFIER, 15_000);
        QuantRules.Outcome outcome =
                rules.judge(Tip.genesis(spec), quant.compactQuant(), List.of(), 0, System.currentTimeMillis());
        return ((QuantRules.Outcome.Valid) outcome).tip();
    }
}
