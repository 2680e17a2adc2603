package io.qbc.subscription;

import io.qbc.bus.Catalogue.DeadLetter;
import io.qbc.follow.Position;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.subscription.SubscriptionState.Replay;
import io.qbc.subscription.SubscriptionState.Revert;
import io.qbc.subscription.SubscriptionState.Secret;
import io.qbc.subscription.SubscriptionState.Standing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is stored of a subscription, as JSON. */
final class StateText {
    private static final long VERSION = 1;
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 64);

    private StateText() {}

    /** A stored text that is not what this node writes. */
    static final class Damaged extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Damaged(String what, Throwable cause) {
            super(what, cause);
        }
    }

    static Bytes write(Subscription subscription, SubscriptionState state) {
        LinkedHashMap<String, Object> out = new LinkedHashMap<>();
        out.put("version", VERSION);
        out.put("document", SubscriptionWriter.tree(subscription));
        out.put("standing", state.standing().name());
        out.put("offset", position(state.offset()));
        state.replay().ifPresent(replay -> {
            out.put("replay", position(replay.next()));
            out.put("replayEnd", replay.end());
        });
        state.offered().ifPresent(offered -> out.put("offered", position(offered)));
        state.revert().ifPresent(revert -> {
            out.put("revert", position(revert.ancestor()));
            out.put("revertNumber", revert.number());
        });
        out.put("generation", state.generation());
        out.put("attempts", state.attempts());
        out.put("nextAttempt", state.nextAttempt());
        out.put("triedEnd", state.triedEnd());
        out.put("failingSince", state.failingSince());
        state.lastError().ifPresent(error -> out.put("lastError", error));
        out.put("acknowledged", state.acknowledged());
        out.put("deadNext", state.deadNext());
        out.put("dead", state.dead());
        out.put("secrets", state.secrets().stream().map(StateText::secret).toList());
        if (!state.beyond().isEmpty()) {
            out.put(
                    "beyond",
                    state.beyond().ranges().stream()
                            .map(range -> List.of(range.begin(), range.end()))
                            .toList());
        }
        if (!state.retries().isEmpty()) {
            out.put(
                    "retries",
                    state.retries().stream()
                            .map(retry -> List.of(retry.leaf(), retry.attempts(), retry.next()))
                            .toList());
        }
        return Bytes.utf8(JsonTree.write(out));
    }

    private static LeafRanges ranges(Map<?, ?> in) {
        return new LeafRanges(rows(in, "beyond").stream()
                .map(row -> new LeafRanges.Range(number(row, 0), number(row, 1)))
                .toList());
    }

    private static List<Retry> retries(Map<?, ?> in) {
        return rows(in, "retries").stream()
                .map(row -> new Retry(number(row, 0), number(row, 1), number(row, 2)))
                .toList();
    }

    private static List<List<?>> rows(Map<?, ?> in, String name) {
        List<?> rows = in.get(name) == null ? List.of() : (List<?>) in.get(name);
        return rows.stream().<List<?>>map(row -> (List<?>) row).toList();
    }

    private static long number(List<?> row, int at) {
        return (Long) row.get(at);
    }

    private static Map<String, Object> secret(Secret secret) {
        LinkedHashMap<String, Object> out = new LinkedHashMap<>();
        out.put("text", secret.text());
        out.put("until", secret.until());
        return out;
    }

    private static Map<String, Object> position(Position position) {
        LinkedHashMap<String, Object> out = new LinkedHashMap<>();
        out.put("leaf", position.leaf());
        out.put("height", position.height());
        out.put("quant", position.quant().hex());
        return out;
    }

    /** A machine that stands where the text says. */
    static SubscriptionMachine read(Hash chain, String name, Bytes text, long bytesMax) {
        try {
            Map<?, ?> in = tree(text);
            Bytes document = Bytes.utf8(JsonTree.write(in.get("document")));
            SubscriptionState state = new SubscriptionState(
                    Standing.valueOf((String) in.get("standing")),
                    position(in.get("offset")),
                    Optional.ofNullable(in.get("replay"))
                            .map(next -> new Replay(position(next), number(in, "replayEnd"))),
                    Optional.ofNullable(in.get("offered")).map(StateText::position),
                    Optional.ofNullable(in.get("revert"))
                            .map(ancestor -> new Revert(position(ancestor), number(in, "revertNumber"))),
                    number(in, "generation"),
                    number(in, "attempts"),
                    number(in, "nextAttempt"),
                    in.get("triedEnd") == null ? 0 : number(in, "triedEnd"),
                    in.get("failingSince") == null ? 0 : number(in, "failingSince"),
                    Optional.ofNullable((String) in.get("lastError")),
                    number(in, "acknowledged"),
                    number(in, "deadNext"),
                    number(in, "dead"),
                    ((List<?>) in.get("secrets"))
                            .stream().map(StateText::secret).toList(),
                    ranges(in),
                    retries(in));
            return new SubscriptionMachine(SubscriptionReader.read(chain, name, document), state, bytesMax);
        } catch (RuntimeException e) {
            throw new Damaged("what is stored of the subscription " + name + " cannot be read: " + e, e);
        }
    }

    private static Map<?, ?> tree(Bytes text) {
        StrictJson.checkBounded(text, LIMITS).ifPresent(fault -> {
            throw new IllegalArgumentException(fault.toString());
        });
        Map<?, ?> in = (Map<?, ?>) JsonTree.read(text);
        if (number(in, "version") != VERSION) {
            throw new IllegalArgumentException("the version is " + in.get("version"));
        }
        return in;
    }

    private static Secret secret(Object value) {
        Map<?, ?> in = (Map<?, ?>) value;
        return new Secret((String) in.get("text"), number(in, "until"));
    }

    private static Position position(Object value) {
        Map<?, ?> in = (Map<?, ?>) value;
        return new Position(number(in, "leaf"), number(in, "height"), hash(in, "quant"));
    }

    private static Hash hash(Map<?, ?> in, String name) {
        return Hash.parse((String) in.get(name)).orElseThrow(() -> new IllegalArgumentException(name + " is no hash"));
    }

    private static long number(Map<?, ?> in, String name) {
        if (in.get(name) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException(name + " is no number");
    }

    static Bytes write(DeadLetter letter) {
        LinkedHashMap<String, Object> out = new LinkedHashMap<>();
        out.put("version", VERSION);
        out.put("number", letter.number());
        out.put("event", letter.event());
        out.put("index", letter.index());
        letter.transaction().ifPresent(id -> out.put("transaction", id.hex()));
        out.put("attempts", letter.attempts());
        out.put("error", letter.error());
        out.put("at", letter.at());
        return Bytes.utf8(JsonTree.write(out));
    }

    static DeadLetter letter(Bytes text) {
        try {
            Map<?, ?> in = tree(text);
            return new DeadLetter(
                    number(in, "number"),
                    (String) in.get("event"),
                    number(in, "index"),
                    in.get("transaction") == null ? Optional.empty() : Optional.of(hash(in, "transaction")),
                    number(in, "attempts"),
                    (String) in.get("error"),
                    number(in, "at"));
        } catch (RuntimeException e) {
            throw new Damaged("a stored dead letter cannot be read: " + e, e);
        }
    }
}
