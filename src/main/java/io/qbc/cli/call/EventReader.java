package io.qbc.cli.call;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** A reader of server-sent events (WHATWG HTML, section 9.2). */
public final class EventReader implements AutoCloseable {
    private final BufferedReader lines;
    private final Function<IOException, CallFailure> failure;

    /** @param failure what it is called when reading fails */
    EventReader(InputStream in, Function<IOException, CallFailure> failure) {
        this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.failure = failure;
    }

    /** A block of the stream; one without data only says where the stream is. */
    public record Event(String type, Optional<String> id, String data) {}

    /** The next block that says something; nothing at the end of the stream. */
    public Optional<Event> next() {
        String type = "";
        Optional<String> id = Optional.empty();
        StringBuilder data = new StringBuilder();
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (id.isPresent() || data.length() > 0) {
                        return Optional.of(new Event(type, id, data.toString()));
                    }
                    type = "";
                } else if (line.startsWith("event:")) {
                    type = value(line);
                } else if (line.startsWith("id:")) {
                    id = Optional.of(value(line));
                } else if (line.startsWith("data:")) {
                    data.append(data.length() > 0 ? "\n" : "").append(value(line));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw failure.apply(e);
        }
    }

    private static String value(String line) {
        String value = line.substring(line.indexOf(':') + 1);
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw failure.apply(e);
        }
    }
}
