package io.qbc.projection.sql;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;

/** Rows in the text format of PostgreSQL's COPY, in UTF-8. */
final class CopyText {
    /** As PostgreSQL itself has it for a text that it cannot store. */
    private static final String NOT_IN_REPERTOIRE = "22021";

    private final CharsetEncoder utf8 = StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringBuilder line = new StringBuilder();

    /** Adds a row; an {@link SQLException} says that a value cannot be stored. */
    void add(List<Object> row) throws SQLException {
        line.setLength(0);
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                line.append('\t');
            }
            value(row.get(i));
        }
        line.append('\n');
        try {
            ByteBuffer bytes = utf8.encode(CharBuffer.wrap(line));
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } catch (CharacterCodingException e) {
            throw new SQLException(
                    "a text has half of a surrogate pair, which no database stores", NOT_IN_REPERTOIRE, e);
        }
    }

    private void value(Object value) throws SQLException {
        if (value == null) {
            line.append("\\N");
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof byte[] bytes) {
            line.append("\\\\x").append(HexFormat.of().formatHex(bytes));
        } else if (value instanceof Boolean flag) {
            line.append(flag ? 't' : 'f');
        } else if (value instanceof OffsetDateTime time) {
            line.append(time.toInstant());
        } else {
            line.append(value);
        }
    }

    private void text(String text) throws SQLException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case 0 ->
                    throw new SQLException(
                            "a text has a character of code 0, which databases do not store", NOT_IN_REPERTOIRE);
                default -> line.append(c);
            }
        }
    }

    int size() {
        return out.size();
    }

    /** What was added since the last time. */
    byte[] take() {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }
}
