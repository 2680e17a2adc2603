package io.qbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.json.JsonLimits;
import io.qbc.json.StrictJson;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.merkle.Frontier;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Seal;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import io.qbc.spec.ChainSpecReader;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The golden vectors of format 1. They were made by other code than the node's and are only read here: when one fails,
 * the format has changed, and that needs a new version and a decision record.
 */
class VectorsTest {
    @Test
    void specs() throws IOException {
        for (JsonNode vector : read("specs.json", 3)) {
            ChainSpec spec = spec(vector);
            Encoder header = new Encoder(16);
            Canonical.write(header, spec.genesis());
            assertThat(Canonical.spec(spec.document())).isEqualTo(hash(vector, "specHash"));
            assertThat(header.toBytes()).isEqualTo(bytes(vector, "genesisHeader"));
            assertThat(spec.id()).isEqualTo(hash(vector, "chain"));
        }
    }

    /** Every default is in the document, for each engine. */
    @Test
    void specsAsTheyAreWritten() throws IOException {
        JsonNode node = file("spec-documents.json");
        for (JsonNode vector : read("spec-documents.json", 9)) {
            ChainSpec spec = ChainSpecReader.read(
                    Bytes.utf8(vector.get("written").textValue()),
                    name(vector),
                    bytes(node, "self"),
                    node.get("now").longValue());
            assertThat(spec.document().text())
                    .as(name(vector))
                    .isEqualTo(vector.get("document").textValue());
            assertThat(Canonical.spec(spec.document())).isEqualTo(hash(vector, "specHash"));
            Encoder header = new Encoder(16);
            Canonical.write(header, spec.genesis());
            assertThat(header.toBytes()).as(name(vector)).isEqualTo(bytes(vector, "genesisHeader"));
            assertThat(spec.id()).isEqualTo(hash(vector, "chain"));
        }
    }

    @Test
    void transactions() throws IOException {
        for (JsonNode vector : read("transactions.json", 8)) {
            Body body = new Body(
                    vector.get("version").intValue(),
                    hash(vector, "chain"),
                    vector.get("timestamp").longValue(),
                    bytes(vector, "key"),
                    bytes(vector, "author"),
                    Bytes.utf8(vector.get("type").textValue()),
                    vector.get("schema").intValue(),
                    hash(vector, "commitment"),
                    vector.get("length").intValue());
            Transaction made =
                    Transaction.of(body, bytes(vector, "salt"), bytes(vector, "signature"), bytes(vector, "payload"));
            assertThat(made.id()).as(name(vector)).isEqualTo(hash(vector, "id"));
            assertThat(made.encoded()).isEqualTo(bytes(vector, "encoded"));
            assertThat(made.bodyBytes()).isEqualTo(bytes(vector, "body"));
            assertThat(Canonical.commitment(made.salt(), made.payload())).isEqualTo(body.commitment());
            assertThat(Transaction.decode(bytes(vector, "encoded"))).contains(made);
            assertThat(made.body()).isEqualTo(body);
            if (!body.author().isEmpty()) {
                byte[] message = Canonical.transactionSigned(made.id());
                assertThat(Ed25519.VERIFIER.verify(body.author(), message, made.signature()))
                        .isTrue();
                Signer author = body.author().equals(Samples.OTHER.key()) ? Samples.OTHER : Samples.SIGNER;
                assertThat(author.sign(message)).isEqualTo(made.signature());
            }
        }
    }

    @Test
    void quants() throws IOException {
        Map<Hash, ChainSpec> specs = new HashMap<>();
        for (JsonNode vector : read("specs.json", 3)) {
            specs.put(spec(vector).id(), spec(vector));
        }
        Map<Hash, Tip> tips = new HashMap<>();
        for (JsonNode vector : read("quants.json", 5)) {
            Header header = header(vector);
            Encoder out = new Encoder(16);
            Canonical.write(out, header);
            assertThat(out.toBytes()).as(name(vector)).isEqualTo(bytes(vector, "header"));
            Decoder in = new Decoder(bytes(vector, "header"));
            assertThat(Canonical.header(in)).isEqualTo(header);
            assertThat(in.complete()).isTrue();
            assertThat(header.hash()).isEqualTo(hash(vector, "hash"));
            if (vector.has("target")) {
                assertThat(header.hash()).isLessThanOrEqualTo(hash(vector, "target"));
            }
            ChainSpec spec = specs.get(header.chain());
            assertThat(vector.get("engine").textValue())
                    .isEqualTo(spec.consensus().engine());
            Tip parent = tips.getOrDefault(spec.id(), Tip.genesis(spec));
            assertThat(header.previous()).isEqualTo(parent.head().hash());
            tips.put(spec.id(), judge(spec, parent, new CompactQuant(header, seals(vector), ids(vector))));
        }
        assertThat(tips.values().stream().map(tip -> tip.head().weight()))
                .containsExactlyInAnyOrder(BigInteger.valueOf(48), BigInteger.TWO);
    }

