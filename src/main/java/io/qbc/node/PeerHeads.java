package io.qbc.node;

import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The heights of a node's chains, as its API lists them. */
final class PeerHeads {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final JsonLimits LIMITS = new JsonLimits(64 << 20, 40);

    private PeerHeads() {}

    static Map<Hash, Long> of(String base) throws IOException {
        String list = base.replaceAll("/$", "") + "/v1/chains";
        Map<Hash, Long> heads = new LinkedHashMap<>();
        Optional<String> next = Optional.of(list);
        while (next.isPresent()) {
            Map<?, ?> page = ask(URI.create(next.get()));
            try {
                for (Object each : (List<?>) page.get("chains")) {
                    Map<?, ?> chain = (Map<?, ?>) each;
                    Map<?, ?> head = (Map<?, ?>) chain.get("head");
                    heads.put(Hash.parse((String) chain.get("id")).orElseThrow(), (Long) head.get("height"));
                }
            } catch (RuntimeException e) {
                throw new IOException(base + " does not answer as a node does", e);
            }
            next = page.get("next") instanceof String after ? Optional.of(list + "?after=" + after) : Optional.empty();
        }
        return heads;
    }

    private static Map<?, ?> ask(URI address) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        int status;
        try {
            status = connection.getResponseCode();
        } catch (IOException e) {
            throw new IOException(address + " does not answer: " + e.getMessage(), e);
        }
        if (status != HttpURLConnection.HTTP_OK) {
            throw new IOException(address + " answers " + status);
        }
        try (InputStream in = connection.getInputStream()) {
            Bytes text = Bytes.wrap(in.readAllBytes());
            if (StrictJson.check(text, LIMITS).isEmpty() && JsonTree.read(text) instanceof Map<?, ?> members) {
                return members;
            }
            throw new IOException(address + " answers without a JSON object");
        }
    }
}
