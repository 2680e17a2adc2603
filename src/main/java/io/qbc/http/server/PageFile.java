package io.qbc.http.server;

import io.qbc.api.Answer;
import io.qbc.model.Bytes;
import io.qbc.model.Sha256;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A file of a page for people.
 *
 * @param type the media type
 * @param tag what names its content
 * @param compressed its bytes by gzip, where that makes them fewer
 */
public record PageFile(String type, String tag, Bytes plain, Optional<Bytes> compressed) {
    private static final int TAG_DIGITS = 32;
    private static final String GZIP = "gzip";
    private static final String VARY = HttpHeaders.VARY.toString();
    private static final String ENCODING = HttpHeaders.CONTENT_ENCODING.toString();
    private static final String TAG = HttpHeaders.ETAG.toString();

    /** Compresses as well as can be, which takes a while; it is done once a file. */
    public static PageFile of(String type, byte[] content) {
        Bytes plain = Bytes.wrap(content);
        Bytes packed = Bytes.wrap(gzip(content));
        String tag = Sha256.of(content, 0, content.length).hex().substring(0, TAG_DIGITS);
        return new PageFile(type, tag, plain, packed.size() < plain.size() ? Optional.of(packed) : Optional.empty());
    }

    /** What is compressed has other bytes under the same tag, which then is a weak one (RFC 9110 section 8.8.1). */
    Answer answer(boolean gzip) {
        if (gzip && compressed.isPresent()) {
            Map<String, String> fields =
                    Map.of(ENCODING, GZIP, VARY, HttpHeaders.ACCEPT_ENCODING.toString(), TAG, "W/\"" + tag + '"');
            return new Answer(200, type, compressed.get(), fields);
        }
        Map<String, String> fields =
                compressed.isEmpty() ? Map.of() : Map.of(VARY, HttpHeaders.ACCEPT_ENCODING.toString());
        return new Answer(200, type, plain, fields);
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(content.length / 3 + 64);
        try (Packer out = new Packer(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static final class Packer extends GZIPOutputStream {
        Packer(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