    @Test
    void trees() throws IOException {
        for (JsonNode vector : read("trees.json", 11)) {
            List<Hash> leaves = new ArrayList<>();
            for (JsonNode entry : vector.get("entries")) {
                byte[] bytes = Bytes.hex(entry.textValue()).toArray();
                leaves.add(Sha256.leaf(bytes, 0, bytes.length));
            }
            assertThat(leaves.stream().map(Hash::hex).toList()).isEqualTo(texts(vector.get("leaves")));
            assertThat(Frontier.EMPTY.append(leaves).root()).as(name(vector)).isEqualTo(hash(vector, "root"));
        }
        for (JsonNode vector : read("trees-counted.json", 10)) {
            List<Hash> leaves = new ArrayList<>();
            for (int i = 0; i < vector.get("leaves").intValue(); i++) {
                leaves.add(Sha256.leaf(new Encoder(4).u32(i).toArray(), 0, 4));
            }
            assertThat(Frontier.EMPTY.append(leaves).root()).isEqualTo(hash(vector, "root"));
        }
    }

    @Test
    void signatures() throws IOException {
        for (JsonNode vector : read("signatures.json", 19)) {
            boolean valid = Ed25519.VERIFIER.verify(
                    bytes(vector, "key"), bytes(vector, "message").toArray(), bytes(vector, "signature"));
            assertThat(valid).as(name(vector)).isEqualTo(vector.get("valid").booleanValue());
        }
    }

    @Test
    void json() throws IOException {
        JsonLimits limits = new JsonLimits(1 << 20, 32);
        for (JsonNode vector : read("json.json", 60)) {
            Bytes text = bytes(vector, "text");
            assertThat(StrictJson.check(text, limits).isEmpty())
                    .as(text.text())
                    .isEqualTo(vector.get("accepted").booleanValue());
        }
    }

    private static Tip judge(ChainSpec spec, Tip parent, CompactQuant quant) {
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        Outcome outcome =
                new QuantRules(spec, engine, Ed25519.VERIFIER, 0).judge(parent, quant, List.of(), 0, Long.MAX_VALUE);
        assertThat(outcome).isInstanceOf(Outcome.Valid.class);
        return ((Outcome.Valid) outcome).tip();
    }

    private static Header header(JsonNode vector) {
        return new Header(
                vector.get("version").intValue(),
                hash(vector, "chain"),
                vector.get("height").longValue(),
                vector.get("timestamp").longValue(),
                hash(vector, "previous"),
                vector.get("treeSize").longValue(),
                hash(vector, "root"),
                vector.get("count").intValue(),
                bytes(vector, "producer"),
                bytes(vector, "consensus"),
                bytes(vector, "proof"));
    }

    /** The spec in a vector's document, which is small enough to be read here member by member. */
    private static ChainSpec spec(JsonNode vector) throws IOException {
        Bytes document = Bytes.utf8(vector.get("document").textValue());
        JsonNode spec = new ObjectMapper().readTree(document.toArray());
        JsonNode consensus = spec.get("consensus");
        TreeMap<String, Long> numbers = new TreeMap<>();
        if (consensus.has("difficulty")) {
            numbers.put("difficulty", consensus.get("difficulty").longValue());
        }
        List<Bytes> participants =
                texts(consensus.path("participants")).stream().map(Bytes::hex).toList();
        JsonNode limits = spec.get("limits");
        return new ChainSpec(
                spec.get("name").textValue(),
                spec.get("description").textValue(),
                spec.get("genesisTime").longValue(),
                new ChainSpec.Consensus(consensus.get("engine").textValue(), numbers, participants),
                new ChainSpec.Limits(
                        limits.get("transactionBytes").intValue(),
                        limits.get("quantBytes").intValue(),
                        limits.get("quantTransactions").intValue()),
                document);
    }

    private static List<Seal> seals(JsonNode vector) {
        List<Seal> seals = new ArrayList<>();
        vector.get("seals").forEach(seal -> seals.add(new Seal(bytes(seal, "key"), bytes(seal, "signature"))));
        return seals;
    }

    private static List<Hash> ids(JsonNode vector) {
        return texts(vector.get("transactions")).stream()
                .map(id -> Hash.parse(id).orElseThrow())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static JsonNode read(String file, int count) throws IOException {
        JsonNode vectors = file(file).get("vectors");
        assertThat(vectors).as("%s has lost none", file).hasSize(count);
        return vectors;
    }

    private static JsonNode file(String name) throws IOException {
        try (InputStream in = VectorsTest.class.getResourceAsStream("/vectors/" + name)) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static String name(JsonNode vector) {
        return vector.get("name").textValue();
    }

    private static Bytes bytes(JsonNode vector, String name) {
        return Bytes.hex(vector.get(name).textValue());
    }

    private static Hash hash(JsonNode vector, String name) {
        return Hash.parse(vector.get(name).textValue()).orElseThrow();
    }
}
