package io.qbc.cli;

import io.qbc.config.ConfigException;
import io.qbc.config.PemFile;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Whom a command trusts to vouch for the node that it asks: the authorities of a PEM file, or those that the JVM knows.
 * The node's own certificate can stand in such a file too.
 */
public final class Trust {
    public static final String FLAG = "--ca";

    /** The authorities that the JVM knows. */
    static final Trust SYSTEM = new Trust(Optional.empty());

    private static final String VARIABLE = "QBC_CA";
    /** Where the node runs with the same environment. */
    private static final String CERTIFICATE = "QBC_HTTP_TLS_CERTIFICATE";

    private final Optional<SSLSocketFactory> sockets;

    private Trust(Optional<SSLSocketFactory> sockets) {
        this.sockets = sockets;
    }

    /** The flag, which names a file. */
    public static OptionSpec option() {
        return OptionSpec.builder(FLAG)
                .paramLabel("FILE")
                .type(String.class)
                .arity("1")
                .description("A PEM file of who may vouch for the node at an https address, or of its own certificate;"
                        + " default " + VARIABLE + " if it is set, else whom the JVM trusts.")
                .build();
    }

    /** Whom the parsed flag names, or else the environment, for a command that has {@link NodeUrl#option}. */
    public static Trust read(CommandSpec spec, Map<String, String> environment) {
        return read(spec.findOption(NodeUrl.FLAG).getValue(), spec, environment);
    }

    /** Whom the parsed flag names, or else the environment, where a node is asked over TLS. */
    static Trust read(String url, CommandSpec spec, Map<String, String> environment) {
        Optional<String> flag = Optional.ofNullable(spec.findOption(FLAG).getValue());
        if (!url.toLowerCase(Locale.ROOT).startsWith("https:")) {
            return SYSTEM;
        }
        Optional<String> file = flag.or(() -> set(environment, VARIABLE)).or(() -> set(environment, CERTIFICATE));
        return file.map(name -> of(PemFile.certificates(flag.isPresent() ? FLAG : VARIABLE, name)))
                .orElse(SYSTEM);
    }

    /** Whether the environment is that of a node with TLS. */
    static boolean isSecured(Map<String, String> environment) {
        return set(environment, CERTIFICATE).isPresent();
    }

    private static Optional<String> set(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
    }

    private static Trust of(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority" + i, authorities.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return new Trust(Optional.of(context.getSocketFactory()));
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException("this JVM has no TLS: " + e);
        }
    }

    /** Has a connection trust them, if it is one over TLS. */
    public void apply(HttpURLConnection connection) {
        if (connection instanceof HttpsURLConnection secured) {
            sockets.ifPresent(secured::setSSLSocketFactory);
        }
    }
}
