import generated.client.ApiClient;
import generated.client.ApiException;
import generated.client.api.ChainsApi;
import generated.client.api.NodeApi;
import generated.client.api.QuantsApi;
import generated.client.api.TransactionsApi;
import generated.client.model.FoundTransaction;
import generated.client.model.Inject;
import generated.client.model.Injected;
import generated.client.model.Leaped;
import generated.client.model.Quant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What a user of the generated client does first: inject, leap, read. Compiled by the test together with it. */
public final class Tour implements Function<String, Map<String, Object>> {
    @Override
    public Map<String, Object> apply(String url) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(url);
        try {
            return tour(client);
        } catch (ApiException e) {
            throw new IllegalStateException(e.getCode() + " " + e.getResponseBody(), e);
        }
    }

    private static Map<String, Object> tour(ApiClient client) throws ApiException {
        TransactionsApi transactions = new TransactionsApi(client);
        QuantsApi quants = new QuantsApi(client);
        Map<String, Object> seen = new LinkedHashMap<>();
        Inject order = new Inject().data(Map.of("order", 4711));
        Injected injected = transactions.inject("main", order, "order-4711", null);
        seen.put("injected", injected.getState().getValue());
        Leaped leaped = quants.leap("main");
        seen.put("leaped", leaped.getHeight());
        FoundTransaction found = transactions.findTransaction("main", injected.getId(), "5s");
        seen.put("found", found.getState().getValue());
        seen.put("data", found.getData());
        seen.put("timestamp", found.getTimestamp());
        Injected again = transactions.inject("main", order, "order-4711", null);
        seen.put("again", again.getId().equals(injected.getId()) ? again.getState().getValue() : again.getId());
        Quant head = quants.findQuant("main", "head", leaped.getHeight(), "5s", null);
        seen.put("head", head.getHash().equals(leaped.getHash()));
        seen.put("quants", quants.listQuants("main", 0L, 10L).getQuants().size());
        seen.put("chains", new ChainsApi(client).listChains(null, null).getChains().size());
        seen.put("writable", new NodeApi(client).showNode().getStore().getWritable());
        try {
            transactions.findTransaction("main", "00", null);
        } catch (ApiException e) {
            seen.put("unknown", e.getCode());
        }
        return seen;
    }
}
