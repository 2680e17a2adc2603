package io.qbc.node;

import io.qbc.cli.AskedNode;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.CallFailure;
import io.qbc.cli.call.NodeClient;
import io.qbc.model.Hash;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** The heights of a node's chains, as its API lists them. */
final class PeerHeads {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String LIST = "/v1/chains";

    private PeerHeads() {}

    /** Asks the node; fails with words if it does not tell. */
    static Map<Hash, Long> of(AskedNode peer) throws IOException {
        NodeClient client = new NodeClient(peer, TIMEOUT);
        Map<Hash, Long> heads = new LinkedHashMap<>();
        String after = "";
        try {
            do {
                AnswerTree page = client.get(LIST + after).granted().tree();
                for (Object chain : (List<?>) page.member("chains").value()) {
                    AnswerTree members = new AnswerTree(chain);
                    heads.put(Hash.parse(members.text("id")).orElseThrow(), (Long)
                            members.member("head").member("height").value());
                }
                String next = page.text("next");
                after = next.isEmpty() ? "" : "?after=" + NodeClient.segment(next);
            } while (!after.isEmpty());
            return heads;
        } catch (CallFailure e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        } catch (ClassCastException | NoSuchElementException e) {
            throw new IOException(peer.url() + " does not answer as a node does", e);
        }
    }
}
