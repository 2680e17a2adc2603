package io.qbc.front;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a roster said a moment ago, so that the cluster is not asked for each request. A node that left meanwhile still
 * serves, or takes no connection and is passed over. That there is none is not kept.
 */
final class RecentRoster implements NodeRoster {
    private static final long FRESH_NANOS = 250_000_000L;
    private static final int CHAINS_MAX = 1_000;
    /** No chain has this name. */
    private static final String ALL = "";

    private final NodeRoster roster;
    private final Context context;
    private final Map<String, Known> known = new LinkedHashMap<>();

    private record Known(Future<List<ServingNode>> targets, long until) {
        boolean isFresh() {
            return until - System.nanoTime() > 0 && !targets.failed();
        }
    }

    /** @param context in which it is asked, and answers */
    RecentRoster(NodeRoster roster, Context context) {
        this.roster = roster;
        this.context = context;
    }

    @Override
    public Future<List<ServingNode>> all() {
        return recent(ALL, roster::all);
    }

    @Override
    public Future<List<ServingNode>> keeping(String chain) {
        return recent(chain, () -> roster.keeping(chain));
    }

    private Future<List<ServingNode>> recent(String key, Supplier<Future<List<ServingNode>>> question) {
        Known before = known.get(key);
        if (before != null && before.isFresh()) {
            return before.targets();
        }
        Promise<List<ServingNode>> answer = Promise.promise();
        known.remove(key);
        if (known.size() >= CHAINS_MAX) {
            known.remove(known.keySet().iterator().next());
        }
        Known asked = new Known(answer.future(), System.nanoTime() + FRESH_NANOS);
        known.put(key, asked);
        // The cluster answers in threads of its own.
        question.get()
                .onComplete(found -> context.runOnContext(turn -> {
                    if (found.failed() || found.result().isEmpty()) {
                        known.remove(key, asked);
                    }
                    answer.handle(found);
                }));
        return answer.future();
    }
}
