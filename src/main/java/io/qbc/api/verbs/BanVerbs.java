package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Ban;
import io.qbc.bus.Catalogue.BanPeer;
import io.qbc.bus.Catalogue.FindBans;
import io.qbc.bus.Catalogue.Unban;
import io.qbc.bus.Failure;
import io.qbc.config.Span;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The verbs about peers with which this node has nothing to do for a while. */
public final class BanVerbs {
    private static final JsonLimits LIMITS = new JsonLimits(16 << 10, 2);
    private static final Set<String> MEMBERS = Set.of("peer", "time", "reason");
    private static final String OPERATOR = "operator";

    private final Bus bus;

    BanVerbs(Bus bus) {
        this.bus = bus;
    }

    public Future<Answer> list() {
        return bus.ask(Catalogue.FIND_BANS, new FindBans())
                .map(found -> Answer.object(200, out -> out.objects("bans", found.bans(), BanVerbs::members)));
    }

    /** Bans a peer by its identity key or its IP address. */
    public Future<Answer> ban(Bytes body) {
        return bus.ask(Catalogue.BAN, read(body)).map(ban -> {
            Answer made = Answer.object(201, out -> members(out, ban));
            return new Answer(
                    made.status(), made.type(), made.body(), Map.of("Location", "/v1/peers/bans/" + ban.peer()));
        });
    }

    /** Ends a ban before its time. */
    public Future<Answer> lift(String peer) {
        return bus.ask(Catalogue.UNBAN, new Unban(peer)).map(ban -> Answer.object(200, out -> members(out, ban)));
    }

    static void members(JsonWriter out, Ban ban) {
        out.text("peer", ban.peer());
        out.number("since", ban.since());
        out.number("until", ban.until());
        out.text("reason", ban.reason());
        out.text("by", ban.byOperator() ? OPERATOR : "node");
    }

    private static BanPeer read(Bytes body) {
        JsonObjectText text = StrictJson.object(body, LIMITS);
        text.fault().ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        text.names().stream()
                .filter(name -> !MEMBERS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw invalid("there is no member " + name + "; there are peer, time and reason");
                });
        String peer = text.string("peer").orElseThrow(() -> invalid("a string named peer is required"));
        Optional<Duration> time = Optional.empty();
        if (text.names().contains("time")) {
            time = text.string("time").flatMap(Span::positive);
            if (time.isEmpty()) {
                throw invalid("time is how long the ban lasts, like 30m, 12h or 90d");
            }
        }
        if (text.names().contains("reason") && text.string("reason").isEmpty()) {
            throw invalid("reason must be a string");
        }
        return new BanPeer(peer, time, text.string("reason").orElse(OPERATOR));
    }

    private static Failure invalid(String detail) {
        return new Failure(Reason.REQUEST_INVALID, detail);
    }
}
