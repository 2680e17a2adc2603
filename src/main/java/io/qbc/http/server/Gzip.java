package io.qbc.http.server;

import io.qbc.api.Answer;
import io.qbc.api.Problems;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A compressor of one answer (RFC 1952): what goes in comes out at once, so that a reader has all that was sent. */
final class Gzip implements AutoCloseable {
    /** A shorter answer is one packet either way. */
    private static final int WORTH_BYTES = 1024;

    private static final int SLACK_BYTES = 64;
    /** What is longer is compressed on a worker thread: the event loop has others to serve. */
    private static final int INLINE_BYTES = 16 * 1024;

    private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 4, (byte) 255};
    private static final Set<String> TYPES = Set.of(
            Answer.JSON,
            Problems.TYPE,
            MediaTypes.NDJSON,
            MediaTypes.CSV,
            MediaTypes.METRICS,
            MediaTypes.CBOR,
            MediaTypes.PICKLE);

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 sum = new CRC32();
    private long size;
    private boolean begun;

    private Gzip() {}

    /**
     * A compressor if the answer is worth it and the caller takes it; then the answer's fields say so. To be called
     * before its header is written.
     *
     * @param bytes how large it is, or its first piece
     */
    static Optional<Gzip> of(Exchange exchange, String type, int bytes) {
        if (bytes <= WORTH_BYTES || !TYPES.contains(type)) {
            return Optional.empty();
        }
        MultiMap headers = exchange.response().headers();
        headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (!isAccepted(exchange)) {
            return Optional.empty();
        }
        headers.set(HttpHeaders.CONTENT_ENCODING, GZIP);
        String tag = headers.get(HttpHeaders.ETAG);
        if (tag != null) {
            headers.set(HttpHeaders.ETAG, "W/" + tag);
        }
        return Optional.of(new Gzip());
    }

    /** Whether the caller takes a compressed answer (RFC 9110 section 12.5.3). */
    static boolean isAccepted(Exchange exchange) {
        String accept = String.join(",", exchange.headers(HttpHeaders.ACCEPT_ENCODING));
        return !accept.isEmpty() && MediaTypes.quality(accept.replace("*", "*/*"), "gzip") > 0;
    }

    /** The next piece, compressed. */
    Future<Buffer> piece(Buffer plain) {
        return aside(plain.length(), () -> write(plain, Deflater.SYNC_FLUSH));
    }

    /** The last piece. */
    Future<Buffer> end(Buffer plain) {
        return aside(plain.length(), () -> {
            deflater.finish();
            Buffer out = write(plain, Deflater.NO_FLUSH);
            return out.appendIntLE((int) sum.getValue()).appendIntLE((int) size);
        });
    }

    @Override
    public void close() {
        deflater.end();
    }

    private static Future<Buffer> aside(int bytes, Supplier<Buffer> work) {
        return bytes <= INLINE_BYTES
                ? Future.succeededFuture(work.get())
                : Vertx.currentContext().executeBlocking(work::get, false);
    }

    private Buffer write(Buffer plain, int flush) {
        byte[] in = plain.getBytes();
        sum.update(in);
        size += in.length;
        deflater.setInput(in);
        Buffer out = Buffer.buffer(in.length / 4 + HEADER.length);
        if (!begun) {
            begun = true;
            out.appendBytes(HEADER);
        }
        byte[] some = new byte[Math.min(INLINE_BYTES, in.length + SLACK_BYTES)];
        int made;
        do {
            made = deflater.deflate(some, 0, some.length, flush);
            out.appendBytes(some, 0, made);
        } while (made == some.length);
        return out;
    }
}
