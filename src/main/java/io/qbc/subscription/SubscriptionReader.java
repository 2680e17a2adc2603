package io.qbc.subscription;

import io.qbc.config.Span;
import io.qbc.follow.Extent;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.subscription.Subscription.Deliver;
import io.qbc.subscription.Subscription.DeliverKind;
import io.qbc.subscription.Subscription.OnFailure;
import io.qbc.subscription.Subscription.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what a subscription is to do from JSON; all that is wrong is refused together, with JSON pointers. */
public final class SubscriptionReader {
    private static final List<String> MEMBERS =
            List.of("from", "at", "depth", "filter", "deliver", "order", "keyBy", "ahead", "data");
    private static final List<String> FILTER = List.of("types", "authors", "keyPrefix", "pointer", "equal");
    private static final List<String> DELIVER =
            List.of("kind", "url", "address", "headers", "timeout", "retry", "onFailure", "batch", "parallel");
    private static final List<String> KINDS = List.of("pull", "stream", "bus", "webhook");
    private static final String NAME = "[a-z][a-z0-9-]{0,63}";
    private static final String POINTER = "(/([^~/]|~[01])*)*";
    private static final long LEAF_MAX = 1L << 53;
    private static final int DEPTH_MAX = 100_000;
    private static final int PATTERNS_MAX = 100;
    private static final int TEXT_MAX = 255;
    private static final int POINTER_MAX = 1000;
    private static final int URL_MAX = 2000;
    private static final int HEADERS_MAX = 20;
    private static final int HEADER_VALUE_MAX = 1000;
    private static final int AHEAD_DEFAULT = 100;
    private static final int AHEAD_MAX = 10_000;
    private static final int BATCH_MAX = 1000;
    private static final int PARALLEL_DEFAULT = 8;
    private static final int PARALLEL_MAX = 100;
    private static final int RETRIES_MAX = 50;
    private static final Duration RETRY_MAX = Duration.ofDays(7);
    private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(15);
    private static final Duration TIMEOUT_MAX = Duration.ofSeconds(60);
    /** The schedule of Standard Webhooks 1.0.0, after the first attempt. */
    static final List<Duration> RETRY_DEFAULT = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    private SubscriptionReader() {}

    /** Whether a subscription may be called so. */
    public static boolean isName(String name) {
        return name.matches(NAME);
    }

    /** Reads a document; what it leaves out has its default. */
    public static Subscription read(Hash chain, String name, Bytes document) {
        JsonReading in = JsonReading.of(document);
        in.only(MEMBERS);
        Optional<EventKey> keyBy = keyBy(in);
        Subscription read = new Subscription(
                chain,
                name,
                start(in),
                extent(in),
                filter(in.object("filter")),
                deliver(in.object("deliver"), keyBy.isPresent()),
                keyBy,
                (int) in.number("ahead", 1, AHEAD_MAX, AHEAD_DEFAULT),
                in.flag("data", false));
        in.raise();
        return read;
    }

    private static Start start(JsonReading in) {
        if (in.value("from") instanceof Long) {
            return new Start(Start.Kind.LEAF, OptionalLong.of(in.number("from", 0, LEAF_MAX, 0)));
        }
        if (in.has("from") && !(in.value("from") instanceof String)) {
            in.wrong("from", "must be oldest, newest or a leaf index");
            return new Start(Start.Kind.OLDEST, OptionalLong.empty());
        }
        String word = in.word("from", "oldest", List.of("oldest", "newest"));
        return new Start(Start.Kind.valueOf(word.toUpperCase(Locale.ROOT)), OptionalLong.empty());
    }

    private static Extent extent(JsonReading in) {
        boolean head = in.word("at", "final", List.of("final", "head")).equals("head");
        if (head && in.has("depth")) {
            in.wrong("depth", "is for at final alone");
        }
        OptionalInt depth =
                in.has("depth") ? OptionalInt.of((int) in.number("depth", 0, DEPTH_MAX, 0)) : OptionalInt.empty();
        return new Extent(head, depth);
    }

    private static Filter filter(JsonReading in) {
        in.only(FILTER);
        List<Bytes> authors = new ArrayList<>();
        for (String hex : in.texts("authors", PATTERNS_MAX, TEXT_MAX)) {
            Optional<Hash> key = Hash.parse(hex);
            if (key.isEmpty() && !hex.isEmpty()) {
                in.wrong("authors/" + authors.size(), "must be 64 hexadecimal digits, or empty for unsigned ones");
            }
            authors.add(key.map(found -> Bytes.wrap(found.bytes())).orElse(Bytes.EMPTY));
        }
        Optional<String> pointer = in.text("pointer", POINTER_MAX);
        if (pointer.isPresent() && !pointer.get().matches(POINTER)) {
            in.wrong("pointer", "must be a JSON pointer");
        }
        if (in.has("equal") && pointer.isEmpty()) {
            in.wrong("equal", "needs a pointer beside it");
        }
        Optional<Filter.At> at = pointer.map(where -> new Filter.At(where, Optional.ofNullable(in.value("equal"))));
        return new Filter(in.texts("types", PATTERNS_MAX, TEXT_MAX), authors, in.text("keyPrefix", TEXT_MAX), at);
    }

