package io.qbc.cli.remote;

import io.qbc.cli.call.Call;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.inject.DataSource;
import io.qbc.config.ConfigException;
import io.qbc.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What a subscription is to do, by flags or from a file. */
final class SubscriptionWish {
    private static final String FILE = "--file";
    private static final String FROM = "--from";
    private static final String AT = "--at";
    private static final String TYPE = "--type";
    private static final String AUTHOR = "--author";
    private static final String KEY_PREFIX = "--key-prefix";
    private static final String POINTER = "--pointer";
    private static final String EQUAL = "--equal";
    private static final String KIND = "--kind";
    private static final String WEBHOOK = "--webhook";
    private static final String ADDRESS = "--address";
    private static final String KEY_BY = "--key-by";
    private static final String DATA = "--data";
    private static final List<String> FLAGS =
            List.of(FROM, AT, TYPE, AUTHOR, KEY_PREFIX, POINTER, EQUAL, KIND, WEBHOOK, ADDRESS, KEY_BY, DATA);

    private SubscriptionWish() {}

    static CommandSpec spec(RemoteContext context) {
        return SubscriptionCommand.named(
                        context,
                        "Makes a subscription, or has it do something else from the same place.",
                        "subscription add shop --type order.* --from newest",
                        "subscription add hook --webhook https://shop.example/hook --data",
                        "subscription add audit --file audit.json --chain orders")
                .addOption(RemoteCommand.option(
                        FILE, "FILE", "All of it as a JSON document, without further flags; - reads it from here."))
                .addOption(RemoteCommand.option(
                        FROM, "PLACE", "Where a new one begins: oldest, newest or a leaf index; default oldest."))
                .addOption(RemoteCommand.option(
                        AT, "WHEN", "final or head: what can no longer revert, or all; default final."))
                .addOption(TableCommands.many(
                        TYPE, "PATTERN", "Transactions of this type alone; * is any characters; may be repeated."))
                .addOption(TableCommands.many(AUTHOR, "HEX", "Transactions of this author alone; may be repeated."))
                .addOption(
                        RemoteCommand.option(KEY_PREFIX, "TEXT", "Transactions whose idempotency key begins so alone."))
                .addOption(RemoteCommand.option(
                        POINTER, "POINTER", "Transactions alone whose data has something at this JSON pointer."))
                .addOption(RemoteCommand.option(
                        EQUAL, "VALUE", "With " + POINTER + ": what must be there, JSON or else a text."))
                .addOption(RemoteCommand.option(
                        KIND, "KIND", "How it delivers: pull, stream, bus or webhook; default pull."))
                .addOption(RemoteCommand.option(WEBHOOK, "URL", "Where a webhook delivers to."))
                .addOption(RemoteCommand.option(ADDRESS, "ADDRESS", "Where the event bus delivers to."))
                .addOption(RemoteCommand.option(
                        KEY_BY, "KEY", "Consumers share it, each key in order: key, author, type, or a JSON pointer."))
                .addOption(RemoteCommand.flag(DATA, "Events have the transaction's data."));
    }

    /** The document that the node takes; it checks what is in it. */
    static String document(Call call) {
        if (call.flag(FILE)) {
            if (FLAGS.stream().anyMatch(call::flag)) {
                throw new ConfigException(FILE + " has all of it; leave the other flags out");
            }
            String file = call.option(FILE).orElseThrow();
            return DataSource.text(
                    file.equals("-") ? file : "@" + file, call.context().in());
        }
        Map<String, Object> wish = new LinkedHashMap<>();
        call.option(FROM).ifPresent(from -> wish.put("from", TableCommands.json(from)));
        call.option(AT).ifPresent(at -> wish.put("at", at));
        Map<String, Object> filter = filter(call);
        if (!filter.isEmpty()) {
            wish.put("filter", filter);
        }
        wish.put("deliver", deliver(call));
        call.option(KEY_BY).ifPresent(key -> {
            wish.put("order", "key");
            wish.put("keyBy", key);
        });
        if (call.flag(DATA)) {
            wish.put("data", true);
        }
        return JsonTree.write(wish);
    }

    private static Map<String, Object> filter(Call call) {
        Map<String, Object> filter = new LinkedHashMap<>();
        if (call.flag(TYPE)) {
            filter.put("types", TableCommands.values(call, TYPE));
        }
        if (call.flag(AUTHOR)) {
            filter.put("authors", TableCommands.values(call, AUTHOR));
        }
        call.option(KEY_PREFIX).ifPresent(prefix -> filter.put("keyPrefix", prefix));
        call.option(POINTER).ifPresent(pointer -> filter.put("pointer", pointer));
        call.option(EQUAL).ifPresent(value -> filter.put("equal", TableCommands.json(value)));
        return filter;
    }

    private static Map<String, Object> deliver(Call call) {
        RemoteCommand.oneOf(call, WEBHOOK, ADDRESS);
        Map<String, Object> deliver = new LinkedHashMap<>();
        String kind = call.flag(WEBHOOK) ? "webhook" : call.flag(ADDRESS) ? "bus" : "pull";
        deliver.put("kind", call.option(KIND).orElse(kind));
        call.option(WEBHOOK).ifPresent(url -> deliver.put("url", url));
        call.option(ADDRESS).ifPresent(address -> deliver.put("address", address));
        return deliver;
    }
}
