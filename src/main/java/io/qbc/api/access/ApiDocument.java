package io.qbc.api.access;

import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The document that describes all routes, read from the jar at the first request. */
public final class ApiDocument {
    public static final Bytes BYTES = read();

    private static final String SERVERS = "\"servers\"";
    private static final String ROOT = "\"/\"";

    private ApiDocument() {}

    /** The document of a node that is seen below a path. */
    public static Bytes below(String basePath) {
        if (basePath.isEmpty()) {
            return BYTES;
        }
        String text = BYTES.text();
        int root = text.indexOf(ROOT, text.indexOf(SERVERS));
        return Bytes.utf8(text.substring(0, root) + '"' + basePath + '"' + text.substring(root + ROOT.length()));
    }

    private static Bytes read() {
        try (InputStream in = ApiDocument.class.getClassLoader().getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks openapi.json");
            }
            return Bytes.wrap(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
