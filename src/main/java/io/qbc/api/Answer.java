package io.qbc.api;

import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonWriter;
import io.qbc.model.Bytes;
import java.util.Map;
import java.util.function.Consumer;

/** An answer, by REST or the event bus: a status, JSON, and the header fields that only HTTP has a place for. */
public record Answer(int status, String type, Bytes body, Map<String, String> headers) {
    public static final String JSON = "application/json";
    public static final String HTML = "text/html; charset=utf-8";

    public Answer {
        headers = Map.copyOf(headers);
    }

    public static Answer json(int status, JsonBuffer json) {
        return new Answer(status, JSON, json.toBytes(), Map.of());
    }

    /** JSON with one object, which these members make. */
    public static Answer object(int status, Consumer<JsonWriter> members) {
        return json(status, JsonWriter.object(members));
    }

    /** An answer in JSON with header fields of its own. */
    public static Answer json(int status, JsonBuffer json, Map<String, String> headers) {
        return new Answer(status, JSON, json.toBytes(), headers);
    }

    public static Answer of(int status, String type, Bytes body) {
        return new Answer(status, type, body, Map.of());
    }
}
