package io.qbc.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What tests ask of whole chains. */
final class Chains {
    private Chains() {}

    /** Every quant of the chain {@code main}, one after the other, as the node streams them. */
    static void quants(Client client, Consumer<JsonNode> each) {
        new ChainClient(client, "main").quants(each);
    }

    /** The payloads of all transactions in the chain, as JSON text, in order. */
    static List<String> payloads(Client client) {
        List<String> payloads = new ArrayList<>();
        quants(
                client,
                quant -> quant.get("transactions")
                        .forEach(transaction ->
                                payloads.add(transaction.get("data").toString())));
        return payloads;
    }

    /** The ids of all transactions in the chain, in order. */
    static List<String> ids(Client client) {
        return new ChainClient(client, "main").ids();
    }

    /** Transactions that wait at the node. */
    static long waiting(Client client) {
        return client.chain().at("/pool/transactions").longValue();
    }

    /** A spec file for the chain {@code main} under a proof of work of about 16 hashes. */
    static Path quick(Path home) {
        return spec(home, "{\"engine\":\"pow\",\"difficulty\":16}", "{}");
    }

    /** A spec file for the chain {@code main}. */
    static Path spec(Path home, String consensus, String limits) {
        try {
            Path file = Files.createDirectories(home).resolve("chain.json");
            Files.writeString(file, """
                    {"name":"main","genesisTime":"2026-11-22T00:00:00Z","consensus":%s,"limits":%s}
                    """.formatted(consensus, limits));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code qbc verify} on a stopped node's directory and expects it to find all sound. */
    static void verifySound(Plan plan) {
        verifySound(plan, 1);
    }

    /** The same for a directory with so many chains. */
    static void verifySound(Plan plan, int chains) {
        Jar.Finished verify = Jar.run(plan, "verify", "--data", plan.data().toString());
        if (verify.code() != 0 || !verify.output().contains("sound: " + chains + " chains")) {
            throw new AssertionError("verify ended with " + verify.code() + "\n" + verify.output());
        }
    }
}
