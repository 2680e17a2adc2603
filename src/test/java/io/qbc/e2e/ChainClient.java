package io.qbc.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A client of one chain at one node; the name may be that of a chain at a height where only reading is meant. */
record ChainClient(Client client, String name) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String path() {
        return "/v1/chains/" + name;
    }

    Answer inject(String json, String... headers) {
        return client.post(path() + "/transactions", "{\"data\":" + json + "}", headers);
    }

    /** The id of what was injected and is durable. */
    String injected(String json) {
        return inject(json).expect(202).json().get("id").textValue();
    }

    Answer leap() {
        return client.post(path() + "/leaps", "");
    }

    JsonNode state() {
        return client.get(path()).expect(200).json();
    }

    boolean isHere() {
        return client.get(path()).status() == 200;
    }

    String headHash() {
        return state().at("/head/hash").textValue();
    }

    long height() {
        return state().at("/head/height").longValue();
    }

    long waiting() {
        return state().at("/pool/transactions").longValue();
    }

    JsonNode consensus() {
        return client.get(path() + "/consensus").expect(200).json();
    }

    long finality() {
        return consensus().get("finality").longValue();
    }

    /** All quants as the node writes them, one a line. */
    String lines() {
        return client.get(path() + "/quants", "Accept", "application/x-ndjson")
                .expect(200)
                .text();
    }

    /** Every quant, one after the other, as the node streams them. */
    void quants(Consumer<JsonNode> each) {
        var stream = client.stream(path() + "/quants", "Accept", "application/x-ndjson");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                each.accept(JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<JsonNode> quants() {
        List<JsonNode> quants = new ArrayList<>();
        quants(quants::add);
        return quants;
    }

    /** The ids of all transactions in the chain, in order, without the engine's own orders. */
    List<String> ids() {
        List<String> ids = new ArrayList<>();
        quants(quant -> quant.get("transactions").forEach(transaction -> {
            if (!transaction.get("type").textValue().startsWith("qbc.")) {
                ids.add(transaction.get("id").textValue());
            }
        }));
        return ids;
    }
}
