package io.qbc.schema;

import io.qbc.json.JsonValue;

/** A keyword of a schema, ready to judge; for any thread. */
@FunctionalInterface
interface Keyword {
    /**
     * Whether the value is as the keyword wants it; if not, the run is told what is wrong.
     *
     * @param evaluated takes the members or items that were looked at
     */
    boolean judge(Judging run, JsonValue value, Place place, Evaluated evaluated);
}
