package io.qbc.api.verbs;

import io.qbc.access.ApiKey;
import io.qbc.access.Caller;
import io.qbc.access.Grant;
import io.qbc.access.Role;
import io.qbc.api.Answer;
import io.qbc.api.access.Access;
import io.qbc.api.access.ApiKeys;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Failure;
import io.qbc.config.AccessMode;
import io.qbc.config.Span;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The verbs about who may call. */
public final class AccessVerbs {
    private static final JsonLimits LIMITS = new JsonLimits(64 << 10, 4);
    private static final Set<String> MEMBERS = Set.of("name", "roles", "expires", "scope");
    private static final int ROLES_MAX = 100;

    private final Vertx vertx;
    private final ApiKeys keys;
    private final AccessMode mode;

    AccessVerbs(Vertx vertx, Access access) {
        this.vertx = vertx;
        this.keys = access.keys();
        this.mode = access.mode();
    }

    /** Who the caller is for this node, and what it may do. */
    public Answer self(Caller caller) {
        return Answer.object(
                200,
                out -> out.text("name", caller.name())
                        .text("kind", caller.proof().word())
                        .texts(
                                "roles",
                                caller.grants().stream().map(Grant::text).toList())
                        .text("mode", mode.word()));
    }

    /** All keys, without their secrets. */
    public Future<Answer> list() {
        return vertx.executeBlocking(keys::refresh, false)
                .map(read -> Answer.object(
                        200, out -> out.objects("keys", keys.ring().keys(), (object, key) -> key(object, key))));
    }

    /** Makes a key; its secret is in this answer and nowhere else. */
    public Future<Answer> add(Bytes body) {
        ApiKey.Request request = request(body);
        return vertx.executeBlocking(() -> keys.add(request), false).map(token -> {
            ApiKey key = keys.ring().find(token.id()).orElseThrow(() -> unknown(token.id()));
            return Answer.object(201, out -> key(out.text("key", token.text()), key));
        });
    }

    /** Ends a key. */
    public Future<Answer> revoke(String id) {
        return vertx.executeBlocking(() -> keys.revoke(id), false).map(gone -> {
            ApiKey key = gone.orElseThrow(() -> unknown(id));
            return Answer.object(200, out -> key(out, key));
        });
    }

    private static Failure unknown(String id) {
        return new Failure(Reason.ACCESS_KEY_UNKNOWN, "no key has the id " + id);
    }

    private void key(JsonWriter out, ApiKey key) {
        out.text("id", key.id());
        out.text("name", key.name());
        out.texts("roles", key.grants().stream().map(Grant::text).toList());
        out.text("scope", key.scope());
        out.number("made", key.madeAt());
        out.number("expires", key.expiresAt());
        out.number("used", keys.usedAt(key.id()));
    }

    private static ApiKey.Request request(Bytes body) {
        StrictJson.checkBounded(body, LIMITS).ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        if (!(JsonTree.read(body) instanceof LinkedHashMap<?, ?> members)) {
            throw invalid("an object is expected");
        }
        for (Object name : members.keySet()) {
            if (!MEMBERS.contains(name)) {
                throw invalid("there is no member " + name + "; there are name, roles, expires and scope");
            }
        }
        String name = members.get("name") instanceof String text ? text : "";
        String scope = members.containsKey("scope") ? String.valueOf(members.get("scope")) : name;
        ApiKey.Request request =
                new ApiKey.Request(name, grants(members.get("roles")), life(members.get("expires")), scope);
        request.fault().ifPresent(fault -> {
            throw invalid(fault);
        });
        return request;
    }

    private static List<Grant> grants(Object roles) {
        List<Grant> grants = new ArrayList<>();
        if (roles instanceof List<?> items && items.size() <= ROLES_MAX) {
            for (Object item : items) {
                grants.add(Grant.parse(String.valueOf(item))
                        .orElseThrow(() -> invalid("a role is one of " + String.join(", ", Role.words())
                                + ", and perhaps @ and a chain")));
            }
        }
        return grants;
    }

    private static OptionalLong life(Object expires) {
        if (expires == null || expires.equals(Optional.empty())) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Span.positive(String.valueOf(expires))
                .orElseThrow(() -> invalid("expires is a time from now, like 90d, 12h or 30m"))
                .toMillis());
    }

    private static Failure invalid(String detail) {
        return new Failure(Reason.REQUEST_INVALID, detail);
    }
}
