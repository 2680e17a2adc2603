package io.qbc.http.legacy;

import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A body of the form {@code application/x-www-form-urlencoded} (WHATWG URL, section 5.1). Other than a browser's reader
 * it refuses what is malformed: what is kept for ever is what was meant.
 */
final class FormBody {
    private final byte[] text;

    FormBody(Bytes text) {
        this.text = text.toArray();
    }

    /** The field of this name, of which there may be one; a failure if the form is malformed. */
    Optional<String> field(String name) {
        Optional<String> found = Optional.empty();
        int from = 0;
        while (from <= text.length) {
            int end = find('&', from, text.length);
            int equals = find('=', from, end);
            String value = decoded(Math.min(equals + 1, end), end);
            if (decoded(from, equals).equals(name)) {
                if (found.isPresent()) {
                    throw new Failure(Reason.REQUEST_INVALID, "the form has more than one field " + name);
                }
                found = Optional.of(value);
            }
            from = end + 1;
        }
        return found;
    }

    /** Where the character is, or where the text ends. */
    private int find(char wanted, int from, int end) {
        int at = from;
        while (at < end && text[at] != wanted) {
            at++;
        }
        return at;
    }

    private String decoded(int from, int end) {
        byte[] bytes = new byte[end - from];
        int size = 0;
        for (int at = from; at < end; at++) {
            if (text[at] == '%') {
                int high = end - at > 2 ? Character.digit(text[at + 1], 16) : -1;
                int low = end - at > 2 ? Character.digit(text[at + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw malformed();
                }
                bytes[size++] = (byte) (high << 4 | low);
                at += 2;
            } else {
                bytes[size++] = text[at] == '+' ? (byte) ' ' : text[at];
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Arrays.copyOf(bytes, size)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static Failure malformed() {
        return new Failure(Reason.REQUEST_INVALID, "the form is malformed");
    }
}
