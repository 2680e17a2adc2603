package io.qbc.schema;

import io.qbc.json.JsonValue;
import io.qbc.schema.regex.LinearPattern;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The keywords about an object's members. */
final class MemberKeywords {
    /** Characters of a name that is found, for one step. */
    private static final int NAME_CHARS_A_STEP = 16;

    private MemberKeywords() {}

    /** A pattern for names, and the schema for the members whose name it matches. */
    record Matched(LinearPattern pattern, Schema schema) {}

    /**
     * {@code properties}, {@code patternProperties} and {@code additionalProperties}, which is about what the others
     * leave.
     */
    static Keyword members(Map<String, Schema> properties, List<Matched> matched, Optional<Schema> additional) {
        Named<Schema> named = new Named<>(properties);
        return (run, value, place, evaluated) -> {
            if (!(value instanceof JsonValue.Members object)) {
                return true;
            }
            Members judged = new Members(run, object, place, evaluated);
            named.each(run, object, judged::judge);
            for (Matched each : matched) {
                judged.judge(each);
            }
            additional.ifPresent(judged::rest);
            return judged.fit;
        };
    }

    /** What a keyword has for each of its names. */
    private static final class Named<T> {
        private final LinkedHashMap<String, T> meant;

        Named(Map<String, T> meant) {
            this.meant = new LinkedHashMap<>(meant);
        }

        /** Finds the members that have one of the names, by the shorter of both lists of names. */
        void each(Judging run, JsonValue.Members object, BiConsumer<Integer, T> found) {
            List<JsonValue.Member> members = object.members();
            if (members.size() < meant.size()) {
                run.spend(members.size());
                for (int i = 0; i < members.size(); i++) {
                    T here = meant.get(members.get(i).name().text());
                    if (here != null) {
                        found.accept(found(run, object, i), here);
                    }
                }
                return;
            }
            run.spend(meant.size());
            meant.forEach((name, here) -> {
                int i = object.place(name);
                if (i >= 0) {
                    found.accept(found(run, object, i), here);
                }
            });
        }
    }

    /** Comparing a name with itself looks at all of it. */
    private static int found(Judging run, JsonValue.Members object, int place) {
        run.spend(object.members().get(place).name().length() / NAME_CHARS_A_STEP);
        return place;
    }

    /** Judges the members of one object. */
    private static final class Members {
        private final Judging run;
        private final List<JsonValue.Member> members;
        private final Place place;
        private final Evaluated evaluated;
        private final BitSet met = new BitSet(0);
        private boolean fit = true;

        Members(Judging run, JsonValue.Members object, Place place, Evaluated evaluated) {
            this.run = run;
            this.members = object.members();
            this.place = place;
            this.evaluated = evaluated;
        }

        void judge(int i, Schema schema) {
            JsonValue.Member member = members.get(i);
            met.set(i);
            evaluated.mark(i);
            fit &= run.member(schema, member.value(), place, member.name().text());
        }

        void judge(Matched matched) {
            run.spend(members.size());
            for (int i = 0; i < members.size(); i++) {
                if (run.matches(matched.pattern(), members.get(i).name().text())) {
                    judge(i, matched.schema());
                }
            }
        }

        void rest(Schema schema) {
            run.spend(members.size());
            for (int i = 0; i < members.size(); i++) {
                if (!met.get(i)) {
                    judge(i, schema);
                }
            }
        }
    }

    static Keyword unevaluated(Schema schema) {
        return (run, value, place, evaluated) -> {
            if (!(value instanceof JsonValue.Members object)) {
                return true;
            }
            Members judged = new Members(run, object, place, evaluated);
            run.spend(object.members().size());
            for (int i = 0; i < object.members().size(); i++) {
                if (!evaluated.has(i)) {
                    judged.judge(i, schema);
                }
            }
            return judged.fit;
        };
    }

    static Keyword names(Schema schema) {
        return (run, value, place, evaluated) -> {
            boolean fit = true;
            if (value instanceof JsonValue.Members object) {
                for (JsonValue.Member member : object.members()) {
                    fit &= run.member(
                            schema, member.name(), place, member.name().text());
                }
            }
            return fit;
        };
    }

    static Keyword required(List<String> names) {
        return (run, value, place, evaluated) ->
                !(value instanceof JsonValue.Members object) || has(run, object, names, place);
    }

    static Keyword dependentRequired(Map<String, List<String>> names) {
        Named<List<String>> named = new Named<>(names);
        return (run, value, place, evaluated) -> {
            boolean[] fit = {true};
            if (value instanceof JsonValue.Members object) {
                named.each(run, object, (i, needed) -> fit[0] &= has(run, object, needed, place));
            }
            return fit[0];
        };
    }

    static Keyword dependentSchemas(Map<String, Schema> schemas) {
        Named<Schema> named = new Named<>(schemas);
        return (run, value, place, evaluated) -> {
            boolean[] fit = {true};
            if (value instanceof JsonValue.Members object) {
                named.each(run, object, (i, schema) -> fit[0] &= run.also(schema, value, place, evaluated));
            }
            return fit[0];
        };
    }

    /** Looks for names up to the first that is missing. */
    private static boolean has(Judging run, JsonValue.Members object, List<String> names, Place place) {
        for (String name : names) {
            run.spend(1);
            int i = object.place(name);
            if (i < 0) {
                return run.fail(place, "must have the member " + name);
            }
            found(run, object, i);
        }
        return true;
    }
}
