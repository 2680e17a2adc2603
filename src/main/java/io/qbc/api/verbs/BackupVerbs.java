package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.Problems;
import io.qbc.api.json.JsonFields;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Backup;
import io.qbc.bus.Catalogue.BackupState;
import io.qbc.bus.Catalogue.FindBackup;
import io.qbc.bus.Failure;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The verbs about backups of this node. */
public final class BackupVerbs {
    /** The largest body that says which backup is wanted. */
    public static final int BODY_BYTES = 4096;

    private static final JsonLimits LIMITS = new JsonLimits(BODY_BYTES, 2);
    private static final Set<String> MEMBERS = Set.of("name", "withKey", "verify");
    private static final Bytes EVERYTHING_USUAL = Bytes.utf8("{}");

    private final Bus bus;

    BackupVerbs(Bus bus) {
        this.bus = bus;
    }

    /** Begins a backup: 202, and how it fares is asked for with {@link #show}. */
    public Future<Answer> begin(Bytes body) {
        JsonObjectText text = StrictJson.object(body.size() == 0 ? EVERYTHING_USUAL : body, LIMITS);
        text.fault().ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        JsonFields.refuseUnknown(text, MEMBERS);
        JsonFields fields = new JsonFields(text, Reason.REQUEST_INVALID);
        Backup wanted = new Backup(fields.optionalText("name"), fields.flag("withKey"), fields.flag("verify"));
        return bus.ask(Catalogue.BACKUP, wanted).map(state -> shown(202, state));
    }

    /** How the last backup fares. */
    public Future<Answer> show() {
        return last().map(state -> shown(200, state));
    }

    public Future<BackupState> last() {
        return bus.ask(Catalogue.FIND_BACKUP, new FindBackup());
    }

    private static Answer shown(int status, BackupState state) {
        return Answer.object(
                status,
                out -> out.text("state", state.step().name().toLowerCase(Locale.ROOT))
                        .text("name", state.name())
                        .text("path", state.path())
                        .number("done", state.done())
                        .number("bytes", state.bytes())
                        .number("shared", state.shared())
                        .number("startedAt", state.startedAt())
                        .number("finishedAt", optional(state.finishedAt()))
                        .object("problem", state.failure(), BackupVerbs::problem));
    }

    private static void problem(JsonWriter out, Refusal refusal) {
        Problems.write(out, Problems.status(refusal.reason()), refusal);
    }

    private static OptionalLong optional(Optional<Long> value) {
        return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
