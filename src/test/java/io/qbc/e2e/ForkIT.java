package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Samples;
import io.qbc.merkle.Consistency;
import io.qbc.merkle.Frontier;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A fork that is made while its parent is written")
class ForkIT {
    private static final String PARENT = "orders";
    private static final String FORK = "works";
    private static final String SECOND = "works-two";
    private static final String RULES =
            "{\"schema\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}}";

    @Test
    @DisplayName("has its parent's past at every node and a life of its own, also when the parent is deleted")
    void forks(@TempDir Path home) {
        try (Network network = Network.start(home, 2, plan -> plan.environment("QBC_LEAP_AGE", "150ms"))) {
            network.make(
                    PARENT,
                    "{\"engine\":\"dbc\",\"turn\":1,\"timeout\":2000,\"participants\":[" + network.keys() + "]}");
            long at = forkUnderLoad(network);
            rules(network);
            pasts(network, PARENT, FORK, at);
            signatures(network, PARENT, FORK);

            long second = network.chain(0, FORK).height();
            fork(network.client(1), FORK, second, SECOND, ",\"consensus\":{\"engine\":\"dbc\"}");
            network.awaitHere(SECOND);
            grow(network, SECOND);
            pasts(network, FORK, SECOND, second);
            pasts(network, PARENT, SECOND, at);
            signatures(network, FORK, SECOND);

            delete(network, at);
            network.verify(4, 3);
        }
    }

    private static long forkUnderLoad(Network network) {
        try (Load load = Load.on(network.chains(PARENT))) {
            load.awaitMore(30);
            long at = network.chain(0, PARENT).height();
            fork(
                    network.client(0),
                    PARENT,
                    at,
                    FORK,
                    ",\"consensus\":{\"engine\":\"pow\",\"difficulty\":16},\"rules\":" + RULES);
            network.awaitHere(FORK);
            load.awaitMore(30);
            grow(network, FORK);
            load.awaitMore(30);
            Set<String> acknowledged = load.end();
            network.awaitQuiet(PARENT);
            assertThat(network.chain(1, PARENT).ids())
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(acknowledged);
            assertThat(network.chain(1, PARENT).height()).isGreaterThan(at);
            return at;
        }
    }

    private static void fork(Client client, String parent, long at, String name, String change) {
        Answer made = client.post(
                        "/v1/chains/" + parent + "/forks",
                        "{\"at\":" + at + ",\"name\":\"" + name + "\"" + change + "}")
                .expect(201);
        assertThat(made.json().at("/head/height").longValue()).isEqualTo(at + 1);
        assertThat(made.json().at("/fork/height").longValue()).isEqualTo(at);
    }

    /** Both nodes write to the chain until what they wrote is in it. */
    private static void grow(Network network, String name) {
        long before = network.chain(0, name).height();
        List<String> written = new ArrayList<>();
        for (ChainClient chain : network.chains(name)) {
            written.add(chain.injected("{\"n\":1}"));
            written.add(chain.injected("{\"n\":2}"));
        }
        network.awaitQuiet(name);
        assertThat(network.chain(1, name).height()).isGreaterThan(before);
        assertThat(network.chain(1, name).ids()).containsAll(written).doesNotHaveDuplicates();
    }

    private static void rules(Network network) {
        for (ChainClient fork : network.chains(FORK)) {
            Answer refused = fork.inject("{\"n\":\"one\"}").expect(422);
            assertThat(refused.json().get("code").textValue()).isEqualTo("rules_broken");
        }
        network.chain(1, PARENT).injected("{\"n\":\"one\"}");
        network.awaitQuiet(PARENT);
    }

    /** What two chains share is the same at both nodes, and both chains' trees grow out of the tree that they share. */
    private static void pasts(Network network, String parent, String fork, long at) {
        String shared = network.chain(0, parent + "@" + at).lines();
        assertThat(shared.lines()).hasSize((int) at + 1);
        for (int node = 0; node < 2; node++) {
            assertThat(network.chain(node, parent + "@" + at).lines()).isEqualTo(shared);
            assertThat(network.chain(node, fork + "@" + at).lines()).isEqualTo(shared);
            JsonNode diff = network.client(node)
                    .get("/v1/chains/" + parent + "/diff?with=" + fork)
                    .expect(200)
                    .json();
            assertThat(diff.at("/ancestor/height").longValue()).isEqualTo(at);
            assertThat(diff.at("/chain/quants")).isNotEmpty();
            assertThat(diff.at("/with/quants")).isNotEmpty();
            Hash point = tree(network.chain(node, parent), at);
            assertThat(tree(network.chain(node, fork), at)).isEqualTo(point);
            joined(network.chain(node, parent), at, network.chain(node, fork));
        }
    }

