package io.qbc.client.request;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;

/**
 * The TLS settings of a client, for nodes at {@code https} addresses.
 *
 * @param trust who vouches for the nodes; nothing for those whom the JVM trusts
 * @param certificate what the client shows of itself
 */
public record ClientTls(Optional<TrustOptions> trust, Optional<KeyCertOptions> certificate) {
    /** Those vouch for nodes whom the JVM trusts. */
    public static final ClientTls SYSTEM = new ClientTls(Optional.empty(), Optional.empty());

    /** The certificates in a PEM file vouch for nodes. */
    public static ClientTls trusting(String pemFile) {
        return new ClientTls(Optional.of(new PemTrustOptions().addCertPath(pemFile)), Optional.empty());
    }

    /** The same, and the client shows a certificate of its own. */
    public ClientTls showing(String pemCertificate, String pemKey) {
        KeyCertOptions own = new PemKeyCertOptions().addCertPath(pemCertificate).addKeyPath(pemKey);
        return new ClientTls(trust, Optional.of(own));
    }
}
