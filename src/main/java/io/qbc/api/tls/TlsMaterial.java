package io.qbc.api.tls;

import io.qbc.config.CertificateDemand;
import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.config.PemFile;
import io.qbc.config.PrivateFile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * The certificates and the key of a TLS server, read whole, so that a file that changes meanwhile changes nothing.
 *
 * @param leaf the server's own certificate
 */
public record TlsMaterial(Buffer chain, Buffer key, Optional<Buffer> clientCa, X509Certificate leaf) {
    /** What is refused is older, and broken (RFC 8996). */
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

    private static final List<String> APPLICATIONS = List.of("h2", "http/1.1");
    private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA", "Ed25519");
    private static final byte[] PROBE = {1};
    private static final String CERTIFICATE = "http.tls.certificate";
    private static final String KEY = "http.tls.key";
    private static final String CLIENT_CA = "http.tls.clientCa";

    /**
     * Reads the files and checks that the key belongs to the certificate, and that it has not ended. Blocks.
     *
     * @throws ConfigException with what is wrong
     */
    static TlsMaterial read(Vertx vertx, NodeConfig.Tls config, long now) {
        byte[] chain = PemFile.bytes(CERTIFICATE, config.certificate());
        Buffer key = Buffer.buffer(PemFile.bytes(KEY, config.key()));
        requirePrivate(config.key());
        X509Certificate leaf =
                PemFile.certificates(CERTIFICATE, config.certificate(), chain).get(0);
        if (leaf.getNotAfter().toInstant().toEpochMilli() <= now) {
            throw new ConfigException(
                    CERTIFICATE + " ended on " + leaf.getNotAfter().toInstant() + ", " + config.certificate());
        }
        requireMatch(vertx, Buffer.buffer(chain), key, config, leaf);
        return new TlsMaterial(Buffer.buffer(chain), key, clientCa(config), leaf);
    }

    private static void requirePrivate(String file) {
        try {
            PrivateFile.require(Path.of(file));
        } catch (IOException e) {
            throw new ConfigException(KEY + " must name a file that can be read, but " + file + " cannot: " + e);
        }
    }

    private static Optional<Buffer> clientCa(NodeConfig.Tls config) {
        if (config.clientCa().isEmpty()) {
            return Optional.empty();
        }
        byte[] authorities = PemFile.bytes(CLIENT_CA, config.clientCa());
        var unusedAuthorities = PemFile.certificates(CLIENT_CA, config.clientCa(), authorities);
        return Optional.of(Buffer.buffer(authorities));
    }

    private static void requireMatch(
            Vertx vertx, Buffer chain, Buffer key, NodeConfig.Tls config, X509Certificate leaf) {
        try {
            PrivateKey secret = secret(
                            new PemKeyCertOptions().addCertValue(chain).addKeyValue(key), vertx)
                    .orElseThrow(() -> new GeneralSecurityException("it has no key of EC, RSA or Ed25519"));
            if (!belong(secret, leaf)) {
                throw new GeneralSecurityException(
                        "it is not the key of " + leaf.getSubjectX500Principal().getName());
            }
        } catch (ConfigException e) {
            throw e;
        } catch (Exception e) {
            // Vert.x throws whatever its parsers do.
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            throw new ConfigException(
                    KEY + " must name the PEM file of the certificate's key, but " + config.key() + " is not: " + why);
        }
    }

    private static Optional<PrivateKey> secret(PemKeyCertOptions options, Vertx vertx) throws Exception {
        for (KeyManager manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
            if (manager instanceof X509KeyManager keys) {
                for (String type : KEY_TYPES) {
                    String[] aliases = keys.getServerAliases(type, null);
                    if (aliases != null && aliases.length > 0) {
                        return Optional.ofNullable(keys.getPrivateKey(aliases[0]));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Whether what one key signs the other verifies. */
    private static boolean belong(PrivateKey secret, X509Certificate leaf) throws GeneralSecurityException {
        String algorithm = switch (secret.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> secret.getAlgorithm();
        };
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(secret);
        signing.update(PROBE);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(leaf.getPublicKey());
        verifying.update(PROBE);
        return verifying.verify(signature);
    }

    /** What the server is to speak with. */
    public ServerSSLOptions options(CertificateDemand demand, Duration handshakeTimeout) {
        ServerSSLOptions options = new ServerSSLOptions()
                .setKeyCertOptions(new PemKeyCertOptions().addCertValue(chain).addKeyValue(key))
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setUseAlpn(true)
                .setApplicationLayerProtocols(APPLICATIONS)
                .setSslHandshakeTimeout(handshakeTimeout.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setClientAuth(
                        switch (demand) {
                            case NONE -> ClientAuth.NONE;
                            case REQUEST -> ClientAuth.REQUEST;
                            case REQUIRED -> ClientAuth.REQUIRED;
                        });
        clientCa.ifPresent(authorities -> options.setTrustOptions(new PemTrustOptions().addCertValue(authorities)));
        return options;
    }
}