    /** Every root of the parent up to the fork is proven to have grown into the fork's root, and no later one. */
    private static void joined(ChainClient parent, long at, ChainClient fork) {
        List<Hash> leaves =
                fork.ids().stream().map(id -> Hash.parse(id).orElseThrow()).toList();
        Hash head = Frontier.EMPTY.append(leaves).root();
        int shared = 0;
        for (JsonNode quant : parent.quants()) {
            int size = quant.get("treeSize").intValue();
            shared = quant.get("height").longValue() == at ? size : shared;
            if (size > 0 && size <= leaves.size()) {
                Hash root = Hash.parse(quant.get("root").textValue()).orElseThrow();
                // A quant without transactions after the fork still has the shared tree.
                boolean joined = quant.get("height").longValue() <= at || size == shared;
                assertThat(Consistency.of(leaves, size).proves(root, head)).isEqualTo(joined);
            }
        }
    }

    /** Works every quant's root out from the leaves; the root at this height. */
    private static Hash tree(ChainClient chain, long at) {
        Frontier tree = Frontier.EMPTY;
        Hash point = tree.root();
        for (JsonNode quant : chain.quants()) {
            List<Hash> leaves = new ArrayList<>();
            quant.get("transactions")
                    .forEach(transaction -> leaves.add(
                            Hash.parse(transaction.get("id").textValue()).orElseThrow()));
            tree = tree.append(leaves);
            assertThat(tree.size()).isEqualTo(quant.get("treeSize").longValue());
            assertThat(tree.root().hex()).isEqualTo(quant.get("root").textValue());
            if (quant.get("height").longValue() == at) {
                point = tree.root();
            }
        }
        return point;
    }

    /** A signature is good for the chain that it was made for and no other. */
    private static void signatures(Network network, String one, String other) {
        foreign(network.chain(0, one), network.chain(1, other));
        foreign(network.chain(1, other), network.chain(0, one));
    }

    private static void foreign(ChainClient signedFor, ChainClient other) {
        Hash id = Hash.parse(signedFor.state().get("id").textValue()).orElseThrow();
        int schema = signedFor.state().at("/spec/rules/version").asInt(0);
        Transaction signed = signed(id, schema, "key beside " + other.name());
        String form = Forms.transaction(signed, 0).replace("\"index\":0,", "");
        String bare = form.replace("\"id\":\"" + signed.id() + "\",", "");
        assertThat(code(other, form)).isEqualTo("transaction_id");
        assertThat(code(other, bare)).isEqualTo("signature_invalid");
        signedFor.client().post(signedFor.path() + "/transactions", bare).expect(202);
        assertThat(other.client()
                        .get(other.path() + "/transactions/" + signed.id())
                        .status())
                .isEqualTo(404);
    }

    private static String code(ChainClient chain, String form) {
        Answer answer = chain.client().post(chain.path() + "/transactions", form);
        assertThat(answer.status()).as("%s", answer).isBetween(400, 499);
        return answer.json().get("code").textValue();
    }

    private static Transaction signed(Hash chain, int schema, String key) {
        Bytes payload = Bytes.utf8("{\"n\":3}");
        Bytes salt = Bytes.wrap(Samples.seed("salt")).slice(0, Transaction.SALT_BYTES);
        Body body = new Body(
                Canonical.VERSION,
                chain,
                System.currentTimeMillis(),
                Bytes.utf8(key),
                Samples.SIGNER.key(),
                Bytes.EMPTY,
                schema,
                Canonical.commitment(salt, payload),
                payload.size());
        Transaction unsigned = Transaction.of(body, salt, Bytes.EMPTY, payload);
        return Transaction.of(body, salt, Samples.SIGNER.sign(Canonical.transactionSigned(unsigned.id())), payload);
    }

    /** The second node gives the parent up: the forks keep all that they need of it, over a restart too. */
    private static void delete(Network network, long at) {
        String past = network.chain(0, PARENT + "@" + at).lines();
        Client client = network.client(1);
        client.send(client.request("DELETE", "/v1/chains/" + PARENT + "?confirm=" + PARENT, BodyPublishers.noBody()))
                .expect(200);
        grow(network, FORK);
        assertThat(network.node(1).terminate()).isZero();
        network.node(1).restart();
        for (String name : List.of(FORK, SECOND)) {
            grow(network, name);
            assertThat(network.chain(1, name + "@" + at).lines()).isEqualTo(past);
            assertThat(network.chain(1, name).lines())
                    .isEqualTo(network.chain(0, name).lines());
        }
        assertThat(network.chain(1, PARENT).isHere()).isFalse();
        assertThat(network.chain(0, PARENT).isHere()).isTrue();
    }
}
