package io.qbc;

import io.qbc.cli.TlsCommand.Made;
import io.qbc.config.CertificateDemand;
import io.qbc.config.NodeConfig;
import io.qbc.config.PemFile;
import io.qbc.config.PrivateFile;
import io.qbc.node.SelfSignedCertificate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates for tests, in the files of a node, and callers that trust them. */
public final class TrialTls {
    private static final char[] PASSWORD = "unused".toCharArray();

    private final Path directory;
    private long written;

    public TrialTls(Path directory) {
        this.directory = directory;
    }

    /** A certificate for some days from now on. */
    public static Made made(int days, String... names) {
        Instant now = Instant.now();
        return SelfSignedCertificate.make(
                List.of(names), now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(days)));
    }

    public String certificate() {
        return directory.resolve("tls.crt").toString();
    }

    public String key() {
        return directory.resolve("tls.key").toString();
    }

    /** Puts a certificate and a key into the files. */
    public Made put(Made made) throws IOException {
        write(Path.of(key()), made.key());
        write(Path.of(certificate()), made.certificate());
        return made;
    }

    /** Each version has a time of its own, however coarse those of the file system are. */
    public void write(Path file, String text) throws IOException {
        PrivateFile.write(file, text);
        written++;
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_800_000_000L + written)));
    }

    /** What a node is to have in its configuration; with authorities callers are asked for certificates. */
    public NodeConfig.Tls config(CertificateDemand demand, String... authorities) throws IOException {
        Path clientCa = directory.resolve("client-ca.crt");
        if (authorities.length > 0) {
            write(clientCa, String.join("", authorities));
        }
        return new NodeConfig.Tls(certificate(), key(), demand, authorities.length > 0 ? clientCa.toString() : "");
    }

    public static X509Certificate certificate(Made made) {
        return PemFile.certificates("test", "test", made.certificate().getBytes(StandardCharsets.US_ASCII))
                .get(0);
    }

    /** A caller that trusts these nodes, and shows a certificate if it has one. */
    public static HttpClient client(HttpClient.Version version, Optional<Made> own, Made... trusted) {
        return HttpClient.newBuilder()
                .version(version)
                .connectTimeout(Patience.ANSWER)
                .sslContext(context(own, trusted))
                .build();
    }

    public static SSLContext context(Optional<Made> own, Made... trusted) {
        try {
            KeyStore authorities = empty();
            for (int i = 0; i < trusted.length; i++) {
                authorities.setCertificateEntry("a" + i, certificate(trusted[i]));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            KeyStore keys = empty();
            if (own.isPresent()) {
                keys.setKeyEntry("own", secret(own.get()), PASSWORD, new Certificate[] {certificate(own.get())});
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static PrivateKey secret(Made made) throws GeneralSecurityException {
        String base64 = made.key().replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
