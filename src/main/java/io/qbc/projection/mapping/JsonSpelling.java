package io.qbc.projection.mapping;

import io.qbc.json.JsonTree;
import io.qbc.json.JsonValue;
import java.util.List;

/** JSON values as text, numbers as they were spelled and members in the order in which they came. */
final class JsonSpelling {
    private JsonSpelling() {}

    static String of(JsonValue value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(JsonValue value, StringBuilder out) {
        if (value instanceof JsonValue.Text text) {
            out.append(JsonTree.write(text.text()));
        } else if (value instanceof JsonValue.Numeral number) {
            out.append(number.spelling());
        } else if (value instanceof JsonValue.Flag flag) {
            out.append(flag.on());
        } else if (value instanceof JsonValue.Items list) {
            items(list.items(), out);
        } else if (value instanceof JsonValue.Members object) {
            members(object.members(), out);
        } else {
            out.append("null");
        }
    }

    private static void items(List<JsonValue> items, StringBuilder out) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            out.append(i > 0 ? "," : "");
            write(items.get(i), out);
        }
        out.append(']');
    }

    private static void members(List<JsonValue.Member> members, StringBuilder out) {
        out.append('{');
        for (int i = 0; i < members.size(); i++) {
            out.append(i > 0 ? "," : "")
                    .append(JsonTree.write(members.get(i).name().text()))
                    .append(':');
            write(members.get(i).value(), out);
        }
        out.append('}');
    }
}
