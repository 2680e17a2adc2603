package io.qbc.e2e;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;

/** A node with a little of everything, so that no page of its console is empty. */
final class ConsoleSample {
    private static final String[] JSON = {"Content-Type", "application/json"};
    private static final int TRANSACTIONS = 12;

    private ConsoleSample() {}

    /** Fills a running node; the addresses of its pages, of which the last shows a transaction. */
    static List<String> fill(NodeProcess node) {
        Client client = node.client();
        String id = "";
        for (int i = 0; i < TRANSACTIONS; i++) {
            String body = "{\"type\":\"order\",\"data\":{\"n\":" + i + ",\"lines\":[{\"sku\":\"A\"}]}}";
            id = client.post("/v1/chains/main/transactions", body)
                    .expect(202)
                    .json()
                    .get("id")
                    .asText();
        }
        client.leap().expect(201);
        put(client, "/v1/chains/main/subscriptions/audit", "{}");
        put(
                client,
                "/v1/projections/numbers",
                "{\"chain\":\"main\",\"from\":\"head\",\"tables\":[{\"table\":\"number\",\"mode\":\"append\","
                        + "\"columns\":{\"n\":{\"pointer\":\"/n\",\"type\":\"bigint\"}}}]}");
        Await.until(
                "the table has all rows",
                () -> client.get("/v1/projections/numbers")
                                .json()
                                .at("/rows/number")
                                .asInt()
                        == TRANSACTIONS);
        return List.of(
                "/",
                "/?stage=api",
                "/chains",
                "/chains/main",
                "/chains/main?tab=consensus",
                "/chains/main?tab=spec",
                "/chains/main?tab=forks",
                "/chains/main?tab=manage",
                "/chains/main/quants/1",
                "/search?q=order",
                "/inject?chain=main",
                "/analytics?chain=main&range=1h",
                "/new",
                "/peers",
                "/projections",
                "/projections/numbers?table=number",
                "/subscriptions/main",
                "/subscriptions/main/audit",
                "/access",
                "/chains/main/transactions/" + id);
    }

    private static void put(Client client, String path, String json) {
        client.send(client.request("PUT", path, BodyPublishers.ofString(json), JSON))
                .expect(201);
    }
}
