package io.qbc.projection.mapping;

import io.qbc.json.JsonNumber;
import io.qbc.json.JsonValue;

/** The numbers inside a JSON value. */
final class JsonNumbers {
    private JsonNumbers() {}

    /** Whether all of them are bounded, and have no more zeros at either end than this. */
    static boolean moderate(JsonValue value, int scaleMax) {
        if (value instanceof JsonValue.Numeral numeral) {
            return numeral.exact().map(number -> fits(number, scaleMax)).orElse(false);
        }
        if (value instanceof JsonValue.Items list) {
            return list.items().stream().allMatch(item -> moderate(item, scaleMax));
        }
        if (value instanceof JsonValue.Members object) {
            return object.members().stream().allMatch(member -> moderate(member.value(), scaleMax));
        }
        return true;
    }

    private static boolean fits(JsonNumber number, int scaleMax) {
        return Math.abs(number.scale()) <= scaleMax;
    }
}
