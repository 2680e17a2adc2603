package io.qbc.http;

import io.qbc.model.Bytes;
import java.util.Map;

/** What either door gives back: a status, JSON, and the header fields that only HTTP has a place for. */
record Answer(int status, String type, Bytes body, Map<String, String> headers) {
    static final String JSON = "application/json";

    Answer {
        headers = Map.copyOf(headers);
    }

    static Answer json(int status, Output json) {
        return new Answer(status, JSON, json.toBytes(), Map.of());
    }

    static Answer json(int status, Output json, Map<String, String> headers) {
        return new Answer(status, JSON, json.toBytes(), headers);
    }

    static Answer of(int status, String type, Bytes body) {
        return new Answer(status, type, body, Map.of());
    }
}
