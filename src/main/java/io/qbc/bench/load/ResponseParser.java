package io.qbc.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Collects one HTTP/1.1 response after another on a connection without pipelining. */
public final class ResponseParser {
    private static final int CHUNKED = -1;

    private byte[] buffer = new byte[2048];
    private int size;
    private int searched;
    private int bodyAt;
    private int length;
    private int chunkAt;
    private int status;
    private boolean retryAfter;
    private boolean closing;

    /** Forgets the last response. */
    void reset() {
        size = 0;
        searched = 0;
        bodyAt = 0;
        status = 0;
        retryAfter = false;
    }

    /** Takes in what was read; true once the response is whole. */
    boolean take(ByteBuffer in) {
        int more = in.remaining();
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
        }
        in.get(buffer, size, more);
        size += more;
        if (bodyAt == 0 && !head()) {
            return false;
        }
        return length == CHUNKED ? lastChunk() : size >= bodyAt + length;
    }

    private boolean head() {
        for (int i = searched; i + 3 < size; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                bodyAt = i + 4;
                chunkAt = bodyAt;
                fields(new String(buffer, 0, i, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
                return true;
            }
        }
        searched = Math.max(0, size - 3);
        return false;
    }

    private void fields(String head) {
        status = Integer.parseInt(head, 9, 12, 10);
        retryAfter = head.contains("\r\nretry-after:");
        closing = head.contains("\r\nconnection: close");
        String name = "\r\ncontent-length:";
        int at = head.indexOf(name);
        if (at >= 0) {
            int end = head.indexOf('\r', at + 2);
            length = Integer.parseInt(head.substring(at + name.length(), end < 0 ? head.length() : end)
                    .trim());
        } else {
            length = head.contains("\r\ntransfer-encoding: chunked") ? CHUNKED : 0;
        }
    }

    /** Walks on over the chunks that are there; true behind the last. */
    private boolean lastChunk() {
        while (true) {
            int end = line(chunkAt);
            if (end < 0) {
                return false;
            }
            int chunk = Integer.parseInt(new String(buffer, chunkAt, end - chunkAt, StandardCharsets.ISO_8859_1), 16);
            if (chunk == 0) {
                return size >= end + 4;
            }
            if (size < end + 2 + chunk + 2) {
                return false;
            }
            chunkAt = end + 2 + chunk + 2;
        }
    }

    private int line(int from) {
        for (int i = from; i + 1 < size; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    public int status() {
        return status;
    }

    boolean retryAfter() {
        return retryAfter;
    }

    /** Whether the server said that it closes the connection after this response. */
    boolean closing() {
        return closing;
    }

    /** The whole response's body as text. */
    public String body() {
        if (length != CHUNKED) {
            return new String(buffer, bodyAt, length, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(size - bodyAt);
        int at = bodyAt;
        while (true) {
            int end = line(at);
            int chunk = Integer.parseInt(new String(buffer, at, end - at, StandardCharsets.ISO_8859_1), 16);
            if (chunk == 0) {
                return text.toString();
            }
            text.append(new String(buffer, end + 2, chunk, StandardCharsets.ISO_8859_1));
            at = end + 2 + chunk + 2;
        }
    }
}
