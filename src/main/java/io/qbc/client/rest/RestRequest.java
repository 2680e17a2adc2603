package io.qbc.client.rest;

import io.qbc.client.transport.ApiRequest;
import io.qbc.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as HTTP has it, whichever HTTP client sends it: the client's own, or that of a command, which ends sooner
 * than Vert.x begins.
 *
 * @param uri the path with the query
 * @param fields of the header, without the credential
 */
public record RestRequest(String method, String uri, Map<String, String> fields, Optional<Bytes> body) {
    public static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";
    private static final String EVENTS = "text/event-stream";

    /** The form of a request whose answer is a JSON document. */
    public static RestRequest of(ApiRequest request) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Accept", JSON);
        if (request.body().isPresent()) {
            fields.put("Content-Type", JSON);
        }
        if (request.isWaitingWrite()) {
            fields.put("Prefer", "wait=" + request.waitSeconds());
        }
        fields.putAll(request.traceFields());
        return new RestRequest(request.verb().method(), request.uri(), fields, request.body());
    }

    /** The form of many transactions at once, each on a line. */
    public static RestRequest lines(ApiRequest inject, List<Bytes> lines) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        lines.forEach(line -> {
            body.writeBytes(line.toArray());
            body.write('\n');
        });
        Map<String, String> fields = new LinkedHashMap<>(inject.traceFields());
        fields.put("Content-Type", LINES);
        return new RestRequest(
                inject.verb().method(), inject.uri(), fields, Optional.of(Bytes.wrap(body.toByteArray())));
    }

    /**
     * The form of a stream of events.
     *
     * @param last the id of the event behind which it begins
     */
    public static RestRequest events(ApiRequest follow, Optional<String> last) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Accept", EVENTS);
        last.ifPresent(id -> fields.put("Last-Event-ID", id));
        return new RestRequest(follow.verb().method(), follow.uri(), fields, Optional.empty());
    }
}