    private static Optional<EventKey> keyBy(JsonReading in) {
        boolean keyed = in.word("order", "chain", List.of("chain", "key")).equals("key");
        Optional<String> text = in.text("keyBy", POINTER_MAX);
        if (!keyed) {
            alien(in, "keyBy", "is for order key alone");
            return Optional.empty();
        }
        String by = text.orElse("key");
        if (by.startsWith("/") && by.matches(POINTER)) {
            return Optional.of(new EventKey(EventKey.Kind.POINTER, Optional.of(by)));
        }
        if (!List.of("key", "author", "type").contains(by)) {
            in.wrong("keyBy", "must be key, author, type, or a JSON pointer into the data");
            return Optional.empty();
        }
        return Optional.of(new EventKey(EventKey.Kind.valueOf(by.toUpperCase(Locale.ROOT)), Optional.empty()));
    }

    private static Deliver deliver(JsonReading in, boolean keyed) {
        in.only(DELIVER);
        DeliverKind kind = DeliverKind.valueOf(in.word("kind", "pull", KINDS).toUpperCase(Locale.ROOT));
        if (!kind.pushes()) {
            for (String name : List.of("timeout", "retry", "onFailure", "batch", "parallel")) {
                alien(in, name, "is for deliveries that the node begins");
            }
        }
        if (keyed && in.number("batch", 1, BATCH_MAX, 1) > 1) {
            in.wrong("batch", "must be 1 with order key, where each event is delivered by itself");
        } else if (!keyed) {
            alien(in, "parallel", "is for order key alone");
        }
        if (kind != DeliverKind.WEBHOOK) {
            alien(in, "url", "is for webhooks");
            alien(in, "headers", "is for webhooks");
        } else if (!in.has("url")) {
            in.wrong("url", "is missing; add where to deliver to");
        }
        if (kind != DeliverKind.BUS) {
            alien(in, "address", "is for the event bus");
        } else if (!in.has("address")) {
            in.wrong("address", "is missing; add the address of the event bus");
        }
        return new Deliver(
                kind,
                in.text("url", URL_MAX),
                in.text("address", TEXT_MAX),
                headers(in.object("headers")),
                duration(in, "timeout", in.text("timeout", 32), TIMEOUT_DEFAULT, TIMEOUT_MAX),
                retry(in),
                OnFailure.valueOf(
                        in.word("onFailure", "stop", List.of("stop", "dead")).toUpperCase(Locale.ROOT)),
                (int) in.number("batch", 1, BATCH_MAX, 1),
                keyed ? (int) in.number("parallel", 1, PARALLEL_MAX, PARALLEL_DEFAULT) : 1);
    }

    private static void alien(JsonReading in, String name, String problem) {
        if (in.has(name)) {
            in.wrong(name, problem);
        }
    }

    private static SortedMap<String, String> headers(JsonReading in) {
        SortedMap<String, String> headers = new TreeMap<>();
        if (in.names().size() > HEADERS_MAX) {
            in.wrong("", "has more than " + HEADERS_MAX + " members");
        }
        for (String name : in.names()) {
            Optional<String> value = in.text(name, HEADER_VALUE_MAX);
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
                    || value.filter(text -> text.chars().allMatch(c -> c >= ' ' && c < 127))
                            .isEmpty()) {
                in.wrong(name, "must be a header field of visible characters");
            }
            value.ifPresent(text -> headers.put(name, text));
        }
        return headers;
    }

    private static List<Duration> retry(JsonReading in) {
        if (!in.has("retry")) {
            return RETRY_DEFAULT;
        }
        List<Duration> retry = new ArrayList<>();
        for (String text : in.texts("retry", RETRIES_MAX, 32)) {
            retry.add(duration(in, "retry/" + retry.size(), Optional.of(text), Duration.ZERO, RETRY_MAX));
        }
        return retry;
    }

    private static Duration duration(
            JsonReading in, String name, Optional<String> text, Duration absent, Duration most) {
        if (text.isEmpty()) {
            return absent;
        }
        Optional<Duration> duration = Span.positive(text.get()).filter(span -> span.compareTo(most) <= 0);
        if (duration.isEmpty()) {
            in.wrong(name, "must be a duration like 5s or PT5S of up to " + most);
        }
        return duration.orElse(most);
    }
}
