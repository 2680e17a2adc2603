package io.qbc.api;

import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The software bill of materials, CycloneDX JSON that the build puts where scanners of jars look for one. */
public final class Sbom {
    /** Its media type. */
    public static final String TYPE = "application/vnd.cyclonedx+json";

    private static final String FILE = "META-INF/sbom/application.cdx.json";

    private Sbom() {}

    /** Read at the first need. */
    private static final class Shipped {
        static final Optional<Bytes> DOCUMENT = read();
    }

    /** The document; nothing where the program was not packed by the build. */
    public static Optional<Bytes> find() {
        return Shipped.DOCUMENT;
    }

    private static Optional<Bytes> read() {
        try (InputStream in = Sbom.class.getClassLoader().getResourceAsStream(FILE)) {
            return in == null ? Optional.empty() : Optional.of(Bytes.wrap(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
