package io.qbc.schema;

import io.qbc.json.JsonNumber;
import io.qbc.json.JsonValue;

/** A text for a value that another value has exactly if JSON Schema calls them equal. */
final class NormalForm {
    private final StringBuilder out = new StringBuilder();
    private final long most;
    private long size;

    private NormalForm(long most) {
        this.most = most;
    }

    /** The form, and the value's size as {@code protocol.md} defines it. */
    record Sized(String form, long size) {}

    static Sized of(JsonValue value) {
        return of(value, Long.MAX_VALUE - 1);
    }

    /** The same, but where the size goes beyond {@code most}: then the size is one more, and the form is not whole. */
    static Sized of(JsonValue value, long most) {
        NormalForm form = new NormalForm(most);
        form.put(value);
        return new Sized(form.out.toString(), Math.min(form.size, most + 1));
    }

    /** Adds to the size; false if that is as far as anybody looks. */
    private boolean grow(long by) {
        size = Math.min(size + by, most + 1);
        return size <= most;
    }

    private void put(JsonValue value) {
        if (value instanceof JsonValue.Members object) {
            members(object);
        } else if (value instanceof JsonValue.Items array) {
            out.append('[');
            grow(1);
            for (JsonValue item : array.items()) {
                if (size > most) {
                    return;
                }
                put(item);
            }
            out.append(']');
        } else if (value instanceof JsonValue.Text text) {
            text(text);
        } else if (value instanceof JsonValue.Numeral number) {
            JsonNumber exact = ValueKeywords.exact(number);
            if (grow(1L + exact.precision())) {
                out.append('#').append(exact.normal()).append(';');
            }
        } else {
            grow(1);
            out.append(value instanceof JsonValue.Flag flag ? (flag.on() ? 't' : 'f') : 'n');
        }
    }

    private void members(JsonValue.Members object) {
        out.append('{');
        grow(1);
        if (object.members().size() > most - size) {
            grow(object.members().size());
            return;
        }
        for (JsonValue.Member member : object.sorted()) {
            text(member.name());
            if (size > most) {
                return;
            }
            put(member.value());
        }
        out.append('}');
    }

    private void text(JsonValue.Text text) {
        if (grow(1L + text.length())) {
            out.append('"').append(text.text().length()).append(':').append(text.text());
        }
    }
}
