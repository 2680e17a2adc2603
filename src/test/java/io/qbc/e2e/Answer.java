package io.qbc.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;

/** An HTTP answer, whole. */
public record Answer(int status, HttpHeaders headers, Bytes body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public String text() {
        return body.text();
    }

    /** The body as JSON; fails with the whole answer in the message when it is none. */
    public JsonNode json() {
        try {
            return JSON.readTree(text());
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + this, e);
        }
    }

    /** The one value of a header, or an empty text. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** This answer when it has the status; otherwise fails with the answer in the message. */
    public Answer expect(int expected) {
        if (status != expected) {
            throw new AssertionError("expected " + expected + " but got " + this);
        }
        return this;
    }

    @Override
    public String toString() {
        String text = text();
        return status + " " + headers.map() + " " + text.substring(0, Math.min(text.length(), 2000));
    }
}
