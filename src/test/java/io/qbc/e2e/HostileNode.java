package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A node in which hostile texts stand wherever somebody may write any, and a receiver that answers with one. */
final class HostileNode implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CREATED = HttpURLConnection.HTTP_CREATED;
    /** What stands where a status belongs. */
    private static final String ANSWER = HostileTexts.CLOSING + " 200 " + HostileTexts.MARKUP + "\r\n\r\n";

    private final NodeProcess node;
    private final ServerSocket receiver;
    private final List<String> transactions = new ArrayList<>();

    private HostileNode(NodeProcess node, ServerSocket receiver) {
        this.node = node;
        this.receiver = receiver;
    }

    static HostileNode start(Plan plan) throws IOException {
        ServerSocket receiver = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        NodeProcess node =
                NodeProcess.start(plan.environment("QBC_LEAP_AGE", "0s").environment("QBC_ACCESS_AUDIT", "true"));
        HostileNode hostile = new HostileNode(node, receiver);
        Thread answers = new Thread(hostile::answer, "hostile receiver");
        answers.setDaemon(true);
        answers.start();
        hostile.fill();
        return hostile;
    }

    String url() {
        return node.url();
    }

    /** The ids of all transactions of the chain {@code main}. */
    List<String> transactions() {
        return transactions;
    }

    /** Part of an address. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void answer() {
        while (!receiver.isClosed()) {
            try (Socket caller = receiver.accept()) {
                int unused = caller.getInputStream().read();
                caller.getOutputStream().write(ANSWER.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // Whoever left before he was answered is answered the next time.
            }
        }
    }

    private JsonNode send(String method, String path, String json, int expected) {
        return node.client()
                .send(node.client()
                        .request(method, path, BodyPublishers.ofString(json), "Content-Type", "application/json"))
                .expect(expected)
                .json();
    }

    private void inject(String type, String key, String payload) {
        ObjectNode form = JSON.createObjectNode().put("type", type);
        if (!key.isEmpty()) {
            form.put("key", key);
        }
        String json = form.toString();
        String body = json.substring(0, json.length() - 1) + ",\"data\":" + payload + "}";
        transactions.add(send("POST", "/v1/chains/main/transactions", body, 202)
                .get("id")
                .asText());
    }

    private static String text(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill() {
        for (String each : HostileTexts.ALL) {
            inject(each, each, "{\"note\":" + text(each) + "," + text(each) + ":[" + text(each) + "]}");
        }
        HostileTexts.payloads().forEach(payload -> inject("plain", "", payload));
        node.client().leap();
        makeChain();
        follow();
        project();
        send("POST", "/v1/peers/bans", "{\"peer\":\"203.0.113.7\",\"reason\":" + text(HostileTexts.MARKUP) + "}", 201);
        send("POST", "/v1/peers/bans", "{\"peer\":\"203.0.113.8\",\"reason\":" + text(HostileTexts.TURNING) + "}", 201);
    }

    /** A chain whose description and rules are hostile. */
    private void makeChain() {
        ObjectNode order = JSON.createObjectNode().put("type", "object");
        order.put("title", HostileTexts.MARKUP).put("description", HostileTexts.CLOSING);
        ObjectNode properties = order.putObject("properties");
        for (String each : HostileTexts.ALL) {
            ObjectNode member = properties.putObject(each).put("type", "string");
            member.put("title", each).put("description", each).put("default", each);
            member.putArray("examples").add(each);
        }
        properties.putObject("chosen").putArray("enum").add(HostileTexts.MARKUP).add(HostileTexts.TURNING);
        ObjectNode spec = JSON.createObjectNode().put("name", "ruled");
        spec.put("description", String.join(" ", HostileTexts.ALL));
        spec.putObject("consensus").put("engine", "dbc");
        ObjectNode types = spec.putObject("rules").putObject("types");
        types.set("order", order);
        types.set(HostileTexts.MARKUP, order.deepCopy());
        send("POST", "/v1/chains", spec.toString(), CREATED);
        ObjectNode fork = JSON.createObjectNode().put("name", "forked").put("at", 1);
        send("POST", "/v1/chains/main/forks", fork.toString(), CREATED);
    }

    private void follow() {
        String url = "http://127.0.0.1:" + receiver.getLocalPort() + "/" + encoded(HostileTexts.MARKUP)
                + "?a='b'&c=javascript:1";
        ObjectNode filtered = JSON.createObjectNode();
        ObjectNode filter = filtered.putObject("filter");
        filter.putArray("types").add(HostileTexts.MARKUP).add(HostileTexts.TURNING);
        filter.put("keyPrefix", HostileTexts.CLOSING).put("pointer", "/" + HostileTexts.MARKUP);
        filter.put("equal", HostileTexts.TURNING);
        String path = "/v1/chains/main/subscriptions/";
        send("PUT", path + "filtered", filtered.toString(), CREATED);
        String hook = "{\"at\":\"head\",\"deliver\":{\"kind\":\"webhook\",\"url\":" + text(url)
                + ",\"retry\":[\"PT0.01S\"],\"onFailure\":FAILURE}}";
        send("PUT", path + "hook", hook.replace("FAILURE", "\"stop\""), CREATED);
        send("PUT", path + "dead", hook.replace("FAILURE", "\"dead\""), CREATED);
        send("PUT", path + "taken", "{\"at\":\"head\"}", CREATED);
        take();
        Await.until(
                "nothing can be delivered",
                () -> send("GET", path + "dead", "", 200).get("dead").asInt() == transactions.size());
        assertThat(send("GET", path + "dead/dead", "", 200).at("/dead/0/error").asText())
                .isNotEmpty();
    }

    /** A consumer of a hostile name has the lease of a subscription for a while. */
    void take() {
        String wish = "{\"max\":1,\"consumer\":" + text(HostileTexts.MARKUP) + "}";
        send("POST", "/v1/chains/main/subscriptions/taken/fetch", wish, 200);
    }

    private void project() {
        String pointer = text("/" + HostileTexts.MARKUP.replace("~", "~0").replace("/", "~1"));
        String odd = "\"odd\":{\"pointer\":" + pointer + ",\"type\":\"bigint\",\"required\":true}";
        String latest = ",{\"table\":\"newest\",\"mode\":\"latest\",\"key\":[\"/note\"],"
                + "\"columns\":{\"whole\":{\"pointer\":\"/note\",\"type\":\"text\"}}}";
        String note = "\"note\":{\"pointer\":\"/note\",\"type\":\"text\"}";
        projection("notes", "\"onError\":\"dead\",", note, latest);
        projection("aside", "\"onError\":\"dead\",", odd, "");
        projection("odd", "", odd, "");
        Await.until(
                "the notes are in tables",
                () -> send("GET", "/v1/projections/notes", "", 200).get("leaf").asInt() == transactions.size());
        Await.until(
                "one is stopped",
                () -> send("GET", "/v1/projections/odd", "", 200)
                        .get("state")
                        .asText()
                        .equals("stopped"));
        Await.until(
                "much is put aside",
                () -> send("GET", "/v1/projections/aside", "", 200).get("dead").asInt() > 0);
    }

    private void projection(String name, String how, String columns, String more) {
        send(
                "PUT",
                "/v1/projections/" + name,
                "{\"chain\":\"main\",\"from\":\"head\"," + how
                        + "\"tables\":[{\"table\":\"note\",\"mode\":\"append\",\"columns\":{" + columns
                        + "}}" + more + "]}",
                CREATED);
    }

    /** Pages on which nothing fails. */
    List<String> pages() {
        List<String> pages = new ArrayList<>(List.of(
                "/",
                "/chains",
                "/chains/main",
                "/chains/main?tab=consensus",
                "/chains/main?tab=spec",
                "/chains/main?tab=forks&with=forked",
                "/chains/main?tab=manage",
                "/chains/main/quants/1",
                "/chains/ruled",
                "/chains/ruled?tab=spec",
                "/chains/ruled?tab=forks",
                "/inject?chain=main",
                "/inject?chain=ruled",
                "/new",
                "/search",
                "/search?q=main",
                "/peers",
                "/access",
                "/analytics?chain=main&by=type",
                "/analytics?chain=main&by=type&lines=1",
                "/projections",
                "/projections/aside",
                "/projections/odd",
                "/projections/notes?table=note",
                "/projections/notes?table=newest",
                "/projections/notes?table=qbc_transaction",
                "/subscriptions/main",
                "/subscriptions/main/filtered",
                "/subscriptions/main/hook",
                "/subscriptions/main/dead",
                "/subscriptions/main/taken"));
        transactions.forEach(id -> pages.add("/chains/main/transactions/" + id));
        for (String each : HostileTexts.ALL) {
            String text = encoded(each);
            pages.add("/search?q=" + text);
            pages.add("/?stage=" + text);
            pages.add("/inject?chain=" + text);
            pages.add("/access?name=" + text + "&operation=" + text);
            pages.add("/projections/notes?table=note&column=note&equal=" + text);
            pages.add("/projections/notes?table=newest&row=" + text);
            String column = each.replace("\"", "\"\"");
            pages.add("/projections/notes?sql=" + encoded("select note as \"" + column + "\" from note"));
        }
        return pages;
    }

    /** Pages that rightly say that there is no such thing. */
    List<String> failing() {
        return Stream.of(
                        HostileTexts.MARKUP,
                        HostileTexts.CLOSING,
                        HostileTexts.ATTRIBUTE,
                        HostileTexts.TURNING,
                        HostileTexts.WIDE)
                .map(HostileNode::encoded)
                .flatMap(text -> Stream.of(
                        "/" + text,
                        "/chains/" + text,
                        "/chains/main?to=" + text,
                        "/chains/main?tab=forks&with=" + text,
                        "/chains/main/quants/" + text,
                        "/chains/main/transactions/" + text,
                        "/analytics?chain=" + text,
                        "/analytics?chain=main&by=" + text + "&range=" + text,
                        "/analytics?chain=main&from=" + text + "&to=" + text,
                        "/projections/" + text,
                        "/projections/notes?table=" + text,
                        "/projections/notes?table=note&column=" + text + "&equal=1",
                        "/projections/notes?sql=" + text,
                        "/subscriptions/" + text,
                        "/subscriptions/main/" + text,
                        "/access?after=" + text))
                .toList();
    }

    @Override
    public void close() {
        node.close();
        try {
            receiver.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
