package io.qbc.subscription;

import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import io.qbc.subscription.Subscription.Deliver;
import io.qbc.subscription.Subscription.DeliverKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Writes what a subscription is to do as JSON, with every default. */
public final class SubscriptionWriter {
    /** What stands in place of a value that is not shown; no value can be this one. */
    static final String HIDDEN = "***";

    private SubscriptionWriter() {}

    /** The document that {@link SubscriptionReader} reads as the same subscription. */
    public static Bytes write(Subscription subscription) {
        return Bytes.utf8(JsonTree.write(tree(subscription)));
    }

    /**
     * The same for people to see: values of header fields and of the query of a URL, which may be credentials, are
     * hidden.
     */
    static Bytes shown(Subscription subscription) {
        return Bytes.utf8(JsonTree.write(tree(subscription, true)));
    }

    static Map<String, Object> tree(Subscription subscription) {
        return tree(subscription, false);
    }

    private static Map<String, Object> tree(Subscription subscription, boolean hidden) {
        Map<String, Object> out = new LinkedHashMap<>();
        OptionalLong leaf = subscription.from().leaf();
        out.put(
                "from",
                leaf.isPresent()
                        ? (Object) leaf.getAsLong()
                        : word(subscription.from().kind()));
        out.put("at", subscription.extent().head() ? "head" : "final");
        subscription.extent().depth().ifPresent(depth -> out.put("depth", (long) depth));
        out.put("filter", filter(subscription.filter()));
        out.put("deliver", deliver(subscription.deliver(), subscription.keyBy().isPresent(), hidden));
        out.put("order", subscription.keyBy().isPresent() ? "key" : "chain");
        subscription.keyBy().ifPresent(key -> out.put("keyBy", key.pointer().orElse(word(key.kind()))));
        out.put("ahead", (long) subscription.ahead());
        out.put("data", subscription.data());
        return out;
    }

    private static Map<String, Object> filter(Filter filter) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (!filter.types().isEmpty()) {
            out.put("types", filter.types());
        }
        if (!filter.authors().isEmpty()) {
            out.put("authors", filter.authors().stream().map(Bytes::hex).toList());
        }
        filter.keyPrefix().ifPresent(prefix -> out.put("keyPrefix", prefix));
        filter.at().ifPresent(at -> {
            out.put("pointer", at.pointer());
            at.equal().ifPresent(equal -> out.put("equal", equal));
        });
        return out;
    }

    private static Map<String, Object> deliver(Deliver deliver, boolean keyed, boolean hidden) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("kind", word(deliver.kind()));
        deliver.url().ifPresent(url -> out.put("url", hidden ? hidden(url) : url));
        deliver.address().ifPresent(address -> out.put("address", address));
        if (!deliver.headers().isEmpty()) {
            Map<String, Object> headers = new LinkedHashMap<>();
            deliver.headers().forEach((name, value) -> headers.put(name, hidden ? HIDDEN : value));
            out.put("headers", headers);
        }
        if (deliver.kind() == DeliverKind.WEBHOOK || deliver.kind() == DeliverKind.BUS) {
            out.put("timeout", deliver.timeout().toString());
            out.put("retry", texts(deliver.retry()));
            out.put("onFailure", word(deliver.onFailure()));
            out.put("batch", (long) deliver.batch());
            if (keyed) {
                out.put("parallel", (long) deliver.parallel());
            }
        }
        return out;
    }

    /** A URL without the values in its query. */
    static String hidden(String url) {
        int query = url.indexOf('?');
        return query < 0
                ? url
                : url.substring(0, query + 1)
                        + Arrays.stream(url.substring(query + 1).split("&", -1))
                                .map(part -> part.isEmpty() ? "" : part.substring(0, part.indexOf('=') + 1) + HIDDEN)
                                .collect(Collectors.joining("&"));
    }

    /** Whether a value of a URL's query is what is shown of a hidden one. */
    static boolean isHidden(String url) {
        int query = url.indexOf('?');
        return query >= 0
                && Arrays.stream(url.substring(query + 1).split("&", -1))
                        .anyMatch(part -> part.substring(part.indexOf('=') + 1).equals(HIDDEN));
    }

    private static List<String> texts(List<Duration> durations) {
        return durations.stream().map(Duration::toString).toList();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
