package io.qbc.client.rest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** A parser of server-sent events (WHATWG HTML, section 9.2), as far as nodes use them. */
final class EventParser {
    private static final int LINE_BYTES_MAX = 1 << 20;

    private final Consumer<Block> blocks;
    private final RecordParser lines;
    private String type = "";
    private Optional<String> id = Optional.empty();
    private final StringBuilder data = new StringBuilder();

    /**
     * What stands between two empty lines.
     *
     * @param data empty where a block tells of a place alone
     */
    record Block(String type, Optional<String> id, String data) {}

    EventParser(Consumer<Block> blocks) {
        this.blocks = blocks;
        this.lines = RecordParser.newDelimited("\n", this::line).maxRecordSize(LINE_BYTES_MAX);
    }

    void offer(Buffer chunk) {
        lines.handle(chunk);
    }

    private void line(Buffer line) {
        String text = line.toString(StandardCharsets.UTF_8);
        if (text.isEmpty()) {
            if (!data.isEmpty() || id.isPresent()) {
                blocks.accept(new Block(type, id, data.toString()));
            }
            type = "";
            id = Optional.empty();
            data.setLength(0);
            return;
        }
        int colon = text.indexOf(':');
        if (colon <= 0) {
            return;
        }
        String value = text.substring(text.startsWith(": ", colon) ? colon + 2 : colon + 1);
        switch (text.substring(0, colon)) {
            case "event" -> type = value;
            case "id" -> id = Optional.of(value);
            case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
            default -> {
                // When to come back is for the client's own pauses.
            }
        }
    }
}
