package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.Problems;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.bus.Catalogue.ProjectionError;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.QueryAnswer;
import io.qbc.bus.Catalogue.RebuildState;
import io.qbc.bus.Catalogue.RowDifference;
import io.qbc.bus.Catalogue.Rows;
import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** How projections and what they answer are written. */
final class ProjectionForm {
    private static final int ANSWER_BYTES = 4096;

    private ProjectionForm() {}

    /**
     * A projection.
     *
     * @param whole also where its tables are, which is for admins
     */
    static void write(JsonWriter out, ProjectionState state, boolean whole) {
        out.text("name", state.name());
        out.text("state", state.status().name().toLowerCase(Locale.ROOT));
        out.text("chain", state.chain().map(Hash::toString));
        out.text("chainName", state.chainName());
        out.text("from", state.from());
        out.text("target", state.target());
        out.text("schema", state.schema());
        out.number("leaf", state.leaf());
        out.number("height", state.height());
        out.text("quant", state.quant().map(Hash::toString));
        out.number("lagTransactions", state.lagTransactions());
        out.number("lagMillis", state.lagMillis());
        out.object("rows", rows -> state.rows().forEach(rows::number));
        out.number("dead", state.dead());
        out.number("errors", state.errors());
        out.object("lastError", state.error(), ProjectionForm::error);
        out.object("rebuild", state.rebuild(), ProjectionForm::rebuild);
        out.object("verification", state.verification(), ProjectionForm::verification);
        out.hex("mappingHash", state.mappingHash());
        out.json("mapping", whole ? state.mapping() : withoutTarget(state.mapping()));
    }

    private static Bytes withoutTarget(Bytes mapping) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (JsonTree.read(mapping) instanceof Map<?, ?> all) {
            all.forEach((name, value) -> members.put(name.toString(), value));
        }
        members.remove("target");
        return Bytes.utf8(JsonTree.write(members));
    }

    private static void error(JsonWriter out, ProjectionError error) {
        Problems.write(out, Problems.status(error.refusal().reason()), error.refusal());
        out.number("leaf", error.leaf());
        out.text("transaction", error.transaction().map(Hash::toString));
        out.number("at", error.at());
    }

    private static void rebuild(JsonWriter out, RebuildState state) {
        out.number("percent", Math.round(Math.floor(state.ratio() * 100)));
        out.number("leaf", state.leaf());
        out.text("reason", state.reason());
    }

    private static void verification(JsonWriter out, VerifyState state) {
        out.text("state", state.step().name().toLowerCase(Locale.ROOT));
        out.number("leaf", state.leaf());
        out.number("leaves", state.leaves());
        out.number("startedAt", state.startedAt());
        out.number("finishedAt", state.finishedAt().map(OptionalLong::of).orElseGet(OptionalLong::empty));
        out.number("changed", state.changed());
        out.number("added", state.added());
        out.number("removed", state.removed());
        out.objects("found", state.found(), ProjectionForm::difference);
        out.object(
                "problem",
                state.failure(),
                (problem, refusal) -> Problems.write(problem, Problems.status(refusal.reason()), refusal));
    }

    private static void difference(JsonWriter out, RowDifference found) {
        out.text("table", found.table());
        out.text("kind", found.kind());
        out.text("key", found.key());
        out.texts("columns", found.columns());
    }

    static void dead(JsonWriter out, DeadRow row) {
        out.number("leaf", row.leaf());
        out.hex("transaction", row.transaction());
        out.text("table", row.table());
        out.text("pointer", row.pointer());
        out.text("reason", row.reason());
    }

    static Answer rows(Rows rows) {
        JsonBuffer out = new JsonBuffer(ANSWER_BYTES).raw("{\"rows\":[");
        array(out, rows.rows());
        out.raw("],\"next\":");
        rows.next().ifPresentOrElse(out::text, () -> out.raw("null"));
        return Answer.json(200, out.raw(",\"leaf\":").number(rows.leaf()).raw("}"));
    }

    static Answer row(Rows rows) {
        return Answer.json(200, new JsonBuffer(ANSWER_BYTES).raw(rows.rows().get(0)));
    }

    static Answer answer(QueryAnswer answer) {
        JsonBuffer out = JsonWriter.object(members -> members.texts(
                        "columns",
                        answer.columns().stream().map(column -> column.name()).toList())
                .texts(
                        "types",
                        answer.columns().stream().map(column -> column.type()).toList())
                .json("rows", array(answer.rows()))
                .flag("more", answer.more())
                .number("leaf", answer.leaf()));
        return Answer.json(200, out);
    }

    private static Bytes array(List<Bytes> values) {
        JsonBuffer out = new JsonBuffer(ANSWER_BYTES).u8('[');
        array(out, values);
        return out.u8(']').toBytes();
    }

    private static void array(JsonBuffer out, List<Bytes> values) {
        boolean first = true;
        for (Bytes value : values) {
            if (!first) {
                out.u8(',');
            }
            first = false;
            out.raw(value);
        }
    }
}
