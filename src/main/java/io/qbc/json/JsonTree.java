package io.qbc.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * JSON as maps, lists, strings, longs, decimals, booleans and empty optionals for null, by the streaming reader alone:
 * loading the object mapper would take a tenth of the time that a start may take.
 */
public final class JsonTree {
    /** The strict reader and its limits decide what is too long: what it has passed is read. */
    private static final JsonFactory JSON = new JsonFactory()
            .setStreamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build());

    private JsonTree() {}

    /** Reads a text that the strict reader has passed, its numbers bounded. */
    public static Object read(Bytes text) {
        try (JsonParser parser = JSON.createParser(text.array(), text.offset(), text.size())) {
            return value(parser, parser.nextToken());
        } catch (IOException e) {
            throw new IllegalStateException("what was read strictly is JSON", e);
        }
    }

    /** The JSON text of what {@link #read} gives, and of sorted maps: members in the order that the map has. */
    public static String write(Object value) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            write(value, generator);
        } catch (IOException e) {
            throw new IllegalStateException("a string writer does not fail", e);
        }
        return out.toString();
    }

    /** A name as a part of a JSON pointer (RFC 6901 section 3). */
    public static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        switch (token) {
            case START_OBJECT -> {
                LinkedHashMap<String, Object> members = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    members.put(parser.currentName(), value(parser, parser.nextToken()));
                }
                return members;
            }
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    items.add(value(parser, next));
                }
                return items;
            }
            case VALUE_STRING -> {
                return parser.getText();
            }
            case VALUE_NUMBER_INT -> {
                return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? new BigDecimal(parser.getBigIntegerValue())
                        : (Object) parser.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> {
                return parser.getDecimalValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return parser.getBooleanValue();
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    private static <M extends Map.Entry<?, ?>> void write(Set<M> members, JsonGenerator out) throws IOException {
        out.writeStartObject();
        for (M member : members) {
            out.writeFieldName(member.getKey().toString());
            write(member.getValue(), out);
        }
        out.writeEndObject();
    }

    private static void write(Object value, JsonGenerator out) throws IOException {
        if (value instanceof LinkedHashMap<?, ?> members) {
            write(members.entrySet(), out);
        } else if (value instanceof SortedMap<?, ?> members) {
            write(members.entrySet(), out);
        } else if (value instanceof List<?> items) {
            out.writeStartArray();
            for (Object item : items) {
                write(item, out);
            }
            out.writeEndArray();
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Optional<?>) {
            out.writeNull();
        } else {
            out.writeString(value.toString());
        }
    }
}
