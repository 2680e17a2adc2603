package io.qbc.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Files of certificates in PEM form. Blocks. */
public final class PemFile {
    private PemFile() {}

    /**
     * The certificates of a file.
     *
     * @param key or flag that names the file, for messages
     */
    public static List<X509Certificate> certificates(String key, String file) {
        return certificates(key, file, bytes(key, file));
    }

    /** The same of what was read of the file. */
    public static List<X509Certificate> certificates(String key, String file, byte[] text) {
        try {
            List<X509Certificate> all =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(text))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!all.isEmpty()) {
                return all;
            }
        } catch (CertificateException e) {
            throw new ConfigException(
                    key + " must name a PEM file of certificates, but " + file + " is none: " + e.getMessage());
        }
        throw new ConfigException(key + " must name a PEM file of certificates, but " + file + " has none");
    }

    /** The bytes of a file. */
    public static byte[] bytes(String key, String file) {
        try {
            return Files.readAllBytes(ConfigReader.path(key, file, "configuration"));
        } catch (IOException e) {
            throw new ConfigException(key + " must name a file that can be read, but " + file + " cannot: " + e);
        }
    }
}
