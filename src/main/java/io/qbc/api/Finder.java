package io.qbc.api;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindTransactions;
import io.qbc.bus.Catalogue.FoundTransactions;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A batcher of look-ups: asks the store for the transactions of one event loop turn and one chain together. */
public final class Finder {
    /** So that a long group does not keep its first from being answered, and several readers share the work. */
    private static final int TOGETHER_MAX = 64;

    private final Bus bus;
    private final Context context;
    private final Map<Hash, Group> groups = new LinkedHashMap<>();

    private record Group(List<Hash> ids, List<Promise<Located>> promises) {
        Group() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    /** A finder for the callers of one event loop. */
    public Finder(Bus bus, Context context) {
        this.bus = bus;
        this.context = context;
    }

    /** Where one transaction is. */
    public Future<Located> find(Hash chain, Hash id) {
        if (groups.isEmpty()) {
            context.runOnContext(turn -> flush());
        }
        Group group = groups.computeIfAbsent(chain, unused -> new Group());
        Promise<Located> promise = Promise.promise();
        group.ids().add(id);
        group.promises().add(promise);
        if (group.ids().size() == TOGETHER_MAX) {
            // An empty one stays, as a sign that the flush is on its way.
            groups.put(chain, new Group());
            ask(chain, group);
        }
        return promise.future();
    }

    private void flush() {
        Map<Hash, Group> now = Map.copyOf(groups);
        groups.clear();
        now.forEach((chain, group) -> {
            if (!group.ids().isEmpty()) {
                ask(chain, group);
            }
        });
    }

    private void ask(Hash chain, Group group) {
        bus.ask(Catalogue.FIND_TRANSACTIONS, new FindTransactions(chain, group.ids()))
                .onSuccess(found -> complete(group, found))
                .onFailure(cause -> fail(chain, group, cause));
    }

    private static void complete(Group group, FoundTransactions found) {
        for (int i = 0; i < group.promises().size(); i++) {
            group.promises().get(i).complete(found.places().get(i));
        }
    }

    /** A damaged transaction is no reason to refuse those that were asked for with it. */
    private void fail(Hash chain, Group group, Throwable cause) {
        int size = group.ids().size();
        if (size == 1 || Failure.of(cause).reason() != Reason.CORRUPT) {
            group.promises().forEach(promise -> promise.fail(cause));
            return;
        }
        for (int i = 0; i < size; i++) {
            ask(
                    chain,
                    new Group(
                            List.of(group.ids().get(i)),
                            List.of(group.promises().get(i))));
        }
    }
}
