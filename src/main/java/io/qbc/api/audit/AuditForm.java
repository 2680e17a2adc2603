package io.qbc.api.audit;

import io.qbc.access.KeyChange;
import io.qbc.api.audit.Act.Outcome;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON that the entries of the audit trail hold. */
final class AuditForm {
    static final String BEGUN = "begun";
    static final String ENDED = "ended";
    static final String COUNTED = "counted";
    static final String KEYS = "keys";
    static final String DISABLED = "disabled";
    static final String STARTED = "started";
    static final String STOPPED = "stopped";

    static final List<String> EVENTS = List.of(BEGUN, ENDED, COUNTED, KEYS, DISABLED, STARTED, STOPPED);

    private static final int TEXT_CHARS_MAX = 200;
    private static final char LEAST = ' ';
    private static final char MOST = '~';

    private AuditForm() {}

    static Bytes begun(long now, Act act) {
        return text(act(event(BEGUN, now), act));
    }

    /** @param ref the id of the entry that told of its beginning, empty without one */
    static Bytes ended(long now, Act act, Outcome outcome, String ref) {
        Map<String, Object> members = act(event(ENDED, now), act);
        members.put("status", (long) outcome.status());
        members.put("code", outcome.code());
        put(members, "made", outcome.made());
        if (outcome.count() != 1) {
            members.put("count", outcome.count());
        }
        put(members, "ref", ref);
        return text(members);
    }

    static Bytes counted(long now, long from, AuditCounts.Counted counted) {
        AuditCounts.Key key = counted.key();
        Map<String, Object> members = event(COUNTED, now);
        members.put("from", from);
        who(members, key.id(), key.name(), key.address(), key.by());
        put(members, "operation", key.operation());
        put(members, "target", key.target());
        members.put("code", key.code());
        members.put("count", counted.count());
        return text(members);
    }

    static Bytes changed(long now, KeyChange change) {
        Map<String, Object> members = event(KEYS, now);
        members.put("change", change.word());
        members.put("key", change.key().id());
        members.put("keyName", clean(change.key().name()));
        members.put("roles", change.key().roles().stream().map(AuditForm::clean).toList());
        change.key().expiresAt().ifPresent(at -> members.put("expires", at));
        return text(members);
    }

    /** A subscription stopped by itself, which nobody asked for. */
    static Bytes disabled(long now, SubscriptionDisabled disabled) {
        Map<String, Object> members = event(DISABLED, now);
        members.put("target", disabled.chain().hex());
        members.put("subscription", clean(disabled.name()));
        members.put("error", clean(disabled.error()));
        return text(members);
    }

    /** The node started or stops. */
    static Bytes lifecycle(String event, long now, String mode, String injects) {
        Map<String, Object> members = event(event, now);
        members.put("mode", mode);
        members.put("injects", injects);
        return text(members);
    }

    private static Map<String, Object> event(String event, long now) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("event", event);
        members.put("time", now);
        return members;
    }

    private static Map<String, Object> act(Map<String, Object> members, Act act) {
        who(members, act.caller().id(), act.caller().name(), act.address(), act.by());
        put(members, "role", act.role());
        put(members, "operation", act.operation().id());
        put(members, "target", act.target());
        return members;
    }

    private static void who(Map<String, Object> members, String id, String name, String address, String by) {
        put(members, "id", id);
        put(members, "name", name);
        put(members, "address", address);
        put(members, "by", by);
    }

    private static void put(Map<String, Object> members, String name, String value) {
        if (!value.isEmpty()) {
            members.put(name, clean(value));
        }
    }

    /** What callers send is kept short, and without characters that could look like something else. */
    static String clean(String text) {
        String cut = text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
        StringBuilder clean = new StringBuilder(cut.length());
        cut.chars().forEach(letter -> clean.append(letter < LEAST || letter > MOST ? '?' : (char) letter));
        return clean.toString();
    }

    private static Bytes text(Map<String, Object> members) {
        return Bytes.utf8(JsonTree.write(members));
    }
}
