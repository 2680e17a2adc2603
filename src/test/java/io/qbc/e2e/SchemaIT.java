package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Samples;
import io.qbc.ledger.Tip;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.spec.ChainSpecReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A participant that packs data into a quant that breaks the chain's rules")
class SchemaIT {
    private static final String RULES = "{\"types\":{\"order\":{\"type\":\"object\",\"required\":[\"n\"],"
            + "\"properties\":{\"n\":{\"type\":\"integer\"}}}}}";
    private static final String GOOD = "{\"n\":1}";
    private static final String BAD = "{\"n\":\"one\"}";

    @Test
    @DisplayName(
            "is refused by the original route and by peers alike, and nothing changes; with right data it is taken")
    void refuses(@TempDir Path home) {
        try (Network network = Network.start(home, 2, SchemaIT::withoutBans)) {
            ChainSpec spec = make(network);
            ChainClient chain = network.chain(0, "orders");
            PeerCalls peer = new PeerCalls(network.client(0));
            JsonNode before = chain.state();

            refused(network.client(0), spec, order(spec, 1, BAD, "order", 1), "rules_broken", "/n");
            refused(network.client(0), spec, order(spec, 2, "{}", "order", 1), "rules_broken", "");
            refused(network.client(0), spec, order(spec, 3, GOOD, "bill", 1), "rules_broken", "");
            refused(network.client(0), spec, order(spec, 4, GOOD, "order", 2), "schema_version", "");
            for (Transaction bad : List.of(order(spec, 1, BAD, "order", 1), order(spec, 4, GOOD, "order", 2))) {
                Quant quant = quant(spec, Tip.genesis(spec), bad);
                String code = bad.body().schema() == 1 ? "rules_broken" : "schema_version";
                assertThat(peer.offer(spec, quant)).isEqualTo(new PeerCalls.Reply(PeerCalls.REFUSED, List.of(), code));
                peer.push(spec, List.of(bad));
                assertThat(peer.hint(spec, quant).state()).isEqualTo(PeerCalls.WANTED);
                assertThat(peer.offer(
                                spec,
                                new Quant(quant.header(), quant.seals(), List.of()),
                                quant.compactQuant().ids()))
                        .isEqualTo(new PeerCalls.Reply(
                                PeerCalls.MISSING, quant.compactQuant().ids(), ""));
            }
            assertThat(chain.state()).isEqualTo(before);

            Quant first = quant(spec, Tip.genesis(spec), order(spec, 5, GOOD, "order", 1));
            network.client(0)
                    .post("/add-block?chain=orders", Forms.quant(first))
                    .expect(200);
            Quant second = quant(spec, AddBlockIT.tip(spec, first), order(spec, 6, GOOD, "order", 1));
            assertThat(peer.offer(spec, second).state()).isEqualTo(PeerCalls.ACCEPTED);
            network.awaitQuiet("orders");
            assertThat(network.chain(1, "orders").headHash())
                    .isEqualTo(second.header().hash().hex());
            network.verify(2, 2);
        }
    }

    /** What is refused here would get a peer banned. */
    private static Plan withoutBans(Plan plan) {
        return plan.environment("QBC_GOSSIP_CONDUCT_BAN_SCORE", "0");
    }

    private static ChainSpec make(Network network) {
        String participants = '"' + Samples.SIGNER.key().hex() + '"';
        Answer made = network.client(0)
                .post(
                        "/v1/chains",
                        "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\",\"participants\":[" + participants
                                + "]},\"rules\":" + RULES + "}")
                .expect(201);
        ChainSpec spec = ChainSpecReader.read(Bytes.utf8(made.json().get("spec").toString()), "the made chain");
        assertThat(spec.id().hex()).isEqualTo(made.json().get("id").textValue());
        network.awaitHere("orders");
        return spec;
    }

    private static void refused(Client client, ChainSpec spec, Transaction broken, String code, String pointer) {
        Transaction good = order(spec, 99, GOOD, "order", 1);
        Answer answer = client.post(
                        "/add-block?chain=orders", Forms.quant(quant(spec, Tip.genesis(spec), good, broken)))
                .expect(422);
        assertThat(answer.json().get("code").textValue()).as("%s", answer).isEqualTo(code);
        if (!pointer.isEmpty()) {
            assertThat(answer.json().get("pointers"))
                    .as("%s", answer)
                    .singleElement()
                    .returns(pointer, JsonNode::textValue);
        }
    }

    private static Quant quant(ChainSpec spec, Tip parent, Transaction... transactions) {
        return Samples.quant(spec, parent, List.of(transactions), System.currentTimeMillis());
    }

    private static Transaction order(ChainSpec spec, int n, String json, String type, int schema) {
        Transaction sample = Samples.transaction(spec, n, json);
        Body b = sample.body();
        Body body = new Body(
                b.version(),
                b.chain(),
                b.timestamp(),
                b.key(),
                b.author(),
                Bytes.utf8(type),
                schema,
                b.commitment(),
                b.length());
        return Transaction.of(body, sample.salt(), Bytes.EMPTY, sample.payload());
    }
}
